"""What is told of one part beside its price and stock: what it replaced, other numbers, what it holds and belongs to, where it is used."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet

from catalog.models import CrossReference, EquipmentModel, Part, PartRelation, RelationKind, Supersession
from catalog.rules.supersession import came_from
from catalog.selectors.models import where_used
from catalog.selectors.supersession import steps_around

MOST = 40


@dataclass(frozen=True)
class PartStory:
    """`replaces`: every part whose place it took over any number of steps, nearest first; `replaced_by`: the steps that stand on the day,
    newest first.

    `holds` are the components of a kit, `held_in` the kits of a component; `beside` are advised alternates, the other of a pair, the plainer
    part of a variant: advice, none of it decides fit or substitution.
    """

    replaces: list[Part]
    replaced_by: list[Supersession]
    cross_references: list[CrossReference]
    models: list[EquipmentModel]
    more_models: bool  # there are more than are named
    holds: list[PartRelation]
    held_in: list[Part]
    beside: list[tuple[str, Part]]


def part_story(part: Part, *, on: date) -> PartStory:
    """The story of a part on a day; eight queries, at most 40 of each."""
    steps = Supersession.objects.filter(effective_on__lte=on).order_by("-effective_on", "pk")
    before = came_from(part.pk, steps_around([part.pk], on))[:MOST]
    old = Part.objects.in_bulk(before) if before else {}
    models = list(where_used(part.pk)[: MOST + 1])
    return PartStory(
        replaces=[old[pk] for pk in before],
        replaced_by=list(steps.filter(old=part).select_related("new")[:MOST]),
        cross_references=list(part.cross_references.order_by("catalogue", "number")[:MOST]),
        models=models[:MOST],
        more_models=len(models) > MOST,
        holds=list(_relations(RelationKind.COMPONENT).filter(part=part)[:MOST]),
        held_in=[row.part for row in _relations(RelationKind.COMPONENT).filter(other=part)[:MOST]],
        beside=_beside(part),
    )


def _relations(*kinds: RelationKind) -> QuerySet[PartRelation]:
    return PartRelation.objects.filter(kind__in=kinds).select_related("part", "other").order_by("kind", "pk")


def _beside(part: Part) -> list[tuple[str, Part]]:
    """Kind and part. Alternates and pairs hold from both sides; of a plain part's variants, often hundreds, nothing is said."""
    mutual = Q(kind__in=(RelationKind.ALTERNATE, RelationKind.PAIR)) & (Q(part=part) | Q(other=part))
    variant_of = Q(kind=RelationKind.VARIANT, part=part)
    rows = PartRelation.objects.filter(mutual | variant_of).select_related("part", "other").order_by("kind", "pk")
    found = ((str(row.get_kind_display()), row.other if row.part_id == part.pk else row.part) for row in rows[:MOST])
    return list(dict.fromkeys(found))
