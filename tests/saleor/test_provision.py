"""The store set up: once, twice, and after somebody changed it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from portal import clock
from portal.saleor.client import SaleorClient
from portal.saleor.errors import SaleorRefused
from portal.saleor.plan import METHOD, ChannelPlan, ShopPlan, WarehousePlan
from portal.saleor.provisioning import provision, provision_plan
from portal.saleor.services import link_get
from tests import store
from tests.shop import part_make, sell_elsewhere, shop_make

ADDRESS = {"country": "DE", "streetAddress1": "Weg 1", "city": "Duisburg", "postalCode": "47051"}
# The storefront stays open: with it shut, staff could not log in to end the test.
PLAN = ShopPlan(
    channels=(ChannelPlan("t3-dealer", "T3 Dealer", "EUR", "DE", ("T2B", "T2A")),),
    warehouses=(WarehousePlan("T2A", "Test A", ADDRESS), WarehousePlan("T2B", "Test B", ADDRESS)),
    storefront_open=True,
)
_METHOD = "query($id: ID!) { shippingZone(id: $id) { shippingMethods { channelListings { id } } } }"
_SHUT = "mutation($open: Boolean!) { shopSettingsUpdate(input: {allowStorefrontTraffic: $open}) { errors { code } } }"


@pytest.fixture
def shop(connected: SaleorClient) -> SaleorClient:
    """The store, set up as planned."""
    list(provision(connected, PLAN, provision_plan(connected, PLAN)))
    return connected


def test_a_second_run_changes_nothing(shop: SaleorClient):
    assert provision_plan(shop, PLAN) == []


def test_our_warehouses_come_in_our_order_of_preference(shop: SaleorClient):
    [channel] = [one for one in shop.call("channels") if one["slug"] == "t3-dealer"]
    assert [one["externalReference"] for one in channel["warehouses"]] == ["T2B", "T2A"]
    turned = replace(PLAN, channels=(replace(PLAN.channels[0], warehouses=("T2A", "T2B")),))
    list(provision(shop, turned, provision_plan(shop, turned)))
    assert provision_plan(shop, turned) == []
    list(provision(shop, PLAN, provision_plan(shop, PLAN)))


def test_what_somebody_changed_is_mended_and_nothing_else(shop: SaleorClient):
    channel = link_get("channel", "t3-dealer")
    shop.call("channel_update", id=channel, input={"orderSettings": {"allowUnpaidOrders": False}})
    todo = provision_plan(shop, PLAN)
    assert [(one.target.kind, list(one.fields)) for one in todo] == [("channel", ["orderSettings"])]
    list(provision(shop, PLAN, todo))
    assert provision_plan(shop, PLAN) == []


def test_a_zone_that_staff_renamed_is_known_again(shop: SaleorClient):
    zone = link_get("zone", "Parts portal")
    shop.call("shipping_zone_update", id=zone, input={"name": "Renamed by staff"})
    try:
        assert provision_plan(shop, PLAN) == []
    finally:
        shop.call("shipping_zone_update", id=zone, input={"name": "Parts portal"})


def test_somebody_elses_way_of_delivery_is_left_alone_though_it_is_called_as_ours(connected: SaleorClient):
    other = shop_make(clock.real_now().strftime("d%m%d%H%M%S"))
    list(provision(connected, PLAN, provision_plan(connected, PLAN)))
    assert provision_plan(connected, PLAN) == []
    assert link_get("method", METHOD) != other.method_id
    there = store.ask(_METHOD, connected._token, id=other.zone_id)["shippingZone"]["shippingMethods"]
    assert [len(one["channelListings"]) for one in there] == [2]  # its own two channels


def test_a_channel_of_another_currency_is_refused_with_its_name(shop: SaleorClient):
    other = replace(PLAN, channels=(replace(PLAN.channels[0], currency="USD"),))
    with pytest.raises(SaleorRefused, match="t3-dealer: EUR, not USD"):
        list(provision(shop, other, provision_plan(shop, other)))


_LEGACY = """mutation($on: Boolean!) { shopSettingsUpdate(input: {useLegacyShippingZoneStockAvailability: $on}) { errors { code } } }"""
_UNLINK = (
    "mutation($id: ID!, $w: [ID!]!) { shippingZoneUpdate(id: $id, input: {removeWarehouses: $w}) { errors { code } } }"
)
_LINK = "mutation($id: ID!, $w: [ID!]!) { shippingZoneUpdate(id: $id, input: {addWarehouses: $w}) { errors { code } } }"


def test_stock_is_a_matter_of_channel_alone_unless_zones_count_again(app: store.App):
    """The switch as it works: with zones counting, a warehouse outside the parcel's zone has nothing to give."""
    made = shop_make(clock.real_now().strftime("z%m%d%H%M%S"))
    part, places = part_make(made, "ZONE", home=9), list(made.warehouses.values())
    said = {}
    try:
        for linked in (True, False):
            if not linked:
                store.ask(_UNLINK, app.token, id=made.zone_id, w=places)
            for legacy in (False, True):
                store.ask(_LEGACY, app.token, on=legacy)
                said[linked, legacy] = sell_elsewhere(made, part, 1)
    finally:
        store.ask(_LEGACY, app.token, on=False)
        store.ask(_LINK, app.token, id=made.zone_id, w=places)
    assert said == {(True, False): True, (True, True): True, (False, False): True, (False, True): False}


@pytest.fixture
def _open_again(app: store.App) -> Iterator[None]:
    yield
    store.ask(_SHUT, app.token, open=True)


@pytest.mark.usefixtures("_open_again")
def test_strangers_are_shut_out_and_let_in_again_by_one_word(shop: SaleorClient):
    shut = replace(PLAN, storefront_open=False)
    list(provision(shop, shut, provision_plan(shop, shut)))
    with pytest.raises(Exception, match=r"STOREFRONT|401|denied"):
        SaleorClient(store.API_URL).call("shop_countries")
    list(provision(shop, PLAN, provision_plan(shop, PLAN)))
    assert SaleorClient(store.API_URL).call("shop_countries")["countries"]
