"""A shop in a real Saleor to order from: channels, two warehouses, parts on their shelves; and its people at the Dashboard."""

from __future__ import annotations

import itertools
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.db import connection

from catalog.models import Part
from catalog.rules.store import store_key
from orders.models import Order
from orders.rules.mirror import Gap
from orders.services.engines import engine
from orders.services.mirroring import order_mirror
from portal.outbox.services import outbox_run
from portal.saleor.plan import METHOD
from portal.saleor.services import link_set, links_set
from tests import store
from tests.orders.world import World

_KNOWN: dict[str, dict[str, str]] = {}  # what was found or made in this run, by kind
_numbers = itertools.count(int(time.time()))
_PLACE = {"streetAddress1": "Hafenstr. 1", "city": "Berlin", "postalCode": "10115", "country": "DE"}

_CHANNEL = "query($s: String!) { channel(slug: $s) { id } }"
_CHANNEL_MAKE = (
    "mutation($i: ChannelCreateInput!) { channelCreate(input: $i) { channel { id } errors { field message } } }"
)
_CHANNEL_LINK = (
    "mutation($id: ID!, $i: ChannelUpdateInput!) { channelUpdate(id: $id, input: $i) { errors { field message } } }"
)
_WAREHOUSE = "query($e: String!) { warehouse(externalReference: $e) { id } }"
_WAREHOUSE_MAKE = (
    "mutation($i: WarehouseCreateInput!) { createWarehouse(input: $i) { warehouse { id } errors { field message } } }"
)
_TAXES = "{ taxConfigurations(first: 100) { edges { node { id channel { slug } } } } }"
_TAX_OFF = """mutation($id: ID!, $i: TaxConfigurationUpdateInput!) {
  taxConfigurationUpdate(id: $id, input: $i) { errors { field message } } }"""
_SHOP = """mutation { shopSettingsUpdate(input: {fulfillmentAllowUnpaid: true, fulfillmentAutoApprove: true,
  limitQuantityPerCheckout: 100000}) { errors { field message } } }"""
_ZONES = '{ shippingZones(first: 1, filter: {search: "Everywhere"}) { edges { node { shippingMethods { id } } } } }'
_ZONE_MAKE = "mutation($i: ShippingZoneCreateInput!) { shippingZoneCreate(input: $i) { shippingZone { id } errors { field message } } }"
_METHOD_MAKE = "mutation($i: ShippingPriceInput!) { shippingPriceCreate(input: $i) { shippingMethod { id } errors { field message } } }"
_METHOD_LIST = """mutation($id: ID!, $i: ShippingMethodChannelListingInput!) {
  shippingMethodChannelListingUpdate(id: $id, input: $i) { errors { field message } } }"""
_TYPES = "{ productTypes(first: 1) { edges { node { id } } } }"
_TYPE_MAKE = (
    "mutation($i: ProductTypeInput!) { productTypeCreate(input: $i) { productType { id } errors { field message } } }"
)
_PRODUCTS = """mutation($p: [ProductBulkCreateInput!]!) { productBulkCreate(products: $p) {
  results { product { variants { id } } errors { path message } } errors { path message } } }"""
_STOCKS = "query($id: ID!) { productVariant(id: $id) { stocks { quantity quantityAllocated warehouse { externalReference } } } }"


def _done(said: dict[str, Any]) -> Any:
    (answer,) = said.values()
    assert not answer.get("errors"), answer["errors"]
    return answer


@dataclass
class Shop:
    """`variants` maps a part's number to Saleor's id."""

    world: World
    channels: dict[str, str] = field(default_factory=dict)
    warehouses: dict[str, str] = field(default_factory=dict)
    variants: dict[str, str] = field(default_factory=dict)

    def furnish(self) -> None:
        """Make what is missing; a Saleor that was furnished before is used as it is."""
        if not _KNOWN:
            _done(store.staff_ask(_SHOP))
            self.warehouses = {code: self._warehouse(code) for code in ("HOME", "AWAY")}
            self.channels = {slug: self._channel(slug) for slug in ("kr-customer", "kr-dealer")}
            _KNOWN.update(warehouse=self.warehouses, channel=self.channels, method={METHOD: self._method()})
        self.warehouses, self.channels = _KNOWN["warehouse"], _KNOWN["channel"]
        for kind, found in _KNOWN.items():
            links_set(kind, found.items())
        with connection.cursor() as cursor:  # a number stands in Saleor for ever
            cursor.execute("SELECT setval('orders_order_number', %s)", [next(_numbers) * 10])

    def _warehouse(self, code: str) -> str:
        found = store.staff_ask(_WAREHOUSE, e=code)["warehouse"]
        made = {"name": code, "externalReference": code, "address": _PLACE}
        return (found or _done(store.staff_ask(_WAREHOUSE_MAKE, i=made))["warehouse"])["id"]

    def _channel(self, slug: str) -> str:
        found = store.staff_ask(_CHANNEL, s=slug)["channel"]
        rules = {
            "allowUnpaidOrders": True,
            "markAsPaidStrategy": "TRANSACTION_FLOW",
            "automaticallyConfirmAllNewOrders": True,
        }
        made = {"name": slug, "slug": slug, "currencyCode": self.world.currency, "defaultCountry": "KR", "isActive": True,
                "orderSettings": rules}  # fmt: skip
        store_id = (found or _done(store.staff_ask(_CHANNEL_MAKE, i=made))["channel"])["id"]
        _done(store.staff_ask(_CHANNEL_LINK, id=store_id, i={"addWarehouses": list(self.warehouses.values())}))
        for edge in store.staff_ask(_TAXES)["taxConfigurations"]["edges"]:
            if edge["node"]["channel"]["slug"] == slug:
                off = {"chargeTaxes": False, "pricesEnteredWithTax": False}
                _done(store.staff_ask(_TAX_OFF, id=edge["node"]["id"], i=off))
        return str(store_id)

    def _method(self) -> str:
        """The one way of shipping, for nothing."""
        if found := store.staff_ask(_ZONES)["shippingZones"]["edges"]:
            return str(found[0]["node"]["shippingMethods"][0]["id"])
        channels, warehouses = list(self.channels.values()), list(self.warehouses.values())
        zone = {"name": "Everywhere", "countries": ["KR", "DE"], "addWarehouses": warehouses, "addChannels": channels}
        zone_id = _done(store.staff_ask(_ZONE_MAKE, i=zone))["shippingZone"]["id"]
        made = {"name": "Standard", "shippingZone": zone_id, "type": "PRICE"}
        method = _done(store.staff_ask(_METHOD_MAKE, i=made))["shippingMethod"]["id"]
        listed = {"addChannels": [{"channelId": one, "price": "0"} for one in channels]}
        _done(store.staff_ask(_METHOD_LIST, id=method, i=listed))
        return str(method)

    def part(self, *, home: int = 0, away: int = 0, price: str = "10000", **extra: Any) -> Part:
        """A part with stock here and there alike."""
        number = f"TP-{next(_numbers)}"
        part = self.world.part(number=number, home=home, away=away, price=price, **extra)
        stocks = [
            {"warehouse": self.warehouses[code], "quantity": count} for code, count in (("HOME", home), ("AWAY", away))
        ]
        listing = [
            {"channelId": one, "isPublished": True, "isAvailableForPurchase": True} for one in self.channels.values()
        ]
        prices = [{"channelId": one, "price": price} for one in self.channels.values()]
        variant = {
            "sku": number,
            "externalReference": number,
            "attributes": [],
            "stocks": stocks,
            "channelListings": prices,
        }
        row = {"name": number, "slug": number.lower(), "productType": self._type(), "externalReference": number,
               "channelListings": listing, "variants": [variant]}  # fmt: skip
        made = _done(store.staff_ask(_PRODUCTS, p=[row]))["results"][0]
        assert not made["errors"], made["errors"]
        self.variants[number] = made["product"]["variants"][0]["id"]
        link_set("part", store_key(part.maker, number), self.variants[number])
        return part

    def _type(self) -> str:
        found = store.staff_ask(_TYPES)["productTypes"]["edges"]
        made = {"name": "Part", "kind": "NORMAL", "isShippingRequired": True}
        return found[0]["node"]["id"] if found else _done(store.staff_ask(_TYPE_MAKE, i=made))["productType"]["id"]

    def stock(self, part: Part) -> dict[str, tuple[int, int]]:
        """Warehouse to (pieces, allocated) as Saleor counts them."""
        rows = store.staff_ask(_STOCKS, id=self.variants[part.number])["productVariant"]["stocks"]
        return {row["warehouse"]["externalReference"]: (row["quantity"], row["quantityAllocated"]) for row in rows}

    def settle(self, order: Order) -> None:
        """The messages of an order are handled, those to the store included."""
        while outbox_run(order.number) + outbox_run(f"card:{order.number}") + outbox_run(f"store:{order.number}"):
            pass
        order.refresh_from_db()

    def look(self, order: Order) -> list[Gap]:
        """What a webhook or the sweep sets off; answers what differs afterwards."""
        found = list(order_mirror(order_id=order.pk, now=self.world.now).gaps)
        self.settle(order)
        return found


def shop_open(world: World, settings: Any) -> Iterator[Shop]:
    """A shop to order from, with Saleor behind the portal."""
    settings.COMMERCE_ENGINE = "orders.engines.saleor.SaleorEngine"
    engine.cache_clear()
    made = Shop(world)
    made.furnish()
    yield made
    engine.cache_clear()
