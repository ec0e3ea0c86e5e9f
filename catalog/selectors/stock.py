"""What is free where, and what is on its way."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date

from django.db.models import F, QuerySet

from catalog.models import ExpectedReceipt, MarketWarehouse, StockLevel, Warehouse
from catalog.rules.stock import Source, day_when_free


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
    """The warehouses that serve a market, preferred first; a market without its own list is served by all."""
    ranked = [
        row.warehouse
        for row in MarketWarehouse.objects.filter(market=market).select_related("warehouse").order_by("rank")
    ]
    return ranked or list(Warehouse.objects.order_by("code"))


def availability_for(
    part_ids: Collection[int], *, warehouses: Collection[Warehouse], since: date | None = None
) -> dict[int, Availability]:
    """Stock of many parts in two queries; every part asked for is answered, every warehouse listed.

    Buyers are told of receipts expected `since` today: what is overdue has no known date (rules.md section 1).
    """
    found = {
        part_id: Availability(part_id, [Place(warehouse) for warehouse in warehouses]) for part_id in set(part_ids)
    }
    places = {(part_id, place.warehouse.pk): place for part_id, one in found.items() for place in one.places}
    for level in StockLevel.objects.filter(part_id__in=found, warehouse__in=warehouses):
        place = places[level.part_id, level.warehouse_id]
        place.level, place.available = level, level.available
    coming = receipts_open(found).filter(warehouse__in=warehouses)
    for receipt in coming if since is None else coming.filter(expected_on__gte=since):
        places[receipt.part_id, receipt.warehouse_id].expected.append(receipt)
    return found


def receipts_open(part_ids: Collection[int]) -> QuerySet[ExpectedReceipt]:
    """Receipts still to come, earliest first."""
    return ExpectedReceipt.objects.filter(part_id__in=part_ids, received__lt=F("quantity")).order_by(
        "expected_on", "pk"
    )


def warehouse_get(code: str | None) -> Warehouse | None:
    """A warehouse by its code."""
    return Warehouse.objects.filter(code=code).first() if code else None


def warehouses_all() -> list[Warehouse]:
    """Every warehouse, by code."""
    return list(Warehouse.objects.order_by("code"))
