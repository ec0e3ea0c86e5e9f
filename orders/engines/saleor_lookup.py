"""What our things are called in Saleor, and what lies on its shelves."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from orders.engines.saleor_draft import Ids
from orders.engines.saleor_freight import method_for
from orders.rules.store_order import Shelf
from portal.engine import EngineOrder, LineRefusal, Refusal
from portal.saleor.client import SaleorClient
from portal.saleor.services import link_get, link_set, links_of, links_set

_PAGE = 100


def ids_of(store: SaleorClient, order: EngineOrder) -> Ids | LineRefusal:
    """Ids for this order; parts Saleor does not know are missing in them. A channel that is not set up, or has another currency, is a refusal."""
    channel = link_get("channel", order.channel)
    if channel is None:
        return LineRefusal(Refusal.CHANNEL, words=f"{order.channel}: run saleor_provision")
    currency = _currency(store, channel)
    if not currency:
        return LineRefusal(Refusal.CHANNEL, words=f"{order.channel} is gone: run saleor_provision")
    if currency != order.currency:
        return LineRefusal(Refusal.CURRENCY, words=f"{order.channel}: {currency} there, {order.currency} here")
    parts = {line.part for line in order.lines}
    variants = links_of("part", parts)
    found = {part: store_id for part in sorted(parts - variants.keys()) if (store_id := _asked(store, part))}
    links_set("part", found.items())
    return Ids(channel, method_for(store, order, channel), {**variants, **found})


def _currency(store: SaleorClient, channel: str) -> str:
    """The channel's currency, "" when the store has it no more. It is for ever, so it is asked once for each channel."""
    if known := link_get("currency", channel):
        return known.split(" ", 1)[0]
    found = {one["id"]: one["currencyCode"] for one in store.call("channels") or ()}
    if channel in found:
        link_set("currency", channel, f"{found[channel]} {channel}")
    return str(found.get(channel, ""))


def _asked(store: SaleorClient, part: str) -> str | None:
    there = store.call("variant_by_reference", reference=part)
    return there["id"] if there else None


def parts_unknown(store: SaleorClient, order: EngineOrder, ids: Ids) -> set[str]:
    """Parts whose id leads nowhere in Saleor any more."""
    known = {store_id for store_id, _ in _shelves(store, ids.variants.values(), order.channel)}
    return {part for part, store_id in ids.variants.items() if store_id not in known}


def shelves_of(store: SaleorClient, order: EngineOrder, ids: Ids) -> dict[str, list[Shelf]]:
    """Each part's shelves that the order's channel draws on."""
    key = {store_id: part for part, store_id in ids.variants.items()}
    return {key[store_id]: shelves for store_id, shelves in _shelves(store, key, order.channel)}


def _shelves(store: SaleorClient, variants: Iterable[str], channel: str) -> Iterable[tuple[str, list[Shelf]]]:
    asked = sorted(variants)
    for start in range(0, len(asked), _PAGE):
        told = store.call("variants_stock", ids=asked[start : start + _PAGE], channel=channel)
        places = {one["externalReference"] for one in (told["channel"] or {"warehouses": ()})["warehouses"]}
        for edge in told["productVariants"]["edges"]:
            there = [_shelf(stock) for stock in edge["node"]["stocks"]]
            yield edge["node"]["id"], [one for one in there if one.warehouse in places]


def _shelf(stock: Mapping[str, Any]) -> Shelf:
    return Shelf(stock["warehouse"]["externalReference"] or "", stock["quantity"], stock["quantityAllocated"])
