"""What is free where, and what is on its way."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import F, OuterRef, QuerySet, Subquery

from catalog.models import ExpectedReceipt, MarketWarehouse, StockLevel, Warehouse
from catalog.rules.stock import Source, day_when_free
from catalog.selectors.rows import row_of, thing_of


@dataclass
class Place:
    """One warehouse's stock of one part."""

    warehouse: Warehouse
    available: int = 0
    level: StockLevel | None = None
    expected: list[ExpectedReceipt] = field(default_factory=list)


@dataclass
class Availability:
    """A part's stock in a market, preferred warehouse first."""

    part_id: int
    places: list[Place]

    @property
    def free(self) -> int:
        """Free pieces on all shelves."""
        return sum(place.available for place in self.places)

    def day_for(self, quantity: int) -> date | None:
        """The first day `quantity` pieces are there; None when unknown (or when they are there now)."""
        coming = [
            Source(self.part_id, place.warehouse.pk, receipt.free, receipt.pk, receipt.expected_on)
            for place in self.places
            for receipt in place.expected
        ]
        return day_when_free(quantity, self.free, coming) if quantity > self.free else None


def market_warehouses(market: str) -> list[Warehouse]:
    """The warehouses that serve a market, preferred first; a market without its own list is served by all. One query."""
    return _serving(_ranked(market))


def market_day(market: str, now: datetime) -> date:
    """What day it is where the market's first warehouse stands: from when on a price list of that day is valid."""
    serving = market_warehouses(market)
    return now.astimezone(ZoneInfo(serving[0].zone if serving else "UTC")).date()


def availability_for(
    part_ids: Collection[int], *, warehouses: Collection[Warehouse], since: date | None = None
) -> dict[int, Availability]:
    """Stock of many parts in two queries; every part asked for is answered, every warehouse listed.

    Buyers are told of receipts expected `since` today: what is overdue has no known date (rules.md section 1).
    """
    levels = StockLevel.objects.filter(part_id__in=part_ids, warehouse__in=warehouses)
    coming = receipts_open(part_ids, since).filter(warehouse__in=warehouses)
    return _placed(part_ids, warehouses, levels, coming)


def market_stock(part_ids: Collection[int], *, market: str, since: date | None = None) -> dict[int, Availability]:
    """`availability_for` in the warehouses that serve a market, which are read along: one query for all."""
    if not part_ids:
        return {}
    here = {"warehouse": OuterRef("pk")}
    levels = StockLevel.objects.filter(part_id__in=part_ids, **here).values_list(row_of(StockLevel))
    coming = receipts_open(part_ids, since).filter(**here).values_list(row_of(ExpectedReceipt))
    found = _ranked(market).annotate(level_rows=ArraySubquery(levels), receipt_rows=ArraySubquery(coming))
    serving = _serving(found)
    return _placed(
        part_ids,
        serving,
        (thing_of(StockLevel, row) for one in serving for row in one.level_rows),
        (thing_of(ExpectedReceipt, row) for one in serving for row in one.receipt_rows),
    )


def _ranked(market: str) -> QuerySet[Any]:
    """Every warehouse with its `rank` in a market, null when it is not on the market's list."""
    listed = MarketWarehouse.objects.filter(market=market, warehouse=OuterRef("pk"))
    return Warehouse.objects.annotate(rank=Subquery(listed.values("rank"))).order_by("rank", "code")


def _serving(ranked: Iterable[Any]) -> list[Any]:
    every = list(ranked)
    return [one for one in every if one.rank is not None] or every


def _placed(
    part_ids: Collection[int],
    warehouses: Collection[Warehouse],
    levels: Iterable[StockLevel],
    coming: Iterable[ExpectedReceipt],
) -> dict[int, Availability]:
    """Levels and receipts at their places; `coming` earliest first within a warehouse."""
    found = {
        part_id: Availability(part_id, [Place(warehouse) for warehouse in warehouses]) for part_id in set(part_ids)
    }
    places = {(part_id, place.warehouse.pk): place for part_id, one in found.items() for place in one.places}
    for level in levels:
        place = places[level.part_id, level.warehouse_id]
        place.level, place.available = level, level.available
    for receipt in coming:
        places[receipt.part_id, receipt.warehouse_id].expected.append(receipt)
    return found


def receipts_open(part_ids: Collection[int], since: date | None = None) -> QuerySet[ExpectedReceipt]:
    """Receipts still to come, earliest first; with `since`, only those expected on that day or later."""
    rows = ExpectedReceipt.objects.filter(part_id__in=part_ids, received__lt=F("quantity"))
    return (rows if since is None else rows.filter(expected_on__gte=since)).order_by("expected_on", "pk")


def warehouse_get(code: str | None) -> Warehouse | None:
    """A warehouse by its code."""
    return Warehouse.objects.filter(code=code).first() if code else None


def warehouses_all() -> list[Warehouse]:
    """Every warehouse, by code."""
    return list(Warehouse.objects.order_by("code"))
