"""Which held pieces a shipment takes; shipping from another warehouse moves the hold there first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from catalog.models import Warehouse
from catalog.rules.stock import Want
from catalog.services.stock import Held, levels_lock, stock_hold, stock_release
from orders.models import LineHold, Order, OrderLine
from portal.errors import Code, refusal


@dataclass
class Pick:
    """`quantity` pieces of a line out of one hold on a shelf."""

    line: OrderLine
    hold: LineHold
    quantity: int


def picks_for(*, order: Order, wanted: Mapping[int, int] | None, place: Warehouse | None) -> list[Pick]:
    """The picks for `wanted` (line id to pieces; None: all that is on the shelf and cleared), from `place` if it is named.

    Raises WRONG_STATE for a line whose clock does not run or whose pieces are not there yet.
    """
    lines = list(order.lines.select_related("part").order_by("position"))
    if wanted is None:
        chosen = {line: line.open_quantity for line in lines if line.cleared_at and line.open_quantity}
    else:
        chosen = {line: wanted[line.pk] for line in lines if line.pk in wanted}
        _cleared(list(chosen))
    levels_lock([line.part_id for line in chosen])  # first the lock, then the look: a receipt may be moving these holds
    holds = _holds(list(chosen))
    if place is not None and wanted is not None:
        _move_to(place, chosen, holds)
    picks = [pick for line, quantity in chosen.items() for pick in _pick(line, quantity, holds.get(line.pk, []), place)]
    if wanted is not None:
        _all_there(chosen, picks)
    return picks


def _cleared(lines: Sequence[OrderLine]) -> None:
    for line in lines:
        if line.cleared_at is None:
            raise refusal(Code.WRONG_STATE, "lines", "not_cleared", line=line.position)


def _holds(lines: Sequence[OrderLine]) -> dict[int, list[LineHold]]:
    holds: dict[int, list[LineHold]] = {}
    for hold in LineHold.objects.filter(line__in=lines, receipt=None).select_related("warehouse").order_by("pk"):
        holds.setdefault(hold.line_id, []).append(hold)
    return holds


def _pick(line: OrderLine, quantity: int, holds: Sequence[LineHold], place: Warehouse | None) -> list[Pick]:
    picks = []
    for hold in holds:
        if place is not None and hold.warehouse_id != place.pk:
            continue
        pieces = min(quantity, hold.quantity)
        if pieces:
            picks.append(Pick(line, hold, pieces))
            quantity -= pieces
    return picks


def _all_there(chosen: Mapping[OrderLine, int], picks: Sequence[Pick]) -> None:
    for line, quantity in chosen.items():
        there = sum(pick.quantity for pick in picks if pick.line is line)
        if there < quantity:
            raise refusal(
                Code.OUT_OF_STOCK, "lines", "not_on_shelf", line=line.position, partNumber=line.part.number, there=there
            )


def _move_to(place: Warehouse, chosen: Mapping[OrderLine, int], holds: dict[int, list[LineHold]]) -> None:
    """Move what the lines hold on other shelves to `place`, as far as it has free pieces."""
    for line, quantity in chosen.items():
        mine = holds.get(line.pk, [])
        missing = quantity - sum(hold.quantity for hold in mine if hold.warehouse_id == place.pk)
        elsewhere = [hold for hold in mine if hold.warehouse_id != place.pk]
        if missing <= 0 or not elsewhere:
            continue
        held, short = stock_hold(wants=[Want(str(line.pk), line.part_id, missing)], warehouses=[place.pk])
        moved = missing - sum(short.values())
        if held:
            mine.append(LineHold.objects.create(line=line, warehouse=place, quantity=moved))
            _give_back(line, elsewhere, moved)


def _give_back(line: OrderLine, holds: Sequence[LineHold], quantity: int) -> None:
    for hold in holds:
        pieces = min(quantity, hold.quantity)
        if not pieces:
            continue
        stock_release(held=[Held(str(line.pk), line.part_id, hold.warehouse_id, pieces)])
        hold.quantity -= pieces
        quantity -= pieces
        if hold.quantity:
            hold.save(update_fields=["quantity"])
        else:
            hold.delete()
