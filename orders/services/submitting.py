"""Hand an order to the commerce engine, outside any transaction, and apply what it answers."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from orders.models import EngineState, Order
from orders.services.engines import engine
from orders.services.events import event_write
from orders.services.store_facts import store_fact_apply
from portal.accounts.actor import SYSTEM
from portal.engine import EngineEvent, EngineLine, EngineOrder, EventKind
from portal.locks import lock_rows
from portal.money import quantise
from portal.notices.services import notice_send


def order_submit(*, order_id: int, now: datetime) -> list[EngineEvent]:
    """Tell the engine of an order; answers its events and applies nothing. No transaction is open here."""
    order = Order.objects.select_related("company").get(pk=order_id)
    if order.engine_state != EngineState.PENDING:
        return []
    return engine().place(_engine_order(order), now=now)


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
        notice_send(
            company_id=None, role="PARTS_MANAGER", kind="order.refused", subject_kind="order", subject=order.number,
            data={"reason": event.reason}, key=f"order.refused:{event.event_id}", now=now,
        )  # fmt: skip
    order.save(update_fields=["engine_state", "store_number"])
    return True


def _engine_order(order: Order) -> EngineOrder:
    lines = []
    for line in order.lines.select_related("part", "card").prefetch_related("holds__warehouse").order_by("position"):
        holds: dict[str, int] = {}
        for hold in line.holds.all():
            holds[hold.warehouse.code] = holds.get(hold.warehouse.code, 0) + hold.quantity
        facts = {"payer": line.payer, "serial": line.serial, "repairCard": line.card.number if line.card else ""}
        unit = quantise(line.net / (line.quantity - line.cancelled or 1), order.currency)
        lines.append(EngineLine(line.position, line.part.number, line.quantity, unit, line.tax_rate, holds, facts))
    return EngineOrder(
        key=f"portal:{order.number}",
        number=order.number,
        channel=order.channel,
        currency=order.currency,
        company=order.company.name,
        deliver_to=order.deliver_to,
        freight=order.freight,
        tax=order.tax,
        total=order.total,
        lines=lines,
    )
