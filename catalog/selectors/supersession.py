"""Supersession steps read with one query, however long the chains, and what they lead to."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import date
from typing import Any

from django.db import connection

from catalog.models.part import Part, SupersessionDirection
from catalog.rules.supersession import Step, heirs, standing, stands_in_for, steps_by_old

# All parts that `parts` became or came from. UNION (not UNION ALL) drops what was already walked, so that circles end.
WALK = """
walk(id) AS (
    SELECT unnest(%(parts)s::bigint[])
  UNION
    SELECT CASE WHEN step.old_id = walk.id THEN step.new_id ELSE step.old_id END
    FROM walk JOIN catalog_supersession step ON (step.old_id = walk.id OR step.new_id = walk.id) AND step.effective_on <= %(on)s
)
"""
# Their steps, as `steps_from` reads them.
_AROUND = """
WITH RECURSIVE {walk}
SELECT step.old_id, step.new_id, step.quantity, step.mode, step.direction, step.effective_on
FROM walk JOIN catalog_supersession step ON step.old_id = walk.id
WHERE step.effective_on <= %(on)s
ORDER BY step.id
""".replace("{walk}", WALK)
# The walked parts themselves, each with the steps that lead on from it.
_REACHED = """
WITH RECURSIVE {walk}
SELECT part.*, (
    SELECT json_agg(json_build_array(
        step.old_id, step.new_id, step.quantity, step.mode, step.direction, step.effective_on) ORDER BY step.id)
    FROM catalog_supersession step WHERE step.old_id = part.id AND step.effective_on <= %(on)s
) AS onward
FROM walk JOIN catalog_part part ON part.id = walk.id
""".replace("{walk}", WALK)


def steps_around(part_ids: Collection[int], on: date) -> list[Step]:
    """Every standing step on a day among the parts that `part_ids` became, or came from, in the order they were entered."""
    if not part_ids:
        return []
    with connection.cursor() as cursor:
        cursor.execute(_AROUND, {"parts": list(part_ids), "on": on})
        return steps_from(cursor.fetchall(), on)


def steps_from(rows: Iterable[Sequence[Any]], on: date) -> list[Step]:
    """The standing steps among rows (old, new, quantity, mode, direction, day); the day a date or ISO text."""
    both = SupersessionDirection.BOTH
    return standing(
        (
            Step(old, new, quantity, mode, direction == both, day if isinstance(day, date) else date.fromisoformat(day))
            for old, new, quantity, mode, direction, day in rows
        ),
        on,
    )


def places_among(part_ids: Iterable[int], steps: Collection[Step]) -> dict[int, dict[int, int]]:
    """For each part the others whose place it may take by standing steps, with the pieces that take the place of one."""
    touched = {step.old for step in steps} | {step.new for step in steps}
    return {part: stands_in_for(part, steps) if part in touched else {} for part in part_ids}


def parts_current(part_ids: Collection[int], on: date) -> dict[int, Part]:
    """The part to name for each key: its single successor, piece for piece, or itself. One query."""
    if not part_ids:
        return {}
    values = {"parts": list(part_ids), "on": on}
    found: list[Any] = list(Part.objects.raw(_REACHED, values))
    parts = {part.pk: part for part in found}
    steps = steps_by_old(steps_from([row for part in found for row in part.onward or ()], on))
    became = {key: heirs(key, steps) for key in part_ids}
    return {
        key: parts[heir[0].part] if len(heir) == 1 and heir[0].quantity == 1 else parts[key]
        for key, heir in became.items()
    }
