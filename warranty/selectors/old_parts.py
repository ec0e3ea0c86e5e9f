"""What is asked back for free parts, by group and value."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from catalog.models import Part
from warranty.models import CoverAmounts
from warranty.rules.old_parts import OldPart, ValueFloors, old_part

_DEFAULT_POLICY, _DEFAULT_DAYS = "RETURN", 30  # a part of no group


@dataclass(frozen=True)
class OldPartAsked:
    """One line: the published value of one piece decides with the part's group."""

    key: str
    part_id: int
    value: Decimal
    currency: str


def old_parts_for(asked: Collection[OldPartAsked], *, on: date) -> dict[str, OldPart]:
    """What happens to the old part of each line; two queries."""
    parts = Part.objects.select_related("group").in_bulk({one.part_id for one in asked})
    rows = CoverAmounts.objects.filter(currency__in={one.currency for one in asked}, valid__contains=on)
    floors = {row.currency: ValueFloors(row.scrap_below, row.photo_below) for row in rows}
    return {one.key: _verdict(parts[one.part_id], one, floors.get(one.currency, ValueFloors())) for one in asked}


def _verdict(part: Part, asked: OldPartAsked, floors: ValueFloors) -> OldPart:
    policy, days = (part.group.old_part, part.group.old_part_days) if part.group else (_DEFAULT_POLICY, _DEFAULT_DAYS)
    return old_part(policy, days, value=asked.value, floors=floors)
