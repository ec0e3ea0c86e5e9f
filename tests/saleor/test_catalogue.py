"""The catalogue both ways against the real thing: pushed, changed there, pulled, killed in the middle."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from uuid import uuid4

import pytest

from catalog.engines.saleor_pull import SaleorCatalogue
from catalog.engines.saleor_push import SaleorPush
from catalog.models import Part, PartName, Price, StockLevel, StorePart
from catalog.selectors.prices import prices_for
from catalog.selectors.store import store_channels
from catalog.services.store_pull import Looked, Ours
from catalog.services.store_push import Pushed, store_push
from catalog.services.store_stock import Claims
from catalog.services.store_sweep import store_look
from portal import clock
from portal.management.store_plan import shop_plan
from portal.saleor.client import SaleorClient
from portal.saleor.errors import SaleorRefused
from portal.saleor.models import Difference, StoreLink
from portal.saleor.provisioning import provision, provision_plan
from portal.saleor.quiet import OFF, webhooks_quiet, webhooks_wake
from tests import store
from tests.factories import make_part, make_price, make_price_list, make_stock, make_warehouse

_DELETE = "mutation($id: ID!) { productDelete(id: $id) { errors { code } } }"
_UNPUBLISH = """mutation($id: ID!, $c: ID!) { productChannelListingUpdate(id: $id, input: {updateChannels: [
  {channelId: $c, isPublished: false}]}) { errors { code message } } }"""
_WEBHOOK = """mutation { webhookCreate(input: {name: "parts", targetUrl: "http://127.0.0.1:9999/", isActive: true,
  asyncEvents: [PRODUCT_VARIANT_UPDATED, PRODUCT_VARIANT_CREATED]}) { webhook { id } errors { code message } } }"""


class Shop:
    """A market of the tests' own in the real store, with new parts each time."""

    def __init__(self, asked: SaleorClient) -> None:
        self.asked, self.now = asked, clock.now()
        self.warehouse = make_warehouse("T2A", name="Test A", country="DE", market="T2", zone="Europe/Berlin")
        self.prices = make_price_list(market="T2", kind="DEALER", currency="EUR")
        plan = shop_plan(on=self.now.date(), storefront_open=True)
        list(provision(asked, plan, provision_plan(asked, plan)))
        self.parts = [self.part() for _ in range(3)]

    def part(self, **more: str) -> Part:
        """A part at 12.50 with ten pieces."""
        part = make_part(f"T-{uuid4().hex[:12]}", name="Seal", **more)
        make_price(self.prices, part, "12.50")
        make_stock(part, self.warehouse, 10)
        return part

    def push(self, *, again: bool = False) -> Pushed:
        """Everything that differs."""
        channels = list(store_channels(self.now.date()).values())
        return store_push(
            push=SaleorPush(self.asked), channels=channels, cover=lambda codes: {}, now=self.now, again=again
        )

    def look(self, *parts: Part) -> Looked:
        """These parts as the store has them now."""
        ours = Ours(
            store_channels(self.now.date()),
            {"T2A": self.warehouse.pk},
            lambda ids, since: Claims(),
            lambda ids, now: None,
        )
        ids = [self.row(part).variant_id for part in parts or self.parts]
        return store_look(catalogue=SaleorCatalogue(self.asked), ours=ours, store_ids=ids)

    def row(self, part: Part) -> StorePart:
        """What we know the store has of it."""
        return StorePart.objects.get(part=part)

    def price(self, part: Part) -> Decimal:
        """What it costs here today."""
        on = self.now.date()
        return prices_for([part.pk], market="T2", kind="DEALER", discount_class="STANDARD", on=on)[part.pk].at(1).amount

    def channel(self) -> str:
        """The channel's id there."""
        return StoreLink.objects.get(kind="channel", key="t2-dealer").store_id


@pytest.fixture
def shop(connected: SaleorClient) -> Iterator[Shop]:
    made = Shop(connected)
    yield made
    for row in StorePart.objects.all():
        store.ask(_DELETE, connected._token, id=row.product_id)


def test_a_push_makes_parts_and_a_second_one_sends_nothing(shop: Shop):
    assert (shop.push().made, shop.push().sent) == (3, 0)
    [item] = SaleorCatalogue(shop.asked).catalogue_look([shop.row(shop.parts[0]).variant_id]).items
    assert (item.key, item.name, item.prices["t2-dealer"].amount) == (
        f"/{shop.parts[0].number}",
        "Seal",
        Decimal("12.5"),
    )
    assert item.stock["T2A"].on_hand == 10
    assert shop.look().changed == set()


def test_what_was_written_and_not_noted_is_found_there(shop: Shop):
    shop.push()
    StorePart.objects.all().delete()  # as after a kill between the store's answer and our note
    done = shop.push()
    assert (done.made, done.refused, shop.push().sent) == (3, 0, 0)


def test_changes_here_are_sent_alone(shop: Shop):
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


def test_a_price_a_stock_and_a_name_changed_there_are_here_after_a_look(shop: Shop):
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


def test_unpublished_there_it_is_stopped_here(shop: Shop):
    shop.push()
    store.ask(_UNPUBLISH, shop.asked._token, id=shop.row(shop.parts[0]).product_id, c=shop.channel())
    shop.look()
    assert Part.objects.get(pk=shop.parts[0].pk).stop_sale
    assert shop.push().sent == 0


def test_deleted_there_it_stays_here_and_comes_back_when_asked_for(shop: Shop):
    shop.push()
    part = shop.parts[0]
    store.ask(_DELETE, shop.asked._token, id=shop.row(part).product_id)
    shop.look()
    assert Difference.objects.filter(kind="part.gone", mended_at=None, subject=f"/{part.number}").exists()
    assert (shop.push().gone, shop.push(again=True).made) == (1, 1)
    shop.look()
    assert not Difference.objects.filter(kind="part.gone", mended_at=None).exists()


def test_makers_share_a_number_and_a_number_taken_there_is_told(shop: Shop):
    twin = shop.part(maker="Bolt")
    Part.objects.filter(pk=twin.pk).update(number=shop.parts[0].number)
    assert shop.push().made == 4
    stranger = shop.part()
    row = shop.row(shop.parts[1])
    shop.asked.call("variant_update", id=row.variant_id, input={"sku": stranger.number})
    assert shop.push().refused == 1
    [told] = Difference.objects.filter(kind="part.push", mended_at=None)
    assert (told.subject, "UNIQUE" in told.theirs) == (f"/{stranger.number}", True)


def test_more_decimals_than_the_store_takes_are_refused_by_it(shop: Shop):
    shop.push()
    row = shop.row(shop.parts[0])
    with pytest.raises(SaleorRefused, match="decimal places"):
        shop.asked.call("variant_listing", id=row.variant_id, input=[{"channelId": shop.channel(), "price": "1.234"}])


def test_our_webhooks_sleep_meanwhile_and_wake_after_a_crash(shop: Shop):
    made = store.ask(_WEBHOOK, shop.asked._token)["webhookCreate"]["webhook"]["id"]
    active = lambda: [one["isActive"] for one in shop.asked.call("webhooks_of_ours")["webhooks"] if one["id"] == made]  # noqa: E731
    with pytest.raises(ZeroDivisionError), webhooks_quiet(shop.asked, patience=2):
        assert active() == [False]
        raise ZeroDivisionError
    assert active() == [True]
    shop.asked.call("webhook_switch", id=made, active=False)  # as a killed push leaves it
    StoreLink.objects.create(kind=OFF, key=made, store_id=made)
    assert (webhooks_wake(shop.asked), active(), webhooks_wake(shop.asked)) == (1, [True], 0)
