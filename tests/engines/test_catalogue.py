"""The catalogue over recorded exchanges: set up, pushed, pushed again, changed there, seen here."""

from __future__ import annotations

from decimal import Decimal

import pytest

from catalog.engines.saleor_pull import SaleorCatalogue
from catalog.engines.saleor_push import SaleorPush
from catalog.models import Part, PartName, StockLevel
from catalog.selectors.prices import prices_for
from catalog.selectors.stock import market_day
from catalog.selectors.store import store_channels
from catalog.services.store_pull import Ours
from catalog.services.store_push import Pushed, store_push
from catalog.services.store_stock import Claims
from catalog.services.store_sweep import store_sweep
from portal import clock
from portal.management.store_plan import shop_plan
from portal.saleor.client import SaleorClient
from portal.saleor.models import StoreLink
from portal.saleor.provisioning import provision, provision_plan
from tests import store
from tests.factories import make_part, make_price, make_price_list, make_stock, make_warehouse

_DELETE = "mutation($id: ID!) { productDelete(id: $id) { errors { code } } }"


@pytest.mark.vcr
def test_the_catalogue_goes_there_and_what_changes_there_comes_back(recorded: SaleorClient, recording: bool):
    warehouse = make_warehouse("R2A", name="Recorded", country="DE", market="R2", zone="Europe/Berlin")
    prices = make_price_list(market="R2", kind="DEALER", currency="EUR")
    parts = [make_part(f"R2-{number}", name=f"Seal {number}", maker="Recorded") for number in (1, 2)]
    for part in parts:
        make_price(prices, part, "12.345")
        make_stock(part, warehouse, 10)
    plan = shop_plan(now=clock.now(), storefront_open=True)
    list(provision(recorded, plan, provision_plan(recorded, plan)))
    assert provision_plan(recorded, plan) == []

    assert _push(recorded).made == 2
    assert _push(recorded).sent == 0
    catalogue = SaleorCatalogue(recorded)
    ours = Ours(store_channels(clock.now()), {"R2A": warehouse.pk}, lambda ids, since: Claims(), lambda ids, now: None)
    assert store_sweep(catalogue=catalogue, ours=ours, now=clock.now()).changes == 0

    row = Part.objects.get(number="R2-1").in_store
    channel = StoreLink.objects.get(kind="channel", key="r2-dealer").store_id
    recorded.call("variant_listing", id=row.variant_id, input=[{"channelId": channel, "price": "13.75"}])
    recorded.call("product_update", id=row.product_id, input={"name": "Renamed there"})
    catalogue.stock_put(row.variant_id, {"R2A": 4})
    assert store_sweep(catalogue=catalogue, ours=ours, now=clock.now()).changes == 1
    assert PartName.objects.get(part=parts[0]).name == "Renamed there"
    assert (StockLevel.objects.get(part=parts[0]).on_hand, _price(parts[0])) == (4, Decimal("13.75"))
    assert (_price(parts[1]), _push(recorded).sent) == (Decimal("12.345"), 0)
    for part in parts if recording else ():
        store.staff_ask(_DELETE, id=Part.objects.get(pk=part.pk).in_store.product_id)


def _push(asked: SaleorClient) -> Pushed:
    channels = list(store_channels(clock.now()).values())
    return store_push(push=SaleorPush(asked), channels=channels, cover=lambda codes: {}, now=clock.now())


def _price(part: Part) -> Decimal:
    found = prices_for(
        [part.pk], market="R2", kind="DEALER", discount_class="STANDARD", on=market_day("R2", clock.now())
    )
    return found[part.pk].at(1).amount
