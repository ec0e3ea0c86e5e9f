"""Opening stock posted to the ledger, and posted back: the ledger itself forgets nothing."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db.models import Sum

from catalog.imports.registry import Poster
from catalog.models import StockLedger, StockReason
from catalog.services.stock import Movement, levels_lock, stock_post

LEDGER = "catalog_stockledger"
_ACTOR = "import"


def _post(rows: Sequence[dict[str, Any]], step: int, now: datetime) -> list[int]:
    movements = [
        Movement(
            row["part_id"],
            row["warehouse_id"],
            row["on_hand"],
            StockReason.OPENING,
            reference=f"opening:{row['part_id']}:{row['warehouse_id']}:{step}",
        )
        for row in rows
    ]
    stock_post(movements=movements, now=now, actor=_ACTOR)
    return list(
        StockLedger.objects.filter(reference__in=[one.reference for one in movements]).values_list("pk", flat=True)
    )


def _take_back(ledger: Sequence[int], now: datetime) -> dict[int, str]:
    """Post against what was opened where nothing has moved since; the rest stays."""
    opened = list(StockLedger.objects.filter(pk__in=ledger))
    levels, _ = levels_lock([one.part_id for one in opened])  # from here on nobody orders them
    held = {(one.part_id, one.warehouse_id) for one in levels if one.held}
    places = {"part_id__in": {one.part_id for one in opened}, "warehouse_id__in": {one.warehouse_id for one in opened}}
    moved = StockLedger.objects.filter(**places).values_list("part_id", "warehouse_id").annotate(sum=Sum("change"))
    on_hand = {(part, warehouse): many for part, warehouse, many in moved}
    stays: dict[int, str] = {}
    back = []
    for one in opened:
        place = (one.part_id, one.warehouse_id)
        if on_hand[place] != one.change or place in held:
            stays[one.pk] = "moved_since"
        else:
            reference = f"{one.reference}:back"
            back.append(
                Movement(*place, -one.change, StockReason.OPENING, reference=reference, note="import taken back")
            )
    stock_post(movements=back, now=now, actor=_ACTOR)
    return stays


POSTER = Poster(_post, _take_back)
