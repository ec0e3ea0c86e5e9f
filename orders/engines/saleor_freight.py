"""Freight in Saleor. It knows no price of an order's own, so every amount of freight is a shipping method, made when first needed."""

from __future__ import annotations

from portal.engine import EngineOrder
from portal.saleor.client import SaleorClient
from portal.saleor.errors import NotConnected
from portal.saleor.plan import METHOD, ZONE
from portal.saleor.services import link_get, link_set


def method_for(store: SaleorClient, order: EngineOrder, channel: str) -> str:
    """The id of the method that costs what the order pays for freight."""
    if not order.freight:
        return _linked("method", METHOD)
    price = f"{order.freight:f}"
    key = f"{METHOD} {price} {order.channel}"
    found = link_get("method", key)
    if found:
        return found
    given = {"name": f"{METHOD} {price} {order.currency}", "shippingZone": _linked("zone", ZONE), "type": "PRICE"}
    made = store.call("shipping_method_create", input=given)["shippingMethod"]["id"]
    store.call("shipping_method_listing", id=made, input={"addChannels": [{"channelId": channel, "price": price}]})
    link_set("method", key, made)
    return str(made)


def _linked(kind: str, name: str) -> str:
    found = link_get(kind, name)
    if found is None:
        raise NotConnected(f"The store has no {kind} {name}: run saleor_provision.")
    return found
