"""What to order again, and why: shelves at their reorder point, and pieces that buyers wait for without a source."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Q, Sum
from django.db.models.functions import Coalesce

from catalog.models import MarketWarehouse, Part, StockLevel, Warehouse
from catalog.rules.reorder import Proposal, Shelf, Why, reorder
from catalog.selectors.demand import demand_weekly
from catalog.selectors.levels import levels
from catalog.selectors.parts import part_names
from orders.models import OrderLine
from orders.selectors.queue import TO_SHIP

MOST = 5000
_TURN = list(Why)


@dataclass
class ReorderRow:
    """A part to order for a warehouse."""

    level: StockLevel
    name: str
    shelf: Shelf
    proposal: Proposal
    weekly: list[int] = field(default_factory=list)


def waiting_pieces() -> dict[tuple[int, int], int]:
    """{(part, warehouse): pieces} that are paid for and have no source at all; each waits at the first warehouse of its market. Two queries."""
    short = (
        OrderLine.objects.filter(TO_SHIP)
        .exclude(order__state="CANCELLED")
        .annotate(kept=Coalesce(Sum("holds__quantity"), 0))
        .values_list("part", "order__market", "quantity", "cancelled", "shipped", "kept")
    )
    first = dict(MarketWarehouse.objects.order_by("-rank").values_list("market", "warehouse"))
    other = Warehouse.objects.order_by("code").values_list("pk", flat=True).first() if not first else None
    found: dict[tuple[int, int], int] = defaultdict(int)
    for part, market, quantity, cancelled, shipped, kept in short.iterator(chunk_size=2000):
        pieces = quantity - cancelled - shipped - kept
        place = first.get(market, other or next(iter(first.values()), None))
        if pieces > 0 and place is not None:
            found[part, place] += pieces
    return dict(found)


def reorder_rows(*, now: datetime, language: str, warehouse_id: int | None = None) -> list[ReorderRow]:
    """Everything to order, the most pressing first: who waits, then below safety stock, then by how long the rest will last."""
    waiting = waiting_pieces()
    asked = Q(pk__in=levels(only="reorder", warehouse_id=warehouse_id).order_by().values("pk"))
    parts = {part for part, _ in waiting}
    rows = levels(warehouse_id=warehouse_id).filter(asked | Q(part__in=parts))[:MOST]
    found = [one for one in rows if (one.part_id, one.warehouse_id) in waiting or one.reorder_point > 0]
    found += _never_there({key: pieces for key, pieces in waiting.items() if warehouse_id in (None, key[1])}, found)
    demand = demand_weekly({one.part_id for one in found}, now=now)
    names = part_names([one.part for one in found], language)
    made = [row for one in found if (row := _row(one, waiting, demand, names))]
    return sorted(made, key=_pressing)


def _never_there(waiting: Mapping[tuple[int, int], int], found: Collection[StockLevel]) -> list[StockLevel]:
    """Shelves that somebody waits for and that never held the part."""
    missing = set(waiting) - {(one.part_id, one.warehouse_id) for one in found}
    parts = Part.objects.in_bulk({part for part, _ in missing})
    places = Warehouse.objects.in_bulk({place for _, place in missing})
    made = [StockLevel(part=parts[part], warehouse=places[place]) for part, place in sorted(missing)]
    for one in made:
        one.coming = one.coming_free = 0  # type: ignore[attr-defined]
    return made


def _row(
    level: StockLevel,
    waiting: Mapping[tuple[int, int], int],
    demand: Mapping[tuple[int, int], list[int]],
    names: Mapping[int, str],
) -> ReorderRow | None:
    key = level.part_id, level.warehouse_id
    weekly = demand.get(key, [])
    shelf = Shelf(
        available=level.available, coming=level.coming_free, waiting=waiting.get(key, 0), safety=level.safety_stock,  # type: ignore[attr-defined]
        point=level.reorder_point, weekly=weekly, pack=level.part.pack_quantity, minimum=level.part.minimum_quantity,
    )  # fmt: skip
    proposal = reorder(shelf)
    return ReorderRow(level, names.get(level.part_id, ""), shelf, proposal, weekly) if proposal else None


def _pressing(row: ReorderRow) -> tuple[int, float, str]:
    lasts = row.shelf.position / row.shelf.mean if row.shelf.mean else float("inf")
    return _TURN.index(row.proposal.whys[0]), lasts, row.level.part.number
