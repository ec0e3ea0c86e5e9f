"""Which orders the store has: those it confirmed, and not those the portal confirmed by itself before there was a store."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, QuerySet, Value
from django.db.models.functions import Concat

from orders.models import EngineState, Order, OrderEvent
from portal.engine import EventKind


def orders_kept(orders: QuerySet[Order]) -> QuerySet[Order]:
    """Of these orders those the store keeps a copy of."""
    number = OuterRef("number")
    own = Concat(number, Value(f":{EventKind.ACCEPTED}:"), number)  # as orders.engines.embedded names it
    confirmed_here = Exists(OrderEvent.objects.filter(event_id=own))
    return orders.filter(~confirmed_here, engine_state=EngineState.ACCEPTED)


def order_kept(order: Order) -> bool:
    """Whether the store keeps a copy of this order."""
    return orders_kept(Order.objects.filter(pk=order.pk)).exists()
