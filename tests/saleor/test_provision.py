"""The store set up: once, twice, and after somebody changed it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from portal.saleor.client import SaleorClient
from portal.saleor.errors import SaleorRefused
from portal.saleor.plan import ChannelPlan, ShopPlan, WarehousePlan
from portal.saleor.provisioning import provision, provision_plan
from portal.saleor.services import link_get
from tests import store

ADDRESS = {"country": "DE", "streetAddress1": "Weg 1", "city": "Duisburg", "postalCode": "47051"}
# The storefront stays open: with it shut, staff could not log in to end the test.
PLAN = ShopPlan(
    channels=(ChannelPlan("t2-dealer", "T2 Dealer", "EUR", "DE", ("T2B", "T2A")),),
    warehouses=(WarehousePlan("T2A", "Test A", ADDRESS), WarehousePlan("T2B", "Test B", ADDRESS)),
    storefront_open=True,
)
_SHUT = "mutation($open: Boolean!) { shopSettingsUpdate(input: {allowStorefrontTraffic: $open}) { errors { code } } }"


@pytest.fixture
def shop(connected: SaleorClient) -> SaleorClient:
    """The store, set up as planned."""
    list(provision(connected, PLAN, provision_plan(connected, PLAN)))
    return connected


def test_a_second_run_changes_nothing(shop: SaleorClient):
    assert provision_plan(shop, PLAN) == []


def test_our_warehouses_come_in_our_order_of_preference(shop: SaleorClient):
    [channel] = [one for one in shop.call("channels") if one["slug"] == "t2-dealer"]
    assert [one["externalReference"] for one in channel["warehouses"]] == ["T2B", "T2A"]
    turned = replace(PLAN, channels=(replace(PLAN.channels[0], warehouses=("T2A", "T2B")),))
    list(provision(shop, turned, provision_plan(shop, turned)))
    assert provision_plan(shop, turned) == []
    list(provision(shop, PLAN, provision_plan(shop, PLAN)))


def test_what_somebody_changed_is_mended_and_nothing_else(shop: SaleorClient):
    channel = link_get("channel", "t2-dealer")
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


def test_a_channel_of_another_currency_is_refused_with_its_name(shop: SaleorClient):
    other = replace(PLAN, channels=(replace(PLAN.channels[0], currency="USD"),))
    with pytest.raises(SaleorRefused, match="t2-dealer: EUR, not USD"):
        list(provision(shop, other, provision_plan(shop, other)))


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
