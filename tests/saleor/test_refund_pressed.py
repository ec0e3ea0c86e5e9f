"""Saleor's people press refund: Saleor asks the portal and waits for its answer."""

from __future__ import annotations

import time
from typing import Any

from orders.models import Order
from orders.services.cancelling import order_cancel
from portal.webhooks.models import Delivery
from tests.orders.world import World, line, lines_of
from tests.saleor import dashboard
from tests.saleor.shop import Shop
from tests.saleor.wire import Wire


def events(order: Order, kind: str) -> list[dict[str, Any]]:
    """What the order's only transaction shows of a kind, once there is some: Saleor asks from its worker."""
    for _ in range(60):
        (one,) = dashboard.seen(order)["transactions"]
        found = [event for event in one["events"] if event["type"] == kind]
        if found and (kind != "REFUND_REQUEST" or found[0]["pspReference"]):  # a request has one when it is answered
            return found
        time.sleep(0.5)
    raise AssertionError(f"no {kind}: {list(Delivery.objects.values('kind', 'state', 'note'))}")


def test_a_refund_is_carried_out_once_and_then_refused_with_words(wire: Wire, shop: Shop, world: World):
    order = world.paid(line(shop.part(home=5), 4))
    pieces = {lines_of(order)[0].pk: 1}
    order_cancel(
        actor=world.people.manager, order_id=order.pk, line_ids=pieces, pieces=pieces, reason="less", now=world.now
    )
    shop.settle(order)
    (one,) = dashboard.seen(order)["transactions"]
    dashboard.ask_refund(one["id"], "10000")
    assert events(order, "REFUND_REQUEST")[0]["pspReference"].startswith(f"refund:{order.number}:")
    assert shop.look(order) == []
    (done,) = events(order, "REFUND_SUCCESS")
    assert (done["amount"]["amount"], dashboard.seen(order)["totalCharged"]["amount"]) == (10000, 30000)
    order.refresh_from_db()
    assert order.payment_state == "PAID"
    dashboard.ask_refund(one["id"], "10000")
    (refused,) = events(order, "REFUND_FAILURE")
    assert refused["message"] == "This order is not paid too much."
    assert (dashboard.seen(order)["totalCharged"]["amount"], shop.look(order)) == (30000, [])
