"""Hand an order to the commerce engine, outside any transaction, and apply what it answers."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from orders.models import EngineState, Order, OrderState
from orders.services.catching_up import StoreBehindError, goods_catch_up, orders_catch_up
from orders.services.engines import engine
from orders.services.events import event_write
from orders.services.handing_over import engine_order
from orders.services.refusals import refusals_write
from orders.services.store_facts import store_fact_apply
from portal.accounts.actor import SYSTEM
from portal.engine import EngineEvent, EventKind, Refusal
from portal.locks import lock_rows

ASKED_MOST = 3  # times in one run that a store which says pieces are missing is told what it lacks


def order_submit(*, order_id: int, now: datetime) -> list[EngineEvent]:
    """Tell the engine of an order; answers its events and applies nothing. No transaction is open here.

    Pieces are believed to be missing there when it knew all that we had moved, else it is told and asked again. Raises
    StoreBehindError while it cannot be told.
    """
    order = Order.objects.select_related("company__contact", "placed_by__user").get(pk=order_id)
    if order.engine_state != EngineState.PENDING:
        return []
    goods_catch_up(order)
    for _ in range(ASKED_MOST):
        events = engine().place(engine_order(order), now=now)
        if not _short(events) or not (goods_catch_up(order) | orders_catch_up(order)):
            return events
    raise StoreBehindError(
        f"Order {order.number}: pieces are missing in the store, which has not heard of all that was moved here."
    )


def _short(events: list[EngineEvent]) -> bool:
    return any(one.reason == Refusal.OUT_OF_STOCK for event in events for one in event.refusals)


@transaction.atomic
def order_withdraw(*, order_id: int) -> None:
    """The engine had nothing to say of an order that was cancelled before it was handed over: nobody waits for the store any more."""
    (order,) = lock_rows(Order.objects.filter(pk=order_id))
    if order.state == OrderState.CANCELLED and order.engine_state == EngineState.PENDING:
        order.engine_state = EngineState.WITHDRAWN
        order.save(update_fields=["engine_state"])


@transaction.atomic
def order_apply(*, event: EngineEvent, now: datetime) -> bool:
    """Apply one fact told by the engine, once; answers whether it was new."""
    order = lock_rows(Order.objects.filter(number=event.order_number))[0]
    data = {"storeNumber": event.store_number, "reason": event.reason, **event.data}
    if not event_write(
        order=order, kind=f"engine.{event.kind.lower()}", at=event.at, actor=SYSTEM, data=data, event_id=event.event_id
    ):
        return False
    if event.kind not in (EventKind.ACCEPTED, EventKind.REFUSED):
        store_fact_apply(order=order, event=event, now=now)
        return True
    if event.kind == EventKind.ACCEPTED:
        order.engine_state, order.store_number = EngineState.ACCEPTED, event.store_number
    else:
        order.engine_state = EngineState.REFUSED
        refusals_write(order=order, event=event, now=now)
    order.save(update_fields=["engine_state", "store_number"])
    return True
