"""What is told of one part beside its price and stock: what it replaced, other numbers, where it is used."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from catalog.models import CrossReference, EquipmentModel, Part, Supersession
from catalog.selectors.models import where_used

MOST = 40


@dataclass(frozen=True)
class PartStory:
    """`replaces` and `replaced_by` hold supersession rows that stand on the day, newest first."""

    replaces: list[Supersession]
    replaced_by: list[Supersession]
    cross_references: list[CrossReference]
    models: list[EquipmentModel]


def part_story(part: Part, *, on: date) -> PartStory:
    """The story of a part on a day; four queries, at most 40 of each."""
    steps = Supersession.objects.filter(effective_on__lte=on).order_by("-effective_on", "pk")
    return PartStory(
        replaces=list(steps.filter(new=part).select_related("old")[:MOST]),
        replaced_by=list(steps.filter(old=part).select_related("new")[:MOST]),
        cross_references=list(part.cross_references.order_by("catalogue", "number")[:MOST]),
        models=list(where_used(part.pk)[:MOST]),
    )
