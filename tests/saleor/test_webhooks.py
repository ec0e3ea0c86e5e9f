"""Saleor's own webhooks into a served portal: lost, doubled, out of order, forged, late. What is told only rings; a look finds what is so."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import jwt
import pytest

from catalog.models import PartName, StockLevel
from orders.models import Order
from orders.services.cancelling import order_cancel
from orders.services.store_sweeping import store_orders_sweep
from portal.outbox.models import OutboxMessage
from portal.outbox.services import outbox_drain
from portal.saleor.client import SaleorClient
from portal.saleor.models import Difference, StoreLink
from portal.webhooks.models import Delivery, DeliveryState
from tests import store
from tests.frontend.conftest import browser, text
from tests.orders.world import World, level, line
from tests.saleor import dashboard
from tests.saleor.parts_shop import DELETE, UNPUBLISH, PartsShop
from tests.saleor.shop import Shop
from tests.saleor.wire import Wire
from tests.webhooks.the_store import Key

pytestmark = pytest.mark.timeout(1800)


def rung(order: Order) -> int:
    """How many looks at this order wait."""
    return OutboxMessage.objects.filter(kind="order.look", key=f"store:{order.number}", done_at=None).count()


def left(order: Order) -> list[tuple[str, int, str]]:
    """(warehouse, pieces, tracking number) of every hand-over of ours that stands."""
    return [
        (one.warehouse.code, sum(row.quantity for row in one.lines.all()), one.tracking_number)
        for one in order.shipments.filter(undone_at=None).order_by("pk")
    ]


def test_an_event_moves_the_order_and_what_we_caused_rings_nothing(wire: Wire, shop: Shop, world: World):
    part = shop.part(home=5)
    order = world.paid(line(part, 3))
    shop.settle(order)
    wire.wait(lambda: {"order_created", "order_fully_paid"} <= wire.kinds())
    told = Delivery.objects.exclude(note__startswith="part:")  # Saleor's people made the part
    assert set(told.values_list("state", "note")) == {(DeliveryState.IGNORED, "own")}
    dashboard.fulfil(order, part.number, 2, shop.warehouses["HOME"], "DHL-1")
    wire.wait(lambda: rung(order))
    shop.settle(order)
    assert (order.state, left(order)) == ("PARTLY_SHIPPED", [("HOME", 2, "DHL-1")])
    assert shop.look(order) == []


def test_lost_while_the_portal_is_down_it_is_found_by_the_sweep_and_told_again_it_changes_nothing(
    wire: Wire, shop: Shop, world: World
):
    part = shop.part(home=5)
    order = world.paid(line(part, 3))
    shop.settle(order)
    wire.wait(lambda: "order_fully_paid" in wire.kinds())
    wire.down = True
    dashboard.fulfil(order, part.number, 2, shop.warehouses["HOME"])
    wire.wait(lambda: any(one.kind == "fulfillment_created" for one in wire.unheard))
    assert rung(order) == 0
    swept = store_orders_sweep(now=world.now, real_now=datetime.now(UTC), whole=False)
    order.refresh_from_db()
    assert (swept.mended, swept.differ, order.state) == (1, 0, "PARTLY_SHIPPED")
    wire.down = False
    lost = {one.body for one in wire.unheard}
    wire.wait(lambda: lost <= {one.body for one in wire.said})  # Saleor comes again by itself
    shop.settle(order)
    assert (left(order), rung(order), shop.look(order)) == ([("HOME", 2, "")], 0, [])


def test_told_three_times_it_is_kept_and_done_once(wire: Wire, shop: Shop, world: World):
    part = shop.part(home=5)
    order = world.paid(line(part, 3))
    shop.settle(order)
    wire.keeps = True
    dashboard.fulfil(order, part.number, 2, shop.warehouses["HOME"])
    wire.wait(lambda: "fulfillment_created" in wire.kinds())
    told = list(wire.said)
    for one in told * 3:
        assert wire.tell(one).status_code == 200
    before = Delivery.objects.count()
    assert before == len({one.body for one in told})
    shop.settle(order)
    for one in told:
        assert wire.tell(one).status_code == 200
    assert (Delivery.objects.count(), rung(order), left(order)) == (before, 0, [("HOME", 2, "")])


def test_told_backwards_both_books_end_the_same(wire: Wire, shop: Shop, world: World):
    part = shop.part(home=5, away=5)
    order = world.place(line(part, 3))
    wire.keeps = True
    dashboard.mark_as_paid(order)
    first = dashboard.fulfil(order, part.number, 2, shop.warehouses["HOME"], "DHL-1")
    dashboard.track(first, "DHL-2")
    dashboard.unfulfil(first, shop.warehouses["HOME"])
    dashboard.fulfil(order, part.number, 3, shop.warehouses["AWAY"], "DHL-3")
    ends = {"order_fully_paid", "fulfillment_created", "fulfillment_canceled", "order_fulfilled"}
    wire.wait(lambda: ends <= wire.kinds())
    for one in reversed(wire.said):
        assert wire.tell(one).status_code == 200
        shop.settle(order)
    assert (order.state, order.payment_state, order.payments.count()) == ("SHIPPED", "PAID", 1)
    assert (left(order), shop.look(order)) == ([("AWAY", 3, "DHL-3")], [])


def test_told_at_random_while_more_happens_both_books_end_the_same(wire: Wire, shop: Shop, world: World):
    chance = random.Random(20261128)
    part = shop.part(home=9)
    order = world.paid(line(part, 5))
    shop.settle(order)
    wire.wait(lambda: "order_fully_paid" in wire.kinds())
    wire.keeps = True
    made = []
    for count in (1, 2, 2):
        made.append(dashboard.fulfil(order, part.number, count, shop.warehouses["HOME"]))
        for one in chance.sample(wire.said, min(3, len(wire.said))):
            wire.tell(one)
        shop.settle(order)
    dashboard.unfulfil(made[1], shop.warehouses["HOME"])
    wire.wait(lambda: {"fulfillment_canceled", "order_fulfilled"} <= wire.kinds())
    for one in chance.sample(wire.said, len(wire.said)):
        wire.tell(one)
        shop.settle(order)
    assert (order.state, sorted(pieces for _, pieces, _ in left(order))) == ("PARTLY_SHIPPED", [1, 2])
    assert shop.look(order) == []


def test_told_late_after_the_order_was_cancelled_it_stays_cancelled(wire: Wire, shop: Shop, world: World):
    part = shop.part(home=5)
    order = world.place(line(part, 3))
    wire.wait(lambda: "order_created" in wire.kinds())
    wire.keeps = True
    first = dashboard.fulfil(order, part.number, 1, shop.warehouses["HOME"])
    wire.wait(lambda: "fulfillment_created" in wire.kinds())
    late = [one for one in wire.said if one.kind == "fulfillment_created"]
    dashboard.unfulfil(first, shop.warehouses["HOME"])
    dashboard.cancel(order)
    wire.wait(lambda: "order_cancelled" in wire.kinds())
    for one in wire.said:
        if one.kind == "order_cancelled":
            wire.tell(one)
    shop.settle(order)
    assert (order.state, level(part, world.home)) == ("CANCELLED", (5, 0))
    for one in [*late, *wire.said]:
        assert wire.tell(one).status_code == 200
        shop.settle(order)
    assert (order.state, order.shipments.count(), level(part, world.home)) == ("CANCELLED", 0, (5, 0))
    assert shop.look(order) == []


def test_goods_left_there_while_the_buyer_cancelled_here_staff_see_it_and_put_it_right(
    wire: Wire, shop: Shop, world: World
):
    part = shop.part(home=5)
    order = world.paid(line(part, 3))
    shop.settle(order)
    wire.keeps = True
    first = dashboard.fulfil(order, part.number, 1, shop.warehouses["HOME"])
    order_cancel(actor=world.people.customer, order_id=order.pk, line_ids=None, reason="no", now=world.now)
    shop.settle(order)
    assert order.state == "CANCELLED"
    told = Difference.objects.get(subject=order.number, mended_at=None)
    assert "hand-overs" in told.theirs
    assert order.number in text(browser(world.people.manager).get("/store/"))
    dashboard.unfulfil(first, shop.warehouses["HOME"])  # the parcel was stopped
    assert shop.look(order) == []
    assert not Difference.objects.filter(subject=order.number, mended_at=None).exists()
    assert shop.stock(part)["HOME"] == (5, 0)


def test_forged_it_is_refused_and_staff_see_it(wire: Wire, shop: Shop, world: World):
    part = shop.part(home=5)
    order = world.paid(line(part, 3))
    shop.settle(order)
    wire.wait(lambda: "order_fully_paid" in wire.kinds())
    wire.keeps = True
    dashboard.fulfil(order, part.number, 2, shop.warehouses["HOME"])
    wire.wait(lambda: "fulfillment_created" in wire.kinds())
    kept = next(one for one in wire.said if one.kind == "fulfillment_created")
    kid = jwt.get_unverified_header(kept.headers["Saleor-Signature"])["kid"]
    before = Delivery.objects.exclude(state=DeliveryState.REFUSED).count()
    other = json.dumps({**json.loads(kept.body), "order": {"id": "T3JkZXI6MQ==", "externalReference": "portal:1"}})
    forged = [
        replace(kept, headers={**kept.headers, "Saleor-Signature": Key(kid).sign(kept.body)}),
        replace(kept, body=other.encode()),
        replace(kept, headers={"Saleor-Event": kept.kind}),
    ]
    assert [wire.tell(one).status_code for one in forged] == [401] * 3
    assert (Delivery.objects.exclude(state=DeliveryState.REFUSED).count(), rung(order)) == (before, 0)
    assert "event: InvalidSignatureError" in text(browser(world.people.manager).get("/store/"))
    assert wire.tell(kept).status_code == 200  # the true one is still good
    shop.settle(order)
    assert order.state == "PARTLY_SHIPPED"


# --- parts -------------------------------------------------------------------------------------------------------------

_PRICE = """mutation($id: ID!, $c: ID!, $p: PositiveDecimal!) { productVariantChannelListingUpdate(id: $id, input: [
  {channelId: $c, price: $p}]) { errors { message } } }"""
_STOCK = """mutation($id: ID!, $w: ID!, $q: Int!) { productVariantStocksUpdate(variantId: $id, stocks: [
  {warehouse: $w, quantity: $q}]) { errors { message } } }"""
_RENAME = "mutation($id: ID!, $n: String!) { productUpdate(id: $id, input: {name: $n}) { errors { message } } }"


@pytest.fixture
def parts(wire: Wire, connected: SaleorClient, settings: Any) -> Iterator[PartsShop]:
    """Parts that were pushed; their webhooks are told."""
    settings.STORE_CATALOGUE = "catalog.engines.saleor_pull.SaleorCatalogue"
    made = PartsShop(connected)
    made.push()
    outbox_drain()
    yield made
    made.gone()


def test_price_stock_name_and_offer_changed_in_the_dashboard_are_here_by_webhook(wire: Wire, parts: PartsShop):
    part, row = parts.parts[0], parts.row(parts.parts[0])
    seen = Delivery.objects.filter(state=DeliveryState.APPLIED)
    assert not seen.exists()  # what we pushed rings nothing

    store.staff_ask(_PRICE, id=row.variant_id, c=parts.channel(), p="13.75")
    wire.wait(lambda: outbox_drain() and parts.price(part) == Decimal("13.75"))
    warehouse = StoreLink.objects.get(kind="warehouse", key="T2A").store_id
    store.staff_ask(_STOCK, id=row.variant_id, w=warehouse, q=4)
    wire.wait(lambda: outbox_drain() and StockLevel.objects.get(part=part).on_hand == 4)
    store.staff_ask(_RENAME, id=row.product_id, n="Renamed there")
    wire.wait(lambda: outbox_drain() and PartName.objects.get(part=part).name == "Renamed there")
    store.staff_ask(UNPUBLISH, id=row.product_id, c=parts.channel())

    def stopped() -> bool:
        outbox_drain()
        part.refresh_from_db()
        return part.stop_sale

    wire.wait(stopped)
    assert (parts.look().changed, parts.push().sent) == (set(), 0)


def test_deleted_in_the_dashboard_staff_hear_of_it_by_webhook(wire: Wire, parts: PartsShop):
    store.staff_ask(DELETE, id=parts.row(parts.parts[1]).product_id)
    gone = Difference.objects.filter(kind="part.gone", subject=f"/{parts.parts[1].number}", mended_at=None)
    wire.wait(lambda: outbox_drain() + gone.count() and gone.exists())
