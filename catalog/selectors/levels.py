"""Stock as those see it who answer for it: levels, what is on its way, and the ledger. Only for the house: the caller has looked."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import F, IntegerField, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from catalog.models import ExpectedReceipt, Part, StockLedger, StockLevel, StockReason
from catalog.rules.numbers import normalise
from catalog.selectors.parts import part_names

ADJUST_REASONS = [
    (value, words)
    for value, words in StockReason.choices
    if value in ("DAMAGE", "SCRAP", "FOUND", "TRANSFER", "CORRECTION")
]
FREE = F("on_hand") - F("held") - F("allocated_elsewhere")
ONLY = ("reorder", "safety", "none", "coming")


@dataclass
class LevelRow:
    """A part at a warehouse; `coming`: pieces on their way, held or not."""

    level: StockLevel
    name: str
    coming: int


@dataclass
class LevelPage:
    """Rows in the order of part numbers; `after` is the cursor of the next page, empty at the end."""

    rows: list[LevelRow]
    after: str


def levels(*, query: str = "", warehouse_id: int | None = None, only: str = "") -> QuerySet[StockLevel]:
    """Levels with `coming` and `coming_free`, by part number. `only`: at the reorder point, below safety stock, none free, some on their way."""
    rows = StockLevel.objects.select_related("part", "warehouse").annotate(
        coming=_coming(F("quantity") - F("received")), coming_free=_coming(F("quantity") - F("received") - F("held"))
    )
    if bare := normalise(query):
        rows = rows.filter(part__normalised__startswith=bare)
    if warehouse_id is not None:
        rows = rows.filter(warehouse=warehouse_id)
    narrow = {
        "reorder": Q(reorder_point__gt=0, reorder_point__gte=FREE + F("coming_free")),
        "safety": Q(safety_stock__gt=FREE),
        "none": Q(on_hand__lte=F("held") + F("allocated_elsewhere")),
        "coming": Q(coming__gt=0),
    }
    return (rows.filter(narrow[only]) if only in narrow else rows).order_by("part__number", "pk")


def _coming(pieces: object) -> Coalesce:
    here = ExpectedReceipt.objects.filter(
        part=OuterRef("part"), warehouse=OuterRef("warehouse"), received__lt=F("quantity")
    )
    total = here.order_by().values("part").annotate(total=Sum(pieces)).values("total")
    return Coalesce(Subquery(total, output_field=IntegerField()), 0)


def levels_page(
    *, language: str, after: str = "", query: str = "", warehouse_id: int | None = None, only: str = "", limit: int = 50
) -> LevelPage:
    """A page of `levels`; it costs the same at two hundred thousand parts."""
    rows = levels(query=query, warehouse_id=warehouse_id, only=only)
    number, _, key = after.rpartition("~")
    if key.isdigit() and len(key) < 19:
        rows = rows.filter(Q(part__number__gt=number) | Q(part__number=number, pk__gt=int(key)))
    found = list(rows[: limit + 1])
    last = found[limit - 1] if len(found) > limit else None
    return LevelPage(rows_named(found[:limit], language), f"{last.part.number}~{last.pk}" if last else "")


def rows_named(found: Collection[StockLevel], language: str) -> list[LevelRow]:
    """Levels with their parts' names; one query."""
    names = part_names([one.part for one in found], language)
    return [LevelRow(one, names.get(one.part_id, ""), one.coming) for one in found]  # type: ignore[attr-defined]


def level_rows(part: Part, language: str) -> list[LevelRow]:
    """A part at every warehouse that ever had it."""
    return rows_named(list(levels().filter(part=part).order_by("warehouse__code")), language)


def movements(*, part_id: int | None = None, warehouse_id: int | None = None) -> QuerySet[StockLedger]:
    """The ledger, newest first."""
    rows = StockLedger.objects.select_related("part", "warehouse")
    if part_id is not None:
        rows = rows.filter(part=part_id)
    if warehouse_id is not None:
        rows = rows.filter(warehouse=warehouse_id)
    return rows.order_by("-pk")
