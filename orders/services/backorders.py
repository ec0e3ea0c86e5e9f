"""Waiting lines before new buyers: what arrives or becomes free fills them in their turn, whatever receipt they had held."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import F, Max

from catalog.rules.stock import Want
from catalog.selectors.stock import market_warehouses, receipts_open
from catalog.services.stock import Held, levels_lock, stock_hold, stock_release
from orders.models import LineHold, OrderLine
from orders.rules.turn import turn_key, turn_type
from orders.services.events import event_write
from portal.accounts.actor import SYSTEM
from portal.notices.services import notice_send


@dataclass(frozen=True)
class Waiting:
    """A line and how many pieces it waits for."""

    line: OrderLine
    quantity: int


def backorders_fill(*, part_ids: Collection[int], now: datetime) -> None:
    """Hand free pieces of these parts to the lines that wait for them."""
    waiting_refill(waiting_lift(part_ids), now=now)


def parts_wanted(part_ids: Collection[int]) -> set[int]:
    """Those of these parts that some line is still to get pieces of. Of all others nothing needs to be looked at."""
    lines = OrderLine.objects.filter(part_id__in=part_ids, quantity__gt=F("cancelled") + F("shipped"))
    return set(lines.values_list("part_id", flat=True))


def waiting_lift(part_ids: Collection[int]) -> list[Waiting]:
    """Take every hold on expected goods of these parts back for a moment; answers who waits, in turn.

    The caller changes the stock and then gives it out again with `waiting_refill`, in one transaction.
    """
    levels_lock(part_ids)
    holds = list(LineHold.objects.filter(line__part_id__in=part_ids).select_related("line"))
    coming = [one for one in holds if one.receipt_id is not None]
    stock_release(held=[_held(one) for one in coming])
    LineHold.objects.filter(pk__in=[one.pk for one in coming]).delete()
    shelved: dict[int, int] = {}
    for one in holds:
        if one.receipt_id is None:
            shelved[one.line_id] = shelved.get(one.line_id, 0) + one.quantity
    lines = OrderLine.objects.filter(part_id__in=part_ids, quantity__gt=F("cancelled") + F("shipped")).select_related(
        "order", "part"
    )
    waiting = [Waiting(line, line.open_quantity - shelved.get(line.pk, 0)) for line in lines]
    return sorted((one for one in waiting if one.quantity > 0), key=_turn)


def waiting_refill(waiting: Sequence[Waiting], *, now: datetime) -> None:
    """Give out in turn: first the shelf to all, then what is expected to those still waiting."""
    left: dict[int, int] = {}
    for one in waiting:
        held, short = _hold(one.line, one.quantity, None)
        left[one.line.pk] = sum(short.values())
        if held:
            pieces = sum(part.quantity for part in held)
            event_write(
                order=one.line.order,
                kind="filled",
                at=now,
                actor=SYSTEM,
                data={"line": one.line.position, "quantity": pieces},
            )
    last = receipts_open({one.line.part_id for one in waiting}).aggregate(last=Max("expected_on"))["last"]
    for one in waiting:
        if left[one.line.pk] and last:
            _, short = _hold(one.line, left[one.line.pk], last)
            left[one.line.pk] = sum(short.values())
        if left[one.line.pk]:
            _tell_short(one.line, left[one.line.pk], now)
        _tell_moved(one.line, now)


def _hold(line: OrderLine, quantity: int, accept: date | None) -> tuple[list[Held], dict[str, int]]:
    warehouses = [warehouse.pk for warehouse in market_warehouses(line.order.market)]
    held, short = stock_hold(wants=[Want(str(line.pk), line.part_id, quantity, accept)], warehouses=warehouses)
    LineHold.objects.bulk_create(
        [
            LineHold(
                line=line,
                warehouse_id=one.warehouse_id,
                quantity=one.quantity,
                receipt_id=one.receipt_id,
                expected_on=one.expected_on,
            )
            for one in held
        ]
    )
    return held, short


def _tell_short(line: OrderLine, quantity: int, now: datetime) -> None:
    """A line left without any source is a person's business at once; the next receipt fills it first."""
    notice_send(
        company_id=None, role="PARTS_MANAGER", kind="line.short", subject_kind="order", subject=line.order.number,
        data={"line": line.position, "partNumber": line.part.number, "quantity": quantity},
        key=f"line.short:{line.pk}:{quantity}", now=now,
    )  # fmt: skip


def _turn(one: Waiting) -> tuple[object, ...]:
    line, order = one.line, one.line.order
    counts_as = turn_type(order_type=order.type, payer=line.payer, has_machine=line.equipment_id is not None)
    return turn_key(order_type=counts_as, cleared_at=line.cleared_at, placed_at=order.placed_at, line_id=line.pk)


def _tell_moved(line: OrderLine, now: datetime) -> None:
    """Somebody with an earlier turn took what the line waited for: the buyer hears the new day at once."""
    day = LineHold.objects.filter(line=line).aggregate(last=Max("expected_on"))["last"]
    if day is None or line.expected_on is None or day <= line.expected_on:
        return
    line.expected_on = day
    line.save(update_fields=["expected_on"])
    event_write(
        order=line.order,
        kind="moved",
        at=now,
        actor=SYSTEM,
        data={"line": line.position, "expectedOn": day.isoformat()},
    )
    notice_send(
        company_id=line.order.company_id, role=None, kind="line.moved", subject_kind="order", subject=line.order.number,
        data={"line": line.position, "partNumber": line.part.number, "expected_on": day.isoformat()},
        key=f"line.moved:{line.pk}:{day}", now=now,
    )  # fmt: skip


def _held(hold: LineHold) -> Held:
    return Held(
        str(hold.line_id), hold.line.part_id, hold.warehouse_id, hold.quantity, hold.receipt_id, hold.expected_on
    )
