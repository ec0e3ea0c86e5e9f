"""What comes back: announced, expected, received."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import F, Sum

from catalog.services.stock import Movement, stock_post
from orders.models import AccountKind, EntryKind, Order, OrderLine, Return, ReturnReason, ReturnState
from orders.rules.ledger import returned
from orders.rules.money import ZERO
from orders.rules.returns import last_return_day, restocking_rate
from orders.selectors.money_policy import money_policy
from orders.selectors.orders import order_locked, return_find
from orders.services.advancing import order_advance
from orders.services.backorders import waiting_lift, waiting_refill
from orders.services.booking import line_money
from orders.services.cores import core_receive, core_with_goods
from orders.services.events import actor_name, event_write
from orders.services.issuing import Worth, return_paper_issue
from orders.services.ledger import Fact, entry_post
from orders.services.texts import text_read
from portal.accounts.actor import Actor
from portal.accounts.models import CompanyKind, Role
from portal.accounts.references import reference_claim
from portal.errors import Code, refusal
from portal.money import quantise
from portal.notices.services import notice_send
from warranty.services.cards import card_line_sent_back

_OLD_UNITS = (ReturnReason.OLD_PART, ReturnReason.CORE)
_INTO_STOCK = (ReturnReason.UNUSED, ReturnReason.CHANGE_OF_MIND, ReturnReason.WRONG_PART)


@dataclass(frozen=True)
class ReturnLine:
    """Pieces of an order line that shall come back."""

    line_id: int
    quantity: int
    note: str = ""


@transaction.atomic
def return_create(
    *,
    actor: Actor,
    order_id: int,
    lines: Sequence[ReturnLine],
    reason: str,
    now: datetime,
    reference: str | None = None,
) -> list[Return]:
    """Announce a return; one row a line. Raises TOO_LATE after its window, INVALID beyond what was delivered."""
    actor.need(Role.BUYER, Role.COMPANY_ADMIN, Role.PARTS_MANAGER, Role.SERVICE_DESK)
    claim = reference_claim(
        company_id=actor.company_id,
        operation="return",
        reference=reference,
        body={"order": order_id, "lines": lines, "reason": reason},
    )
    if claim.made:
        first = Return.objects.get(pk=claim.made)
        return list(
            Return.objects.filter(line__order=first.line.order, created_at=first.created_at, reason=reason).order_by(
                "pk"
            )
        )
    order = order_locked(actor, order_id)
    if reason == ReturnReason.OLD_PART or (reason == ReturnReason.IN_STORE and not actor.is_system) or not lines:
        raise refusal(Code.INVALID, "reason" if lines else "lines", "old_part" if lines else "missing")
    own = {line.pk: line for line in order.lines.all()}
    rows = [_announce(order, own, place, one, reason, now) for place, one in enumerate(lines)]
    event_write(
        order=order,
        kind="return.announced",
        at=now,
        actor=actor,
        data={"reason": reason, "returns": [row.pk for row in rows]},
    )
    claim.bind(rows[0].pk)
    return rows


def _announce(
    order: Order, own: dict[int, OrderLine], place: int, one: ReturnLine, reason: str, now: datetime
) -> Return:
    line = own.get(one.line_id)
    if line is None:
        raise refusal(Code.NOT_FOUND, f"lines[{place}].line")
    if reason == ReturnReason.CORE and line.core_due:
        raise refusal(Code.INVALID, "reason", "core_expected")
    left = _left(line, reason)
    if left < 1:
        raise refusal(Code.WRONG_STATE, f"lines[{place}].line", "nothing_to_return")
    if not 1 <= one.quantity <= left:
        raise refusal(Code.INVALID, f"lines[{place}].quantity", "quantity", limit=left)
    _in_time(order, line, reason, now, place)
    note = text_read(one.note, f"lines[{place}].note", needed=False)
    return Return.objects.create(line=line, reason=reason, quantity=one.quantity, note=note, created_at=now)


def _left(line: OrderLine, reason: str) -> int:
    """Pieces that may still be announced; old units are counted for themselves."""
    rows = Return.objects.filter(line=line)
    if reason == ReturnReason.CORE:
        said = rows.filter(reason=reason).exclude(state=ReturnState.CANCELLED)
        return line.shipped - (said.aggregate(sum=Sum("quantity"))["sum"] or 0)
    said = rows.filter(state=ReturnState.EXPECTED).exclude(reason__in=_OLD_UNITS)
    return line.shipped - line.returned - (said.aggregate(sum=Sum(F("quantity") - F("received")))["sum"] or 0)


def _in_time(order: Order, line: OrderLine, reason: str, now: datetime, place: int) -> None:
    delivered = (
        line.shipment_lines.filter(shipment__delivered_at__isnull=False).order_by("-shipment__delivered_at").first()
    )
    if delivered is None or delivered.shipment.delivered_at is None:
        return  # on its way: no window runs before the delivery
    zone = ZoneInfo(order.company.zone)
    last = last_return_day(
        reason=reason,
        delivered_on=delivered.shipment.delivered_at.astimezone(zone).date(),
        market=order.market,
        is_dealer=order.company.kind == CompanyKind.DEALER,
    )
    if last is not None and now.astimezone(zone).date() > last:
        raise refusal(Code.TOO_LATE, f"lines[{place}]", "return_window", lastDay=last.isoformat())


@transaction.atomic
def return_receive(
    *,
    actor: Actor,
    return_id: int,
    now: datetime,
    quantity: int | None = None,
    condition: str = "",
    saleable: bool = True,
    good: bool = True,
) -> Return:
    """Book what came back. Unused parts the receiver finds `saleable` fill who waits; old and broken ones never enter stock.

    The core deposit of an old unit is given back when it is `good` and in time, else kept.
    """
    actor.need(Role.PARTS_MANAGER, Role.SERVICE_DESK)
    found = return_find(actor, return_id)
    order = order_locked(actor, found.line.order_id)
    row = Return.objects.select_related("line").get(pk=found.pk)
    left = row.quantity - row.received
    pieces = left if quantity is None else quantity
    if row.state != ReturnState.EXPECTED:
        raise refusal(Code.WRONG_STATE, "return", state=row.state)
    if not 1 <= pieces <= left:
        raise refusal(Code.INVALID, "quantity", "quantity", limit=left)
    row.received += pieces
    row.refused += 0 if good or row.reason != ReturnReason.CORE else pieces
    row.condition = text_read(condition, "condition", most=200, needed=False) or row.condition
    if row.received == row.quantity:
        row.state, row.received_at = ReturnState.RECEIVED, now
    row.save()
    _book(order, row, pieces, now, actor, saleable=saleable, good=good)
    event_write(
        order=order,
        kind="return.received",
        at=now,
        actor=actor,
        data={"return": row.pk, "reason": row.reason, "quantity": pieces},
    )
    return row


def _book(order: Order, row: Return, pieces: int, now: datetime, actor: Actor, *, saleable: bool, good: bool) -> None:
    """Goods of the order count as returned; the old part was never ours to count."""
    if row.reason == ReturnReason.CORE:
        core_receive(order, row, pieces, good=good, now=now, actor=actor)
    if row.reason in _OLD_UNITS:
        return
    line = row.line
    line.returned += pieces
    line.save(update_fields=["returned"])
    if line.card_id:
        card_line_sent_back(order_line_ref=str(line.pk), quantity=pieces)
    if saleable and row.reason in _INTO_STOCK:
        _into_stock(row, pieces, now, actor)
    _credit(order, row, pieces, now, actor)  # last: levels are locked before a company's money


def _credit(order: Order, row: Return, pieces: int, now: datetime, actor: Actor) -> None:
    """What came back is credited to the order; a dealer's change of mind costs the restocking fee (rules.md section 5)."""
    line, on = row.line, now.astimezone(ZoneInfo(order.company.zone)).date()
    is_dealer = order.company.kind == CompanyKind.DEALER
    rate = restocking_rate(
        reason=row.reason, is_dealer=is_dealer, dealer_rate=money_policy(order.market, on).restocking_rate
    )
    worth = returned(
        line_money(line), before=line.returned - pieces, pieces=pieces, fee_rate=rate, currency=order.currency
    )
    sides = {
        AccountKind.GOODS: worth.goods,
        AccountKind.TAX: worth.tax - worth.fee_tax,
        AccountKind.RESTOCKING: -worth.fee,
        AccountKind.RECEIVABLE: -worth.credited,
    }
    fact = Fact(
        f"return:{row.pk}:{row.received}", EntryKind.RETURNED, order.company_id, order.currency, now, order,
        reason=row.reason,
    )  # fmt: skip
    if entry_post(fact, sides, actor=actor, now=now):
        core = core_with_goods(order, row, pieces, now=now, actor=actor)
        worths = [Worth(pieces, worth), *([core] if core else [])]
        credited = sum((one.returned.credited for one in worths), ZERO)
        order_advance(order=order, at=now, now=now, actor=actor)
        return_paper_issue(order, row, worths, now=now)
        notice_send(
            company_id=order.company_id, role=None, kind="return.credited", subject_kind="order", subject=order.number,
            data={"quantity": pieces, "amount": str(quantise(credited, order.currency)), "fee": str(quantise(worth.fee + worth.fee_tax, order.currency)), "currency": order.currency},
            key=f"return.credited:{fact.key}", now=now,
        )  # fmt: skip


def _into_stock(row: Return, pieces: int, now: datetime, actor: Actor) -> None:
    """Back on the shelf it left, and from there to who waits."""
    last = row.line.shipment_lines.select_related("shipment").order_by("-pk").first()
    if last is None:
        return
    waiting = waiting_lift([row.line.part_id])
    reference = f"return:{row.pk}:{row.received}"
    movement = Movement(row.line.part_id, last.shipment.warehouse_id, pieces, "RETURN", reference)
    stock_post(movements=[movement], now=now, actor=actor_name(actor))
    waiting_refill(waiting, now=now)
