"""Facts about the machines of many cover requests, with a constant number of queries."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from django.db.models import OuterRef, Subquery

from warranty.models import Equipment, NoteKind
from warranty.rules.case import Machine
from warranty.selectors.visibility import links_on


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


def machines_known(asker: Asker, normalised: Collection[str], *, read: Collection[Equipment] = ()) -> dict[str, Known]:
    """The machines with these normalised serials that the asker may see; unknown and foreign ones are both left out. At most one
    query, none when all are among `read`, machines read already, and the asker's own or the house's.
    """
    here = {one.normalised: one for one in read if one.normalised in normalised}
    if here.keys() >= set(normalised) and all(asker.sees_all or _own(asker, one) for one in here.values()):
        return {key: Known(one, may_ask=True) for key, one in here.items()}
    links = links_on(asker.linked_on).filter(equipment=OuterRef("pk"), dealer=asker.company_id)
    granting = links.order_by("-granted_by_owner").values("granted_by_owner")[:1]
    found = Equipment.objects.filter(normalised__in=normalised).annotate(granted=Subquery(granting))
    return {
        one.normalised: Known(one, asker.sees_all or _own(asker, one) or one.granted or _registered(asker, one))
        for one in found
        if asker.sees_all or _own(asker, one) or one.granted is not None
    }


def _own(asker: Asker, equipment: Equipment) -> bool:
    return equipment.owner_id == asker.company_id


def _registered(asker: Asker, equipment: Equipment) -> bool:
    return equipment.registered_by_id == asker.company_id


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
