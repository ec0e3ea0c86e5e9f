"""The store as it is, read for comparison with a plan."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from portal.saleor.client import Page, SaleorClient
from portal.saleor.plan import ATTRIBUTES, PRODUCT_TYPE, ZONE, Found, ShopPlan, Things
from portal.saleor.services import links_of


def countries_of(asked: SaleorClient) -> frozenset[str]:
    """Every country the store can deliver to, two letters each."""
    return frozenset(one["code"] for one in asked.call("shop_countries")["countries"])


def things_read(asked: SaleorClient, plan: ShopPlan) -> Things:
    """What the store has of what the plan names. Zones and methods have no key of their own there: known ids go before names."""
    found: dict[tuple[str, str], Found] = {("shop", "settings"): Found("shop", asked.call("shop_settings"))}
    found |= {("warehouse", one["externalReference"]): Found(one["id"], one) for one in _all(asked.pages("warehouses"))}
    for channel in asked.call("channels"):
        found["channel", channel["slug"]] = Found(channel["id"], _channel(channel))
        found["channel.warehouses", channel["slug"]] = Found(channel["id"], _warehouses(channel, plan))
    for tax in _all(asked.pages("tax_configurations")):
        found["tax", tax["channel"]["slug"]] = Found(tax["id"], tax)
    found |= _zones(asked, found)
    for attribute in _nodes(asked.call("attributes_by_slug", slugs=list(ATTRIBUTES))):
        found["attribute", attribute["slug"]] = Found(attribute["id"], {})
    for one in _nodes(asked.call("product_types_by_slug", slugs=[PRODUCT_TYPE])):
        slugs = frozenset(attribute["slug"] for attribute in one["productAttributes"])
        found["producttype", one["slug"]] = Found(one["id"], {"productAttributes": slugs})
    return found


def _zones(asked: SaleorClient, known: Things) -> dict[tuple[str, str], Found]:
    """Known ids first. A name counts for a zone that nobody else is, and for a method in our own zone alone: others deliver, too."""
    names = {store_id: key for kind in ("zone", "method") for key, store_id in links_of(kind).items()}
    of_id = {one.store_id: name for (kind, name), one in known.items() if kind in ("warehouse", "channel")}
    found: dict[tuple[str, str], Found] = {}
    for zone in _known_first(_all(asked.pages("shipping_zones")), names):
        called = names.get(zone["id"], zone["name"])
        fields = {
            "countries": frozenset(one["code"] for one in zone["countries"]),
            "warehouses": frozenset(of_id.get(one["id"], "") for one in zone["warehouses"]),
            "channels": frozenset(of_id.get(one["id"], "") for one in zone["channels"]),
        }
        ours = called == ZONE and found.setdefault(("zone", called), Found(zone["id"], fields)).store_id == zone["id"]
        for method in _known_first(zone["shippingMethods"], names):
            free = frozenset(
                of_id.get(listing["channel"]["id"], "")
                for listing in method["channelListings"]
                if not listing["price"]["amount"]
            )
            name = names.get(method["id"], method["name"] if ours else "")
            found.setdefault(("method", name), Found(method["id"], {"free in": free}))
    return found


def _known_first(things: Iterable[dict[str, Any]], names: Mapping[str, str]) -> list[dict[str, Any]]:
    return sorted(things, key=lambda one: one["id"] not in names)


def _channel(read: dict[str, Any]) -> dict[str, Any]:
    orders = {**read["orderSettings"], "expireOrdersAfter": read["orderSettings"]["expireOrdersAfter"] or 0}
    return {**read, "defaultCountry": read["defaultCountry"]["code"], "orderSettings": orders}


def _warehouses(channel: dict[str, Any], plan: ShopPlan) -> dict[str, Any]:
    """Ours in the store's order; others stay where they are."""
    ours = {one.code for one in plan.warehouses}
    return {"warehouses": tuple(c for one in channel["warehouses"] if (c := one["externalReference"]) in ours)}


def _all(pages: Iterable[Page]) -> Iterator[dict[str, Any]]:
    for page in pages:
        yield from page.nodes


def _nodes(connection: dict[str, Any]) -> list[dict[str, Any]]:
    return [edge["node"] for edge in connection["edges"]]
