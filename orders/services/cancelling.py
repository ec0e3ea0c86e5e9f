"""Cancel what is not handed over yet: free, whole or by line."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import F

from catalog.services.stock import Held, levels_lock, stock_release
from orders.models import LineHold, Order, OrderHold, OrderLine, OrderState
from orders.selectors.orders import order_locked
from orders.services.advancing import order_advance
from orders.services.backorders import backorders_fill
from orders.services.cover_effects import contracts_take
from orders.services.events import event_write
from orders.services.handing_over import refusals_close
from orders.services.settling import order_settle
from orders.services.texts import text_read
from portal.accounts.actor import Actor
from portal.accounts.models import Role
from portal.errors import Code, refusal
from portal.notices.services import notice_send
from warranty.services.cards import card_lines_cancelled


@transaction.atomic
def order_cancel(
    *,
    actor: Actor,
    order_id: int,
    line_ids: Collection[int] | None,
    reason: str,
    now: datetime,
    pieces: Mapping[int, int] | None = None,
) -> Order:
    """Cancel the open pieces of the named lines, or of all; `pieces` (by line id) says how many where it is not all that are open.

    Their stock goes to who waits. Raises TOO_LATE when everything named is handed over, NOT_FOUND for a line of another order.
    """
    actor.need(Role.BUYER, Role.COMPANY_ADMIN, Role.PARTS_MANAGER, Role.SERVICE_DESK)
    why = text_read(reason, "reason")
    order = order_locked(actor, order_id)
    lines = _named(order, line_ids)
    living = [line for line in lines if line.open_quantity]
    if not living:
        raise refusal(
            Code.WRONG_STATE if order.state == OrderState.CANCELLED else Code.TOO_LATE, "lines", state=order.state
        )
    gone = {line.pk: min((pieces or {}).get(line.pk, line.open_quantity), line.open_quantity) for line in living}
    lines_cancel(order=order, lines=living, gone=gone, now=now)
    event_write(
        order=order,
        kind="cancelled",
        at=now,
        actor=actor,
        data={"lines": [line.position for line in living], "reason": why},
    )
    order_settle(order, now=now)
    order_advance(order=order, at=now, now=now, actor=actor)
    if order.state == OrderState.CANCELLED:
        OrderHold.objects.filter(order=order, until=None).update(until=now)  # nothing is left to hold back
    backorders_fill(part_ids={line.part_id for line in living}, now=now)
    refusals_close(order, now=now)
    notice_send(
        company_id=order.company_id, role=None, kind="order.cancelled", subject_kind="order", subject=order.number,
        data={"lines": [line.position for line in living]}, key=f"order.cancelled:{order.number}:{sum(line.cancelled for line in lines)}:{now.isoformat()}", now=now,
    )  # fmt: skip
    return order


def lines_cancel(*, order: Order, lines: Sequence[OrderLine], gone: Mapping[int, int], now: datetime) -> None:
    """So many pieces (by line id) are wanted no more: holds, contracts and repair cards let go of them."""
    _release(lines, gone)
    for line in lines:
        line.cancelled += gone[line.pk]
    OrderLine.objects.bulk_update(lines, ["cancelled"])
    contracts_take(order, lines)
    card_lines_cancelled(quantities={str(pk): count for pk, count in gone.items()}, now=now)


def _named(order: Order, line_ids: Collection[int] | None) -> Sequence[OrderLine]:
    lines = list(order.lines.order_by("position"))
    if line_ids is None:
        return lines
    named = [line for line in lines if line.pk in set(line_ids)]
    if len(named) != len(set(line_ids)) or not named:
        raise refusal(Code.NOT_FOUND, "lines")
    return named


def _release(lines: Sequence[OrderLine], gone: Mapping[int, int]) -> None:
    """Give back what the cancelled pieces held; what stays keeps the shelf before what is only expected."""
    levels_lock([line.part_id for line in lines])  # first the lock, then the look: a receipt may be moving these holds
    stay = {line.pk: line.open_quantity - gone[line.pk] for line in lines}
    ended, less = [], []
    shelf_first = (
        LineHold.objects.filter(line__in=lines)
        .select_related("line")
        .order_by(F("receipt_id").asc(nulls_first=True), "pk")
    )
    for hold in shelf_first:
        kept = min(stay[hold.line_id], hold.quantity)
        stay[hold.line_id] -= kept
        released, hold.quantity = held_of(hold, hold.quantity - kept), kept
        ended.append(released)
        less.append(hold)
    stock_release(held=[one for one in ended if one.quantity])
    LineHold.objects.filter(pk__in=[hold.pk for hold in less if not hold.quantity]).delete()
    LineHold.objects.bulk_update([hold for hold in less if hold.quantity], ["quantity"])


def held_of(hold: LineHold, quantity: int) -> Held:
    """So many pieces of a stored hold as the stock service knows it."""
    return Held(str(hold.line_id), hold.line.part_id, hold.warehouse_id, quantity, hold.receipt_id, hold.expected_on)
