"""Supersession steps read with one query, however long the chains."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date

from django.db import connection

from catalog.models.part import SupersessionDirection
from catalog.rules.supersession import Step, standing, stands_in_for

# UNION (not UNION ALL) drops what was already walked, so that circles end.
_STEPS = """
WITH RECURSIVE walk(id) AS (
    SELECT unnest(%(parts)s::bigint[])
  UNION
    SELECT CASE WHEN step.old_id = walk.id THEN step.new_id ELSE step.old_id END
    FROM walk JOIN catalog_supersession step ON (step.old_id = walk.id OR step.new_id = walk.id) AND step.effective_on <= %(on)s
)
SELECT DISTINCT step.old_id, step.new_id, step.quantity, step.mode, step.direction, step.effective_on, step.id
FROM walk JOIN catalog_supersession step ON step.old_id = walk.id
WHERE step.effective_on <= %(on)s
ORDER BY step.id
"""


def steps_around(part_ids: Collection[int], on: date) -> list[Step]:
    """Every standing step on a day among the parts that `part_ids` became, or came from, in the order they were entered."""
    if not part_ids:
        return []
    with connection.cursor() as cursor:
        cursor.execute(_STEPS, {"parts": list(part_ids), "on": on})
        rows = cursor.fetchall()
    both = SupersessionDirection.BOTH
    return standing(
        (
            Step(old, new, quantity, mode, direction == both, day)
            for old, new, quantity, mode, direction, day, _ in rows
        ),
        on,
    )


def places_of(part_ids: Iterable[int], on: date) -> dict[int, dict[int, int]]:
    """For each part the others whose place it may take, with the pieces that take the place of one."""
    wanted = set(part_ids)
    steps = steps_around(wanted, on)
    touched = {step.old for step in steps} | {step.new for step in steps}
    return {part: stands_in_for(part, steps) if part in touched else {} for part in wanted}
