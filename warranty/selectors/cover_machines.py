"""Facts about the machines of many cover requests, with a constant number of queries."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.db import connection
from django.db.models import Q

from warranty.models import Equipment, EquipmentNote, NoteKind
from warranty.rules.case import Machine
from warranty.selectors.visibility import links_on

# The highest and the last reading of each machine before a moment, in one pass over (machine, moment) pairs.
_READINGS = """
SELECT asked.machine, asked.moment, max(r.hours), (array_agg(r.hours ORDER BY r.read_at DESC, r.id DESC))[1]
FROM unnest(%s::bigint[], %s::timestamptz[]) AS asked(machine, moment)
JOIN warranty_reading r ON r.equipment_id = asked.machine AND r.read_at < asked.moment
GROUP BY asked.machine, asked.moment
"""

Moment = tuple[int, datetime]


@dataclass(frozen=True)
class Asker:
    """For whom cover is asked; the house sees every machine. `today` is the asker's local day; dealer links
    run by `linked_on`, the day in UTC, as everywhere else they are looked at."""

    company_id: int | None
    sees_all: bool
    today: date
    linked_on: date


@dataclass(frozen=True)
class Known:
    """A machine the asker may see, and whether it may ask for cover on it."""

    equipment: Equipment
    may_ask: bool


def machines_known(asker: Asker, normalised: Collection[str]) -> dict[str, Known]:
    """The machines with these normalised serials that the asker may see; unknown and foreign ones are both left out."""
    found = Equipment.objects.filter(normalised__in=normalised) if normalised else ()
    by_pk = {equipment.pk: equipment for equipment in found}
    if asker.sees_all:
        return {equipment.normalised: Known(equipment, may_ask=True) for equipment in by_pk.values()}
    granted: dict[int, bool] = defaultdict(bool)
    others = [equipment.pk for equipment in by_pk.values() if equipment.owner_id != asker.company_id]
    links = links_on(asker.linked_on).filter(equipment__in=others, dealer=asker.company_id) if others else ()
    for link in links:
        granted[link.equipment_id] |= link.granted_by_owner
    return {
        equipment.normalised: Known(
            equipment, own or granted[equipment.pk] or equipment.registered_by_id == asker.company_id
        )
        for equipment in by_pk.values()
        if (own := equipment.owner_id == asker.company_id) or equipment.pk in granted
    }


def readings_before(moments: Iterable[Moment]) -> dict[Moment, tuple[int, bool]]:
    """The highest reading before each moment, and whether the last one was lower than it."""
    asked = list(set(moments))
    if not asked:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(_READINGS, [[pk for pk, _ in asked], [moment for _, moment in asked]])
        return {(pk, moment): (highest, last < highest) for pk, moment, highest, last in cursor.fetchall()}


def notes_on(equipment_ids: Collection[int], on: date) -> Mapping[int, set[str]]:
    """Kinds of notes that stand against each machine on a day."""
    grouped: dict[int, set[str]] = defaultdict(set)
    if equipment_ids:
        standing = Q(cleared_on=None) | Q(cleared_on__gt=on)
        rows = EquipmentNote.objects.filter(standing, equipment__in=equipment_ids, recorded_on__lte=on)
        for pk, kind in rows.values_list("equipment_id", "kind"):
            grouped[pk].add(kind)
    return grouped


def machine_facts(known: Known, *, reading: tuple[int, bool] | None, notes: Collection[str]) -> Machine:
    """A machine as the rules see it."""
    highest, lower = reading or (None, False)
    return Machine(
        handed_over=known.equipment.in_service_on or known.equipment.sold_on,
        may_ask=known.may_ask,
        last_hours=highest,
        last_lower=lower,
        misuse=NoteKind.MISUSE in notes,
        service_overdue=NoteKind.SERVICE_OVERDUE in notes,
        non_genuine=NoteKind.NON_GENUINE in notes,
    )
