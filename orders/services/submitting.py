"""Hand an order to the commerce engine, outside any transaction, and apply what it answers."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from orders.models import EngineState, Order
from orders.services.engines import engine
from orders.services.events import event_write
from orders.services.handing_over import engine_order
from orders.services.refusals import refusals_write
from orders.services.store_facts import store_fact_apply
from portal.accounts.actor import SYSTEM
from portal.engine import EngineEvent, EventKind
from portal.locks import lock_rows


def order_submit(*, order_id: int, now: datetime) -> list[EngineEvent]:
    """Tell the engine of an order; answers its events and applies nothing. No transaction is open here."""
    order = Order.objects.select_related("company__contact", "placed_by__user").get(pk=order_id)
    if order.engine_state != EngineState.PENDING:
        return []
    return engine().place(engine_order(order), now=now)


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
