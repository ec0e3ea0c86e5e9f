"""What a machine's page and API type show beside its cover."""

from __future__ import annotations

from django.db.models import Prefetch

from catalog.models import Assembly, Callout
from portal import clock
from portal.accounts.models import Company
from warranty.models import Equipment
from warranty.selectors.cover_sources import in_serials
from warranty.selectors.visibility import links_on


def dealers_of(equipment: Equipment) -> list[Company]:
    """The dealers that service the machine today."""
    links = links_on(clock.now().date()).filter(equipment=equipment).select_related("dealer")
    return sorted({link.dealer for link in links}, key=lambda one: (one.name, one.pk))


def assemblies_of(equipment: Equipment) -> list[Assembly]:
    """The figures of the machine's model with the bill lines that hold its serial; three queries."""
    callouts = Callout.objects.select_related("part__group").order_by("position", "pk")
    found = list(
        Assembly.objects.filter(model=equipment.model_id)
        .prefetch_related(Prefetch("callouts", queryset=callouts))
        .order_by("position", "pk")
    )
    for assembly in found:
        kept = [
            one for one in assembly.callouts.all() if in_serials(equipment.sequence, one.serial_from, one.serial_to)
        ]
        assembly._prefetched_objects_cache["callouts"] = kept  # type: ignore[attr-defined]
    return found
