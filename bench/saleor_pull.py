"""A full pull over a bare loop that only asks Saleor for the same pages, both against the Saleor of SALEOR_API_URL, which must be connected and full.

And the peak memory of comparing and of projecting 100,000 parts, without a store: every part is new to the push, every item the same as known.
"""

from __future__ import annotations

import os
import tracemalloc
from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal

import httpx2
from django.db import connection

from bench.measure import Row, interleaved, ratios
from bench.world import Shop
from catalog.engines.saleor_pull import SaleorCatalogue
from catalog.models import Part, Price, PriceList, StockLevel, StorePart, Warehouse
from catalog.selectors.store import store_channels
from catalog.services.store_pull import Ours
from catalog.services.store_push import store_push_plan
from catalog.services.store_stock import Claims
from catalog.services.store_sweep import store_sweep
from portal import clock
from portal.engine import ListPrice, ShelfStock, StoreItem, StorePage
from portal.saleor.client import SaleorClient
from portal.saleor.documents import document
from tests import factories as make
from tests import store

WANTED = 0.9
MANY = int(os.environ.get("BENCH_STORE_PARTS", "100000"))
_NOW = datetime(2026, 5, 4, 9, 0, tzinfo=UTC)


def run(shop: Shop, url: str) -> list[Row]:
    """The ratio where a Saleor is named (as for `make test-saleor`), and the memory in any case."""
    return [*_paging(), *_memory(shop)]


def _paging() -> list[Row]:
    if not store.named():
        return [Row("full pull beside bare pages", store.MISSING, "", None)]
    with store.app_made() as app:
        asked = SaleorClient(store.API_URL, app.token)
        catalogue, ours = SaleorCatalogue(asked), _mirrored(asked)
        store_sweep(catalogue=catalogue, ours=ours, now=clock.now(), anew=True)  # the first one brings everything in
        parts = _bare(app.token)[0]
        rows = interleaved(lambda: parts / _pull(catalogue, ours), lambda: parts / _bare(app.token)[1], rounds=3)
    middle, low, high = ratios(*rows)
    ours_rate, bare_rate = (sorted(one)[1] for one in rows)
    return [
        Row(f"full pull of {parts} parts that did not change", f"{ours_rate:.0f} parts/s", f"{bare_rate:.0f} parts/s bare pages",
            middle, low, high, f"at least {WANTED}", middle >= WANTED)
    ]  # fmt: skip


def _mirrored(asked: SaleorClient) -> Ours:
    """Lists and warehouses for every channel and warehouse that the store has, so that everything it says is compared."""
    for channel in asked.call("channels"):
        market, dash, kind = channel["slug"].upper().partition("-")
        if dash and not PriceList.objects.filter(market=market, kind=kind).exists():
            make.make_price_list(market=market[:8], kind=kind[:10], currency=channel["currencyCode"])
    codes = [one["externalReference"] for page in asked.pages("warehouses") for one in page.nodes]
    warehouses = {
        code: (Warehouse.objects.filter(code=code).first() or make.make_warehouse(code)).pk for code in codes if code
    }
    return Ours(store_channels(_NOW.date()), warehouses, lambda ids, since: Claims(), lambda ids, now: None)


def _pull(catalogue: SaleorCatalogue, ours: Ours) -> float:
    began = clock.real_now()
    store_sweep(catalogue=catalogue, ours=ours, now=clock.now(), anew=True)
    return (clock.real_now() - began).total_seconds()


def _bare(token: str) -> tuple[int, float]:
    """Parts seen, and seconds: one connection, the same document, nothing done with the answers."""
    began, after, parts = clock.real_now(), None, 0
    with httpx2.Client(timeout=60, headers={"Authorization": f"Bearer {token}"}) as http:
        while True:
            asked = {"query": document("catalogue_page").text, "variables": {"after": after}}
            page = http.post(store.API_URL, json=asked).json()["data"]["productVariants"]
            parts += len(page["edges"])
            if not page["pageInfo"]["hasNextPage"]:
                return parts, (clock.real_now() - began).total_seconds()
            after = page["pageInfo"]["endCursor"]


def _ours(shop: Shop) -> Ours:
    warehouses = {shop.world.home.code: shop.world.home.pk}
    return Ours(store_channels(_NOW.date()), warehouses, lambda ids, since: Claims(), lambda ids, now: None)


# --- memory --------------------------------------------------------------------------------------------------------


def _memory(shop: Shop) -> list[Row]:
    _grow(shop)
    channels = list(store_channels(_NOW.date()).values())
    compared, push = _peak(lambda: sum(many for many, _ in store_push_plan(channels=channels, cover=lambda codes: {})))
    seen, pull = _peak(lambda: store_sweep(catalogue=_Known(), ours=_ours(shop), now=_NOW, anew=True).parts)
    return [
        Row(f"peak memory of comparing {compared} parts for a push", f"{push:.0f} MB", "", None),
        Row(f"peak memory of a pull of {seen} parts", f"{pull:.0f} MB", "", None),
    ]


def _peak(act: object) -> tuple[int, float]:
    tracemalloc.start()
    try:
        many = act()  # type: ignore[operator]
        return many, tracemalloc.get_traced_memory()[1] / 2**20
    finally:
        tracemalloc.stop()


def _grow(shop: Shop) -> None:
    """Parts that the store has, with a price and a level, written by the thousand."""
    listed = PriceList.objects.filter(discount_class="STANDARD", valid__contains=date(2026, 5, 4)).first()
    for start in range(0, MANY, 5000):
        numbers = [f"BENCH-{number}" for number in range(start, min(start + 5000, MANY))]
        parts = Part.objects.bulk_create(Part(number=one, normalised=one.replace("-", "")) for one in numbers)
        Price.objects.bulk_create(Price(price_list=listed, part=part, amount=Decimal(10)) for part in parts)
        StockLevel.objects.bulk_create(StockLevel(part=part, warehouse=shop.world.home) for part in parts)
        StorePart.objects.bulk_create(
            StorePart(
                part=part, product_id=f"P{part.pk}", variant_id=f"V{part.pk}",
                facts={"name": part.number, "prices": {}}, warehouses=[shop.world.home.code],
            )
            for part in parts
        )  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE catalog_part; ANALYZE catalog_price; ANALYZE catalog_storepart")


class _Known:
    """A store that says of every part what is known: pages are made as they are asked for."""

    def catalogue_pages(self, after: str = "") -> Iterator[StorePage]:
        """A hundred at a time."""
        last = int(after or 0)
        while rows := list(StorePart.objects.filter(pk__gt=last).select_related("part").order_by("pk")[:100]):
            last = rows[-1].pk
            yield StorePage([_item(row) for row in rows], str(last), _NOW)

    def catalogue_look(self, store_ids: object) -> StorePage:
        """Nothing was passed over."""
        return StorePage([], "", _NOW)

    def stock_put(self, store_id: str, on_hand: object) -> None:
        """Nothing is booked."""


def _item(row: StorePart) -> StoreItem:
    prices = {slug: ListPrice(Decimal(price), "KRW") for slug, price in row.facts["prices"].items()}
    stock = {code: ShelfStock(0, 0) for code in row.warehouses}
    return StoreItem(
        row.variant_id, row.product_id, f"/{row.part.number}", row.part.number, row.facts["name"], True, prices, stock
    )
