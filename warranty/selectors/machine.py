"""What a machine's page and API type show beside its cover; each for many machines at once, by machine key."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from copy import copy

from django.db.models import F, Prefetch, Q, Window
from django.db.models.functions import RowNumber

from catalog.models import Assembly, Callout
from portal import clock
from portal.accounts.models import Company
from warranty.models import Campaign, Equipment, Reading
from warranty.selectors.cover_sources import in_serials
from warranty.selectors.visibility import links_on

MOST_READINGS = 100


def dealers_of(equipment: Collection[Equipment]) -> dict[int, list[Company]]:
    """The dealers that service each machine today; one query."""
    found: dict[int, set[Company]] = defaultdict(set)
    for link in links_on(clock.now().date()).filter(equipment__in=equipment).select_related("dealer"):
        found[link.equipment_id].add(link.dealer)
    return {key: sorted(dealers, key=lambda one: (one.name, one.pk)) for key, dealers in found.items()}


def campaigns_of(equipment: Collection[Equipment]) -> dict[int, list[Campaign]]:
    """Campaigns and recalls open for each serial today; one query."""
    day = clock.now().date()
    still = Q(ends_on=None) | Q(ends_on__gt=day)
    rows = Campaign.objects.filter(still, model__in={one.model_id for one in equipment}, starts_on__lte=day)
    known = list(rows.order_by("code"))
    return {
        one.pk: [
            row
            for row in known
            if row.model_id == one.model_id and in_serials(one.sequence, row.serial_from, row.serial_to)
        ]
        for one in equipment
    }


def newest_readings(equipment: Collection[Equipment]) -> dict[int, list[Reading]]:
    """At most a hundred readings of each machine, newest first; one query."""
    place = Window(RowNumber(), partition_by=F("equipment"), order_by=[F("read_at").desc(), F("pk").desc()])
    rows = Reading.objects.filter(equipment__in=equipment).annotate(place=place).filter(place__lte=MOST_READINGS)
    found: dict[int, list[Reading]] = defaultdict(list)
    for row in rows.order_by("-read_at", "-pk"):
        found[row.equipment_id].append(row)
    return found


def last_hours(equipment: Collection[Equipment]) -> dict[int, int]:
    """What the hour meter of each machine showed last; one query."""
    rows = Reading.objects.filter(equipment__in=equipment).order_by("equipment", "-read_at", "-pk")
    return dict(rows.distinct("equipment").values_list("equipment_id", "hours"))


def assemblies_of(equipment: Collection[Equipment]) -> dict[int, list[Assembly]]:
    """The figures of each machine's model with the bill lines that hold its serial; three queries."""
    callouts = Callout.objects.select_related("part__group").order_by("position", "pk")
    figures = Assembly.objects.filter(model__in={one.model_id for one in equipment}).order_by("position", "pk")
    known: dict[int, list[Assembly]] = defaultdict(list)
    for assembly in figures.prefetch_related(Prefetch("callouts", queryset=callouts)):
        known[assembly.model_id].append(assembly)
    return {one.pk: [_for_serial(assembly, one) for assembly in known[one.model_id]] for one in equipment}


def _for_serial(assembly: Assembly, machine: Equipment) -> Assembly:
    """The figure as this machine has it; machines of one model share what was loaded, not what is kept of it."""
    own = copy(assembly)
    lines = assembly.callouts.all()
    kept = [one for one in lines if in_serials(machine.sequence, one.serial_from, one.serial_to)]
    own._prefetched_objects_cache = {"callouts": kept}  # type: ignore[attr-defined]
    return own
