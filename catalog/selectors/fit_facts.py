"""What bills, application lists and supersession say of many parts on many models: one query."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

from django.db import connection

from catalog.rules.fit import BillLine, Listing, Serials
from catalog.selectors.supersession import WALK, places_among, steps_from

# `walk` holds the parts, what they replaced and what replaced them: more than whose place they may take, which the rules pick.
_FACTS = """
WITH RECURSIVE {walk}, ours AS (
    SELECT DISTINCT callout.assembly_id, callout.label
    FROM walk JOIN catalog_callout callout ON callout.part_id = walk.id
    JOIN catalog_assembly assembly ON assembly.id = callout.assembly_id AND assembly.model_id = ANY(%(models)s)
)
SELECT (
    SELECT json_agg(json_build_array(
        step.old_id, step.new_id, step.quantity, step.mode, step.direction, step.effective_on) ORDER BY step.id)
    FROM walk JOIN catalog_supersession step ON step.old_id = walk.id AND step.effective_on <= %(on)s
), (
    SELECT json_agg(json_build_array(
        assembly.model_id, callout.part_id, assembly.id, callout.label, callout.quantity * assembly.quantity,
        callout.serial_from, callout.serial_to, assembly.name
    ) ORDER BY assembly.position, assembly.id, callout.position, callout.id)
    FROM ours JOIN catalog_callout callout USING (assembly_id, label)
    JOIN catalog_assembly assembly ON assembly.id = callout.assembly_id
), (
    SELECT json_agg(json_build_array(
        model_id, part_id, fits, quantity, serial_from, serial_to, instead_id) ORDER BY fitment.id)
    FROM walk JOIN catalog_fitment fitment ON fitment.part_id = walk.id AND fitment.model_id = ANY(%(models)s)
)
""".replace("{walk}", WALK)


@dataclass(frozen=True)
class FitFacts:
    """`places`: by part the others whose place it may take, with pieces; bill lines and listings by model; names of assemblies.

    Lines are those of the parts, and whatever else stands at the same callouts.
    """

    places: Mapping[int, Mapping[int, int]]
    lines: Mapping[int, list[BillLine]]
    listings: Mapping[int, list[Listing]]
    assemblies: Mapping[int, str]


def fit_facts(parts: Collection[int], models: Collection[int], on: date) -> FitFacts:
    """Read what is known of parts on models on a day."""
    with connection.cursor() as cursor:
        cursor.execute(_FACTS, {"parts": list(parts), "models": list(models), "on": on})
        steps, lines, listings = (rows or [] for rows in cursor.fetchone())
    bills: dict[int, list[BillLine]] = defaultdict(list)
    for model, part, assembly, label, pieces, first, last, _ in lines:
        bills[model].append(BillLine(part, assembly, label, pieces, Serials(first, last)))
    applications: dict[int, list[Listing]] = defaultdict(list)
    for model, part, fits, pieces, first, last, instead in listings:
        applications[model].append(Listing(part, fits, pieces, Serials(first, last), instead))
    names = {assembly: name for _, _, assembly, *_, name in lines}
    return FitFacts(places_among(parts, steps_from(steps, on)), bills, applications, names)
