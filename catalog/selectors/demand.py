"""How much of a part left in each of the last weeks."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.db.models import Q, Sum
from django.db.models.functions import TruncWeek

from catalog.models import StockLedger, StockReason
from catalog.models.stock import UNDONE
from catalog.rules.reorder import WEEKS
from portal.clock import week_begins, weeks_until


def demand_weekly(part_ids: Collection[int], *, now: datetime) -> dict[tuple[int, int], list[int]]:
    """{(part, warehouse): pieces that left, by week} for those of which any did; hand-overs that were undone are taken off. One query."""
    weeks = weeks_until(now, WEEKS)
    left = Q(reason=StockReason.SHIPMENT) | Q(reason=StockReason.CORRECTION, reference__startswith=UNDONE)
    rows = StockLedger.objects.filter(left, part__in=part_ids, at__gte=week_begins(weeks[0]), at__lte=now)
    counted = (
        rows.annotate(week=TruncWeek("at")).values_list("part", "warehouse", "week").annotate(pieces=Sum("change"))
    )
    place = {week: number for number, week in enumerate(weeks)}
    found: dict[tuple[int, int], list[int]] = {}
    for part, warehouse, week, pieces in counted:
        demand = found.setdefault((part, warehouse), [0] * len(weeks))
        demand[place[week.date()]] -= pieces
    return {key: [max(0, one) for one in demand] for key, demand in found.items()}
