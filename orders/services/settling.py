"""Tell the promises what happened to an order: the complete list of facts, every time."""

from __future__ import annotations

from datetime import datetime

from orders.models import Order, Review, ShipmentLine
from portal.promises.services import promises_settle
from portal.promises.types import Fact


def order_settle(order: Order, *, now: datetime) -> None:
    """Settle `ship` by hand-overs, the delivery promises by deliveries; cancelled pieces leave all of them."""
    gone = list(
        ShipmentLine.objects.filter(shipment__order=order)
        .select_related("shipment")
        .order_by("shipment__shipped_at", "pk")
    )
    shipped = [Fact(str(one.line_id), one.quantity, one.shipment.shipped_at) for one in gone]
    delivered = [
        Fact(str(one.line_id), one.quantity, one.shipment.delivered_at) for one in gone if one.shipment.delivered_at
    ]
    cancelled = {str(line.pk): line.cancelled for line in order.lines.all() if line.cancelled}
    for policy, facts in (("ship", shipped), ("dealer-delivery", delivered), ("agreed-delivery", delivered)):
        promises_settle(
            subject_kind="order", subject=order.number, policy=policy, facts=facts, cancelled=cancelled, now=now
        )
    if any(line.review != Review.NONE for line in order.lines.all()):
        review_settle(order, now=now)


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
