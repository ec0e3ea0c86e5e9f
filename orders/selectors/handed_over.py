"""Why there is nothing to hand over: it left already (with whom, when), waits for goods, or is cancelled."""

from __future__ import annotations

from django.db.models import Min

from catalog.models import Warehouse
from orders.models import Order, OrderEvent, OrderLine, OrderState, Shipment
from orders.selectors.queue import TO_SHIP
from portal.accounts.selectors import actor_known_as
from portal.errors import Code, PortalError, refusal


def ready_elsewhere(order: Order, place: Warehouse) -> bool:
    """Do pieces of the order that may leave lie on a shelf of another warehouse than `place`?"""
    ready = OrderLine.objects.filter(TO_SHIP, order=order, holds__receipt=None, holds__isnull=False)
    return ready.exclude(holds__warehouse=place).exists()


def nothing_to_ship(order: Order) -> PortalError:
    """The refusal that says what happened to an order of which no piece can leave now."""
    if order.state == OrderState.CANCELLED:
        return refusal(Code.WRONG_STATE, "order", "order_cancelled", state=order.state)
    waiting = OrderLine.objects.filter(TO_SHIP, order=order)
    told = waiting.filter(holds__receipt__isnull=False).aggregate(on=Min("holds__expected_on"))
    pieces = sum(line.open_quantity for line in waiting)
    if pieces and told["on"]:
        return refusal(Code.WRONG_STATE, "order", "waits_for_goods", pieces=pieces, expectedOn=told["on"].isoformat())
    if pieces and not waiting.filter(holds__receipt=None, holds__isnull=False).exists():
        return refusal(Code.WRONG_STATE, "order", "waits_without_day", pieces=pieces)
    left = OrderEvent.objects.filter(order=order, kind="shipped").order_by("-pk").first()
    if pieces or left is None:
        return refusal(Code.WRONG_STATE, "order", "nothing_to_ship", state=order.state)
    shipment = Shipment.objects.filter(number=left.data.get("shipment")).first()
    at = shipment.recorded_at if shipment else left.at
    return refusal(
        Code.WRONG_STATE, "order", "left_already", by=actor_known_as(left.actor), at=at.isoformat(),
        carrier=left.data.get("carrier", ""), shipment=left.data.get("shipment", ""),
    )  # fmt: skip
