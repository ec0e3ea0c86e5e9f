"""Saleor's catalogue read: the engine's `catalogue_pages` and `catalogue_look`. No word of Saleor travels past here."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import connections

from portal import clock
from portal.engine import ListPrice, ShelfStock, StoreItem, StorePage
from portal.saleor.client import SaleorClient
from portal.saleor.plan import PRODUCT_TYPE
from portal.saleor.services import client, links_of

MOST = 100  # of a page, and of ids asked for at once


class SaleorCatalogue:
    """The catalogue of the store we are connected to. Methods raise SaleorError."""

    def __init__(self, asked: SaleorClient | None = None) -> None:
        self._asked = asked

    def catalogue_pages(self, after: str = "") -> Iterator[StorePage]:
        """Page by page; the next one is asked for while the caller works on this one."""
        pages = self._store().pages("catalogue_page", after=after)
        with ThreadPoolExecutor(1) as ahead:
            coming = ahead.submit(_next, pages)
            while page := coming.result():
                if page.after:
                    coming = ahead.submit(_next, pages)
                yield page
                if not page.after:
                    break
            ahead.submit(connections.close_all)

    def catalogue_look(self, store_ids: Sequence[str]) -> StorePage:
        """At most `MOST` parts."""
        asked_at = clock.now()
        found = self._store().call("catalogue_look", ids=list(store_ids[:MOST]))
        return StorePage([_item(edge["node"]) for edge in found["edges"]], "", asked_at)

    def stock_put(self, store_id: str, on_hand: Mapping[str, int]) -> None:
        """Warehouses that were not set up there are left out."""
        ids = links_of("warehouse", on_hand)
        rows = [{"warehouse": ids[code], "quantity": pieces} for code, pieces in on_hand.items() if code in ids]
        if rows:
            self._store().call("variant_stocks_put", variant=store_id, stocks=rows)

    def _store(self) -> SaleorClient:
        return self._asked or client()


def _next(pages: Iterator[Any]) -> StorePage | None:
    asked_at: datetime = clock.now()
    page = next(pages, None)
    return StorePage([_item(node) for node in page.nodes], page.after, asked_at) if page else None


def _item(node: Mapping[str, Any]) -> StoreItem:
    product = node["product"]
    published = {one["channel"]["slug"] for one in product["channelListings"] or () if one["isPublished"]}
    prices = {
        one["channel"]["slug"]: _price(one["price"])
        for one in node["channelListings"] or ()
        if one["price"] and one["channel"]["slug"] in published
    }
    stock = {
        one["warehouse"]["externalReference"]: ShelfStock(one["quantity"], one["quantityAllocated"])
        for one in node["stocks"] or ()
        if one["warehouse"]["externalReference"]
    }
    return StoreItem(
        store_id=node["id"],
        parent_id=product["id"],
        key=node["externalReference"] or "",
        number=node["sku"] or "",
        name=product["name"],
        is_part=product["productType"]["slug"] == PRODUCT_TYPE,
        prices=prices,
        stock=stock,
    )


def _price(told: Mapping[str, Any]) -> ListPrice:
    """Exact as the store has it: `amount` is a float, the fraction is not, and says nothing of decimals beyond the currency's."""
    exact = Decimal(told["fractionalAmount"]).scaleb(-told["fractionDigits"])
    rough = Decimal(repr(told["amount"]))
    return ListPrice(exact if abs(exact - rough) < Decimal("0.0001") else rough, told["currency"])
