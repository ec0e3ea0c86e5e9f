"""Tell the promises what happened to an order: the complete list of facts, every time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from orders.models import Order, OrderLine, Review, ShipmentLine
from orders.services.planning import AGREED, DEALER, SHIP
from portal.errors import Code, refusal
from portal.promises.selectors import promised_pieces, promises_broken, shown_pieces
from portal.promises.services import promises_settle
from portal.promises.types import Fact


def order_settle(order: Order, *, now: datetime) -> None:
    """Settle `ship` by hand-overs, the delivery promises by deliveries; cancelled pieces leave all of them.

    A day of delivery that was lost (the money came too late for it) leaves what had only been shown of it.
    """
    gone = list(
        ShipmentLine.objects.filter(shipment__order=order)
        .select_related("shipment")
        .order_by("shipment__shipped_at", "pk")
    )
    shipped = [Fact(str(one.line_id), one.quantity, one.shipment.shipped_at) for one in gone]
    delivered = [
        Fact(str(one.line_id), one.quantity, one.shipment.delivered_at) for one in gone if one.shipment.delivered_at
    ]
    lines = list(order.lines.all())
    promised = promised_pieces("order", order.number)
    for policy, facts in ((SHIP, shipped), (DEALER, delivered), (AGREED, delivered)):
        cancelled = _cancelled(lines, promised.get(policy, {}))
        if policy == AGREED and promised.get(AGREED) and order.deliver_on is None:
            lost = shown_pieces("order", order.number).get(AGREED, {})
            cancelled |= {ref: max(quantity, cancelled.get(ref, 0)) for ref, quantity in lost.items()}
        promises_settle(
            subject_kind="order", subject=order.number, policy=policy, facts=facts, cancelled=cancelled, now=now
        )
    if any(line.review != Review.NONE for line in lines):
        review_settle(order, now=now)


def _cancelled(lines: Sequence[OrderLine], promised: Mapping[str, int]) -> dict[str, int]:
    """Pieces that were promised and then cancelled; what was cancelled before the promise it never named."""
    gone = {str(line.pk): promised.get(str(line.pk), 0) - (line.quantity - line.cancelled) for line in lines}
    return {ref: quantity for ref, quantity in gone.items() if quantity > 0}


def review_settle(order: Order, *, now: datetime) -> None:
    """The review promise ends when its last line is decided or cancelled."""
    lines = list(order.lines.select_related("decision").exclude(review=Review.NONE))
    decided = [
        Fact(str(one.pk), one.quantity - one.cancelled, one.decision.decided_at)
        for one in lines
        if one.review == Review.DONE and one.decision
    ]
    cancelled = {str(one.pk): one.cancelled for one in lines if one.cancelled}
    promises_settle(
        subject_kind="order",
        subject=order.number,
        policy="coverage-review",
        facts=[fact for fact in decided if fact.quantity],
        cancelled=cancelled,
        now=now,
    )


def evidence_needed(order: Order, *, at: datetime, now: datetime, evidence: str, field: str) -> None:
    """A moment of an earlier day that would mend a broken promise needs proof with it (rules.md section 1).

    Raises INVALID (`field`): the tracking number of a hand-over, the name of who received a delivery, a payment's note.
    """
    earlier = at.astimezone(ZoneInfo(order.company.zone)).date() < now.astimezone(ZoneInfo(order.company.zone)).date()
    if earlier and not evidence.strip() and promises_broken("order", order.number, since=at):
        raise refusal(Code.INVALID, field, "evidence")
