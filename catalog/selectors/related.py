"""What stands beside a part: what it replaced, what replaced it, its numbers elsewhere; for many parts in one query each."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection

from catalog.models import CrossReference, Part, Supersession


def predecessors_of(part_ids: Collection[int]) -> dict[int, list[Part]]:
    """{part: the parts it replaced, latest first}."""
    found: dict[int, list[Part]] = defaultdict(list)
    rows = Supersession.objects.filter(new__in=part_ids).select_related("old__group")
    for row in rows.order_by("-effective_on", "pk"):
        found[row.new_id].append(row.old)
    return dict(found)


def successors_of(part_ids: Collection[int]) -> dict[int, list[Part]]:
    """{part: the parts that replaced it, latest first}."""
    found: dict[int, list[Part]] = defaultdict(list)
    rows = Supersession.objects.filter(old__in=part_ids).select_related("new__group")
    for row in rows.order_by("-effective_on", "pk"):
        found[row.old_id].append(row.new)
    return dict(found)


def cross_references_of(part_ids: Collection[int]) -> dict[int, list[CrossReference]]:
    """{part: its numbers in other catalogues}."""
    found: dict[int, list[CrossReference]] = defaultdict(list)
    for row in CrossReference.objects.filter(part__in=part_ids).order_by("catalogue", "number", "pk"):
        found[row.part_id].append(row)
    return dict(found)
