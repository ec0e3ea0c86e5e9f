"""All that is known of one part's stock: levels, what is on its way, who waits, the demand, and what to order."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import F, Q

from catalog.models import ExpectedReceipt, Part, StockLedger, Warehouse
from catalog.rules.reorder import Proposal, Shelf, reorder
from catalog.selectors.demand import demand_weekly
from catalog.selectors.levels import LevelRow, level_rows, movements
from catalog.selectors.parts import part_names
from catalog.selectors.stock import receipts_open, warehouses_all
from orders.models import LineHold, OrderLine
from orders.selectors.queue import TO_SHIP
from portal.accounts.selectors import actors_known_as

FEW = 50


@dataclass
class Moved:
    """A movement of the ledger, by whom."""

    row: StockLedger
    by: str


@dataclass
class PartStock:
    """A part for those who answer for its stock; `demand` by warehouse key, pieces a week; `open_lines` are not shipped yet:
    those that may leave, then those that hold pieces until they are paid for or approved."""

    part: Part
    name: str
    warehouses: list[Warehouse]
    rows: list[LevelRow]
    receipts: list[ExpectedReceipt]
    demand: dict[int, list[int]]
    proposals: dict[int, Proposal]
    open_lines: list[OrderLine]


def part_stock(part_id: int, *, now: datetime, language: str) -> PartStock | None:
    """One part; None when there is none. A constant number of queries."""
    part = Part.objects.filter(pk=part_id).first()
    if part is None:
        return None
    rows = level_rows(part, language)
    lines = list(
        OrderLine.objects.filter(TO_SHIP | Q(pk__in=LineHold.objects.filter(line__part=part).values("line")), part=part)
        .select_related("order__company")
        .prefetch_related("holds__warehouse")
        .order_by(F("cleared_at").asc(nulls_last=True), "pk")[:FEW]
    )
    demand = {place: weekly for (_, place), weekly in demand_weekly([part.pk], now=now).items()}
    return PartStock(
        part=part,
        name=part_names([part], language).get(part.pk, ""),
        warehouses=warehouses_all(),
        rows=rows,
        receipts=list(receipts_open([part.pk]).select_related("warehouse")),
        demand=demand,
        proposals={row.level.warehouse_id: told for row in rows if (told := reorder(_shelf(row, demand)))},
        open_lines=lines,
    )


def _shelf(row: LevelRow, demand: dict[int, list[int]]) -> Shelf:
    level = row.level
    return Shelf(
        available=level.available, coming=level.coming_free, waiting=0, safety=level.safety_stock, point=level.reorder_point,  # type: ignore[attr-defined]
        weekly=demand.get(level.warehouse_id, []), pack=level.part.pack_quantity, minimum=level.part.minimum_quantity,
    )  # fmt: skip


def part_movements(part_id: int, *, before: int | None = None, limit: int = FEW) -> list[Moved]:
    """The newest movements of a part older than `before` (a row's key), each with the name of who did it."""
    rows = movements(part_id=part_id)
    found = list((rows.filter(pk__lt=before) if before else rows)[:limit])
    names = actors_known_as({one.actor for one in found})
    return [Moved(one, names[one.actor]) for one in found]
