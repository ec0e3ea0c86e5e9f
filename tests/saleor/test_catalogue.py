"""The catalogue both ways against the real thing: pushed, changed there, pulled, killed in the middle."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

import pytest

from catalog.engines.saleor_pull import SaleorCatalogue
from catalog.models import Part, PartName, Price, StockLevel, StorePart
from portal.saleor.client import SaleorClient
from portal.saleor.errors import SaleorRefused
from portal.saleor.models import Difference, StoreLink
from portal.saleor.quiet import OFF, webhooks_quiet, webhooks_wake
from tests import store
from tests.factories import make_price
from tests.saleor.parts_shop import DELETE, UNPUBLISH, PartsShop

_WEBHOOK = """mutation { webhookCreate(input: {name: "parts", targetUrl: "http://127.0.0.1:9999/", isActive: true,
  asyncEvents: [PRODUCT_VARIANT_UPDATED, PRODUCT_VARIANT_CREATED]}) { webhook { id } errors { code message } } }"""


@pytest.fixture
def shop(connected: SaleorClient) -> Iterator[PartsShop]:
    made = PartsShop(connected)
    yield made
    made.gone()


def test_a_push_makes_parts_and_a_second_one_sends_nothing(shop: PartsShop):
    assert (shop.push().made, shop.push().sent) == (3, 0)
    [item] = SaleorCatalogue(shop.asked).catalogue_look([shop.row(shop.parts[0]).variant_id]).items
    assert (item.key, item.name, item.prices["t2-dealer"].amount) == (
        f"/{shop.parts[0].number}",
        "Seal",
        Decimal("12.5"),
    )
    assert item.stock["T2A"].on_hand == 10
    assert shop.look().changed == set()


def test_what_was_written_and_not_noted_is_found_there(shop: PartsShop):
    shop.push()
    StorePart.objects.all().delete()  # as after a kill between the store's answer and our note
    done = shop.push()
    assert (done.made, done.refused, shop.push().sent) == (3, 0, 0)


def test_changes_here_are_sent_alone(shop: PartsShop):
    shop.push()
    first, second, third = shop.parts
    Price.objects.filter(part=first).update(amount=Decimal("0.04"), per_quantity=100)
    PartName.objects.filter(part=second).update(name="Ring")
    Part.objects.filter(pk=third.pk).update(stop_sale=True)
    assert shop.push().changed == 3
    found = {one.number: one for one in SaleorCatalogue(shop.asked).catalogue_look(
        [shop.row(part).variant_id for part in shop.parts]).items}  # fmt: skip
    assert found[first.number].prices["t2-dealer"].amount == Decimal("0.01")
    assert (found[second.number].name, found[third.number].prices) == ("Ring", {})
    assert (shop.push().sent, shop.look().changed) == (0, set())
    Part.objects.filter(pk=third.pk).update(stop_sale=False)
    assert (shop.push().changed, shop.look().changed) == (1, set())


def test_a_price_a_stock_and_a_name_changed_there_are_here_after_a_look(shop: PartsShop):
    shop.push()
    part, row = shop.parts[0], shop.row(shop.parts[0])
    shop.asked.call("variant_listing", id=row.variant_id, input=[{"channelId": shop.channel(), "price": "13.75"}])
    shop.asked.call("product_update", id=row.product_id, input={"name": "Renamed there"})
    warehouse = StoreLink.objects.get(kind="warehouse", key="T2A").store_id
    stocks = [{"warehouse": warehouse, "quantity": 4}]
    shop.asked.call("variant_stocks_put", variant=row.variant_id, stocks=stocks)
    assert shop.look().changed == {part.pk}
    assert (shop.price(part), StockLevel.objects.get(part=part).on_hand) == (Decimal("13.75"), 4)
    assert PartName.objects.get(part=part).name == "Renamed there"
    assert (shop.look().changed, shop.push().sent) == (set(), 0)


def test_unpublished_there_it_is_stopped_here(shop: PartsShop):
    shop.push()
    store.ask(UNPUBLISH, shop.asked._token, id=shop.row(shop.parts[0]).product_id, c=shop.channel())
    shop.look()
    assert Part.objects.get(pk=shop.parts[0].pk).stop_sale
    assert shop.push().sent == 0


def test_deleted_there_it_stays_here_and_comes_back_when_asked_for(shop: PartsShop):
    shop.push()
    part = shop.parts[0]
    store.ask(DELETE, shop.asked._token, id=shop.row(part).product_id)
    shop.look()
    assert Difference.objects.filter(kind="part.gone", mended_at=None, subject=f"/{part.number}").exists()
    assert (shop.push().gone, shop.push(again=True).made) == (1, 1)
    shop.look()
    assert not Difference.objects.filter(kind="part.gone", mended_at=None).exists()


def test_makers_share_a_number_and_a_number_taken_there_is_told(shop: PartsShop):
    twin = shop.part(maker="Bolt")
    Part.objects.filter(pk=twin.pk).update(number=shop.parts[0].number)
    assert shop.push().made == 4
    stranger = shop.part()
    row = shop.row(shop.parts[1])
    shop.asked.call("variant_update", id=row.variant_id, input={"sku": stranger.number})
    assert shop.push().refused == 1
    [told] = Difference.objects.filter(kind="part.push", mended_at=None)
    assert (told.subject, "UNIQUE" in told.theirs) == (f"/{stranger.number}", True)


def test_a_part_made_there_is_told_its_key_and_keeps_all_its_people_wrote(shop: PartsShop):
    shop.push()
    number, store_id = shop.made_there("Their filters", offered=True)
    shop.look_at([store_id])
    part = Part.objects.get(number=number)
    assert (shop.price(part), StockLevel.objects.get(part=part).on_hand) == (Decimal("7.5"), 6)
    before = shop.seen(store_id)
    assert (shop.push().changed, shop.push().sent) == (1, 0)
    assert shop.seen(store_id) == before
    assert SaleorCatalogue(shop.asked).catalogue_look([store_id]).items[0].key == f"/{number}"
    Part.objects.filter(pk=part.pk).update(pack_quantity=5)
    assert (shop.push().changed, shop.seen(store_id)) == (1, before)
    assert shop.look(part).changed == set()


def test_a_part_made_there_without_a_category_gets_ours_when_it_is_offered_here(shop: PartsShop):
    shop.push()
    number, store_id = shop.made_there("", offered=False)
    shop.look_at([store_id])
    part = Part.objects.get(number=number)
    assert (shop.push().refused, shop.seen(store_id)["product"]["category"]) == (0, None)
    make_price(shop.prices, part, "8.20")
    assert (shop.push().changed, shop.push().sent) == (1, 0)
    seen = shop.seen(store_id)
    assert (seen["product"]["category"]["name"], seen["channelListings"][0]["price"]["amount"]) == ("Spare parts", 8.2)
    assert (seen["name"], seen["product"]["weight"]["value"]) == ("Their size", 1.25)


def test_more_decimals_than_the_store_takes_are_refused_by_it(shop: PartsShop):
    shop.push()
    row = shop.row(shop.parts[0])
    with pytest.raises(SaleorRefused, match="decimal places"):
        shop.asked.call("variant_listing", id=row.variant_id, input=[{"channelId": shop.channel(), "price": "1.234"}])


def test_our_webhooks_sleep_meanwhile_and_wake_after_a_crash(shop: PartsShop):
    made = store.ask(_WEBHOOK, shop.asked._token)["webhookCreate"]["webhook"]["id"]
    active = lambda: [one["isActive"] for one in shop.asked.call("webhooks_of_ours")["webhooks"] if one["id"] == made]  # noqa: E731
    with pytest.raises(ZeroDivisionError), webhooks_quiet(shop.asked, patience=2):
        assert active() == [False]
        raise ZeroDivisionError
    assert active() == [True]
    shop.asked.call("webhook_switch", id=made, active=False)  # as a killed push leaves it
    StoreLink.objects.create(kind=OFF, key=made, store_id=made)
    assert (webhooks_wake(shop.asked), active(), webhooks_wake(shop.asked)) == (1, [True], 0)
