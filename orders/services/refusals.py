"""What the store would not take: written down by line, told in words, and settled in one step, after which the order goes out again."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime

from django.db import transaction
from django.db.models import Max

from catalog.rules.stock import Want
from catalog.selectors.stock import market_warehouses
from catalog.services.stock import stock_elsewhere_add, stock_hold
from orders.models import EngineState, LineHold, Order, OrderLine, RefusalAct, StoreRefusal
from orders.selectors.orders import order_locked
from orders.selectors.refusals import refusal_find
from orders.services.backorders import backorders_fill
from orders.services.events import event_write
from orders.services.handing_over import order_hand_over_again
from orders.services.readdressing import order_readdress
from orders.services.releasing import shelf_release
from orders.services.substituting import line_substitute
from portal.accounts.actor import Actor
from portal.accounts.models import Role
from portal.engine import EngineEvent, LineRefusal, Refusal
from portal.errors import Code, refusal
from portal.notices.services import notice_send

_LINE_ACTS = (RefusalAct.RESOURCE, RefusalAct.WAIT, RefusalAct.SUBSTITUTE)


def refusals_write(*, order: Order, event: EngineEvent, now: datetime) -> None:
    """The reasons of a refusal, one row each; the manager is told, and the buyer when goods are gone. The caller holds the order's lock."""
    attempt = order.events.filter(kind="engine.refused").count()
    lines = {line.position: line for line in order.lines.select_related("part")}
    for told in event.refusals or (LineRefusal(Refusal.OTHER, words=event.reason),):
        line = lines.get(told.position)
        StoreRefusal.objects.get_or_create(
            order=order, line=line, attempt=attempt, reason=told.reason,
            defaults={"missing": told.missing, "words": told.words[:500], "at": now},
        )  # fmt: skip
        if line is not None and told.reason == Refusal.OUT_OF_STOCK:
            _gone(line, told.missing)
            _tell_buyer(line, told.missing, attempt, now)
    notice_send(
        company_id=None, role="PARTS_MANAGER", kind="order.refused", subject_kind="order", subject=order.number,
        data={"reason": event.reason}, key=f"order.refused:{event.event_id}", now=now,
    )  # fmt: skip


def _gone(line: OrderLine, missing: int) -> None:
    """The pieces are another channel's: nobody here is promised them, whatever our own count of the shelf says."""
    for hold in LineHold.objects.filter(line=line, receipt=None).order_by("-pk"):
        pieces = min(missing, hold.quantity)
        if pieces:
            stock_elsewhere_add(part_id=line.part_id, warehouse_id=hold.warehouse_id, quantity=pieces)
        missing -= pieces


def _tell_buyer(line: OrderLine, missing: int, attempt: int, now: datetime) -> None:
    notice_send(
        company_id=line.order.company_id, role=None, kind="order.short", subject_kind="order", subject=line.order.number,
        data={"line": line.position, "partNumber": line.part.number, "quantity": missing},
        key=f"order.short:{line.pk}:{attempt}", now=now,
    )  # fmt: skip


@transaction.atomic
def refusal_settle(
    *, actor: Actor, refusal_id: int, act: str, now: datetime, deliver_to: Mapping[str, str] | None = None
) -> Order:
    """Do one thing about one refusal. When none is left open, the order is handed over again.

    RESOURCE: the line's pieces from any shelf of the market, or OUT_OF_STOCK. WAIT: in its turn for what comes. SUBSTITUTE: the
    successor at the lower price. ADDRESS: to `deliver_to`, judged as when ordering. RETRY: as it is, once the cause is mended
    elsewhere. CANCEL is `order_cancel`. Raises NOT_FOUND, WRONG_STATE (settled already), INVALID (an act that does not fit).
    """
    actor.need(Role.PARTS_MANAGER)
    found = refusal_find(actor, refusal_id)
    order = order_locked(actor, found.order_id)
    found.refresh_from_db()
    if found.settled_at is not None or order.engine_state != EngineState.REFUSED:
        raise refusal(Code.WRONG_STATE, "refusal", "settled", act=found.act)
    if not _fits(act, found):
        raise refusal(Code.INVALID, "act")
    if act == RefusalAct.ADDRESS:
        order_readdress(order=order, deliver_to=deliver_to or {}, actor=actor, now=now)
    if found.line is not None and act in _LINE_ACTS:
        _ACTS[act](order, found.line, actor, now)
    _settle(found, act, now)
    data = {"act": act, "reason": found.reason, "line": found.line.position if found.line else None}
    event_write(order=order, kind="refusal.settled", at=now, actor=actor, data=data)
    order_hand_over_again(order, now=now)
    return order


def _fits(act: str, found: StoreRefusal) -> bool:
    if act in _LINE_ACTS:
        return found.line is not None
    return act == RefusalAct.RETRY or (act == RefusalAct.ADDRESS and found.reason == Refusal.ADDRESS)


def _settle(found: StoreRefusal, act: str, now: datetime) -> None:
    """This one, and what else was wrong with the same line: the act was about the line."""
    same = StoreRefusal.objects.filter(order=found.order, settled_at=None)
    same = same.filter(line=found.line) if found.line_id else same.filter(pk=found.pk)
    same.update(settled_at=now, act=act)


def _resource(order: Order, line: OrderLine, actor: Actor, now: datetime) -> None:
    pieces = shelf_release(line)
    warehouses = [one.pk for one in market_warehouses(order.market)]
    held, short = stock_hold(wants=[Want(str(line.pk), line.part_id, pieces)], warehouses=warehouses, all_or_nothing=True)  # fmt: skip
    if short:
        raise refusal(Code.OUT_OF_STOCK, "line", partNumber=line.part.number, free=pieces - short[str(line.pk)])
    LineHold.objects.bulk_create(
        LineHold(line=line, warehouse_id=one.warehouse_id, quantity=one.quantity) for one in held
    )


def _wait(order: Order, line: OrderLine, actor: Actor, now: datetime) -> None:
    """The line goes back into its turn: what is free now, then what is expected, then what nobody has announced yet."""
    shelf_release(line)
    backorders_fill(part_ids={line.part_id}, now=now)
    line.refresh_from_db()
    day = LineHold.objects.filter(line=line).aggregate(last=Max("expected_on"))["last"]
    shelved = sum(LineHold.objects.filter(line=line, receipt=None).values_list("quantity", flat=True))
    if shelved == line.open_quantity:
        return
    line.expected_on = day
    line.save(update_fields=["expected_on"])
    notice_send(
        company_id=order.company_id, role=None, kind="line.waits.dated" if day else "line.waits", subject_kind="order", subject=order.number,
        data={"line": line.position, "partNumber": line.part.number, "quantity": line.open_quantity - shelved, "expected_on": day.isoformat() if day else None},
        key=f"line.waits:{line.pk}:{now.isoformat()}", now=now,
    )  # fmt: skip


def _substitute(order: Order, line: OrderLine, actor: Actor, now: datetime) -> None:
    line_substitute(order=order, line=line, actor=actor, now=now)


_ACTS: dict[str, Callable[[Order, OrderLine, Actor, datetime], None]] = {
    RefusalAct.RESOURCE: _resource,
    RefusalAct.WAIT: _wait,
    RefusalAct.SUBSTITUTE: _substitute,
}
