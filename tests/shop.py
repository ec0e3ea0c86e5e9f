"""A small shop in a real Saleor: a channel, two warehouses, parts with stock; and another channel that sells the same pieces."""

from __future__ import annotations

import itertools
from dataclasses import asdict, dataclass, field
from typing import Any

from portal.saleor.plan import EXPECTED, METHOD, ZONE
from portal.saleor.services import link_set, links_set
from tests.store import staff_ask

CODES = ("HOME", "AWAY")
_names = itertools.count(1)


@dataclass
class Shop:
    """Names and ids of one run; `variants`: part key to id."""

    run: str
    channel: str = ""
    currency: str = "EUR"
    channel_id: str = ""
    zone_id: str = ""
    method_id: str = ""
    warehouses: dict[str, str] = field(default_factory=dict)
    variants: dict[str, str] = field(default_factory=dict)
    producttype: str = ""
    category: str = ""

    @property
    def other_channel(self) -> str:
        """Where strangers buy the same pieces."""
        return f"{self.channel}-other"

    def part(self, name: str) -> str:
        """The key of a part of this run."""
        return f"acme/{name}-{self.run}"

    def as_json(self) -> dict[str, Any]:
        """To keep beside recordings."""
        return asdict(self)

    def link(self) -> None:
        """What provisioning and push would have remembered; needs the database."""
        link_set("channel", self.channel, self.channel_id)
        link_set("currency", self.channel_id, f"{self.currency} {self.channel_id}")
        link_set("zone", ZONE, self.zone_id)
        link_set("method", METHOD, self.method_id)
        links_set("warehouse", self.warehouses.items())
        links_set("part", self.variants.items())


def did(answer: dict[str, Any]) -> dict[str, Any]:
    """The only payload, which must have no errors."""
    (payload,) = answer.values()
    assert not payload["errors"], payload["errors"]
    return payload


def shop_make(run: str, *, currency: str = "EUR") -> Shop:
    """Set the shop up, as `saleor_provision` does."""
    shop = Shop(run, f"eu-test-{run}", currency)
    staff_ask("mutation { shopSettingsUpdate(input: {fulfillmentAllowUnpaid: true, limitQuantityPerCheckout: 1000000, useLegacyShippingZoneStockAvailability: false}) { errors { message } } }")  # fmt: skip
    shop.channel_id = _channel(shop.channel, currency)
    other = _channel(shop.other_channel, currency)
    for code in (*CODES, EXPECTED):
        given = {"name": f"{code} {run}", "slug": f"{code}-{run}".lower().replace(".", "-"), "externalReference": code if code == EXPECTED else f"{code}-{run}", "address": {"streetAddress1": "Gate 1", "city": "Berlin", "postalCode": "10115", "country": "DE", "companyName": "House"}}  # fmt: skip
        shop.warehouses[code if code == EXPECTED else f"{code}-{run}"] = _warehouse(given)
    places = list(shop.warehouses.values())
    for channel, own in ((shop.channel_id, places), (other, places[:2])):
        did(staff_ask("mutation($id: ID!, $w: [ID!]!) { channelUpdate(id: $id, input: {addWarehouses: $w}) { errors { message } } }", id=channel, w=own))  # fmt: skip
    _order_warehouses(shop.channel_id, places)
    _delivery(shop, other)
    _untaxed()
    made = did(staff_ask("mutation($i: ProductTypeInput!) { productTypeCreate(input: $i) { productType { id } errors { message } } }", i={"name": f"Part {run}", "slug": f"part-{run}", "kind": "NORMAL", "isShippingRequired": True}))  # fmt: skip
    shop.producttype = made["productType"]["id"]
    made = did(staff_ask("mutation($i: CategoryInput!) { categoryCreate(input: $i) { category { id } errors { message } } }", i={"name": f"Parts {run}", "slug": f"parts-{run}"}))  # fmt: skip
    shop.category = made["category"]["id"]
    return shop


def part_make(shop: Shop, name: str, *, home: int = 0, away: int = 0) -> str:
    """A part with stock, sold in both channels; answers its key."""
    key = shop.part(name)
    ids = [shop.channel_id, _found_channel(shop.other_channel)]
    listings = [{"channelId": one, "isPublished": True, "isAvailableForPurchase": True, "visibleInListings": True} for one in ids]  # fmt: skip
    stocks = [{"warehouse": shop.warehouses[f"{code}-{shop.run}"], "quantity": quantity} for code, quantity in (("HOME", home), ("AWAY", away))]  # fmt: skip
    variant = {"sku": key, "externalReference": key, "trackInventory": True, "attributes": [], "stocks": stocks, "channelListings": [{"channelId": one, "price": "10"} for one in ids]}  # fmt: skip
    row = {"name": name, "slug": key.replace("/", "-").lower(), "productType": shop.producttype, "category": shop.category, "externalReference": key, "attributes": [], "channelListings": listings, "variants": [variant]}  # fmt: skip
    did(staff_ask("mutation($p: [ProductBulkCreateInput!]!) { productBulkCreate(products: $p, errorPolicy: REJECT_EVERYTHING) { errors { path message code } } }", p=[row]))  # fmt: skip
    shop.variants[key] = staff_ask("query($r: String!) { productVariant(externalReference: $r) { id } }", r=key)["productVariant"]["id"]  # fmt: skip
    return key


def sell_elsewhere(shop: Shop, part: str, quantity: int) -> bool:
    """A stranger buys in the other channel; answers whether the store let them have it."""
    address = {"firstName": "A", "streetAddress1": "B 1", "city": "Berlin", "postalCode": "10115", "country": "DE"}
    given = {"channelId": _found_channel(shop.other_channel), "userEmail": "a@example.com", "shippingAddress": address, "billingAddress": address, "shippingMethod": shop.method_id, "lines": [{"variantId": shop.variants[part], "quantity": quantity}]}  # fmt: skip
    made = did(staff_ask("mutation($i: DraftOrderCreateInput!) { draftOrderCreate(input: $i) { order { id } errors { field message code } } }", i=given))  # fmt: skip
    said = staff_ask("mutation($id: ID!) { draftOrderComplete(id: $id) { errors { code message } } }", id=made["order"]["id"])  # fmt: skip
    errors = [one["code"] for one in said["draftOrderComplete"]["errors"]]
    assert errors in ([], ["INSUFFICIENT_STOCK"]), said
    return not errors


ORDER = """query($r: String!) { order(externalReference: $r) { id number status userEmail metadata { key value }
  channel { slug } total { gross { amount currency } } shippingPrice { gross { amount } } shippingAddress { city postalCode }
  lines { productSku quantity unitPrice { gross { amount } } totalPrice { gross { amount } } metadata { key value }
          allocations { quantity warehouse { externalReference } } } } }"""


def order_seen(key: str) -> dict[str, Any]:
    """The order as anybody with the right sees it through Saleor's own API."""
    return dict(staff_ask(ORDER, r=key)["order"])


def allocated(shop: Shop, part: str) -> dict[str, tuple[int, int]]:
    """(quantity, allocated) by warehouse."""
    told = staff_ask("query($id: ID!) { productVariant(id: $id) { stocks { quantity quantityAllocated warehouse { externalReference } } } }", id=shop.variants[part])  # fmt: skip
    return {one["warehouse"]["externalReference"]: (one["quantity"], one["quantityAllocated"]) for one in told["productVariant"]["stocks"]}  # fmt: skip


def _channel(slug: str, currency: str) -> str:
    given = {"name": slug, "slug": slug, "currencyCode": currency, "defaultCountry": "DE", "isActive": True, "stockSettings": {"allocationStrategy": "PRIORITIZE_SORTING_ORDER"}, "orderSettings": {"allowUnpaidOrders": True, "automaticallyConfirmAllNewOrders": True, "markAsPaidStrategy": "TRANSACTION_FLOW"}}  # fmt: skip
    return did(staff_ask("mutation($i: ChannelCreateInput!) { channelCreate(input: $i) { channel { id } errors { field message } } }", i=given))["channel"]["id"]  # fmt: skip


def _found_channel(slug: str) -> str:
    return staff_ask("query($s: String!) { channel(slug: $s) { id } }", s=slug)["channel"]["id"]


def _warehouse(given: dict[str, Any]) -> str:
    found = staff_ask("query($r: String!) { warehouse(externalReference: $r) { id } }", r=given["externalReference"])["warehouse"]  # fmt: skip
    if found:
        return found["id"]
    return did(staff_ask("mutation($i: WarehouseCreateInput!) { createWarehouse(input: $i) { warehouse { id } errors { field message } } }", i=given))["warehouse"]["id"]  # fmt: skip


def _order_warehouses(channel: str, wanted: list[str]) -> None:
    found = staff_ask("query($id: ID!) { channel(id: $id) { warehouses { id } } }", id=channel)["channel"]["warehouses"]
    order = [one["id"] for one in found]
    for place, warehouse in enumerate(wanted):
        if away := order.index(warehouse) - place:
            did(staff_ask("mutation($id: ID!, $m: [ReorderInput!]!) { channelReorderWarehouses(channelId: $id, moves: $m) { errors { message } } }", id=channel, m=[{"id": warehouse, "sortOrder": -away}]))  # fmt: skip
            order.insert(place, order.pop(order.index(warehouse)))


def _delivery(shop: Shop, other: str) -> None:
    given = {"name": f"{ZONE} {shop.run}", "countries": ["DE", "KR", "US"], "addWarehouses": list(shop.warehouses.values()), "addChannels": [shop.channel_id, other]}  # fmt: skip
    shop.zone_id = did(staff_ask("mutation($i: ShippingZoneCreateInput!) { shippingZoneCreate(input: $i) { shippingZone { id } errors { field message } } }", i=given))["shippingZone"]["id"]  # fmt: skip
    shop.method_id = did(staff_ask("mutation($i: ShippingPriceInput!) { shippingPriceCreate(input: $i) { shippingMethod { id } errors { field message } } }", i={"name": METHOD, "shippingZone": shop.zone_id, "type": "PRICE"}))["shippingMethod"]["id"]  # fmt: skip
    listed = [{"channelId": one, "price": "0"} for one in (shop.channel_id, other)]
    did(staff_ask("mutation($id: ID!, $i: ShippingMethodChannelListingInput!) { shippingMethodChannelListingUpdate(id: $id, input: $i) { errors { field message } } }", id=shop.method_id, i={"addChannels": listed}))  # fmt: skip


def _untaxed() -> None:
    for edge in staff_ask("{ taxConfigurations(first: 100) { edges { node { id } } } }")["taxConfigurations"]["edges"]:
        did(staff_ask("mutation($id: ID!) { taxConfigurationUpdate(id: $id, input: {chargeTaxes: false, pricesEnteredWithTax: false}) { errors { message } } }", id=edge["node"]["id"]))  # fmt: skip
