"""Machines as their owner, dealers and the house see them."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from django.db.models import Max, Q, QuerySet

from catalog.rules.numbers import normalise
from portal import clock
from portal.accounts.actor import Actor
from warranty.models import Campaign, Equipment, MaintenanceContract, Reading, WarrantyTerm
from warranty.rules.dates import last_covered_day
from warranty.rules.terms import TermRow, choose_term
from warranty.selectors.cover_sources import in_serials, term_row
from warranty.selectors.visibility import equipment_seen_by

LEAST_TYPED = 4  # signs of a serial before it is looked for


@dataclass(frozen=True)
class WarrantyStatus:
    """A machine's own warranty: ACTIVE, EXPIRED, NOT_STARTED or NONE (no terms); `ends_on` is the last covered day."""

    status: str
    starts_on: date | None = None
    ends_on: date | None = None
    hours_limit: int | None = None


def equipment_get(*, actor: Actor, serial: str) -> Equipment | None:
    """The machine of this serial in any dress; None when unknown or not the actor's."""
    return equipments_list(actor).filter(normalised=normalise(serial)).first()


def equipment_owners(actor: Actor, serials: Collection[str]) -> set[int]:
    """The companies that own machines of these serials, in any dress."""
    named = {normalise(one) for one in serials}
    return set(
        equipment_seen_by(actor).filter(normalised__in=named, owner__isnull=False).values_list("owner", flat=True)
    )


def equipments_list(actor: Actor) -> QuerySet[Equipment]:
    """The machines an actor may see, by serial."""
    return equipment_seen_by(actor).select_related("model", "owner").order_by("serial", "pk")


def machines_begun(actor: Actor, typed: str, *, most: int = 3) -> list[Equipment]:
    """The machines whose serial begins with what is being typed; none before it says something."""
    begun = normalise(typed[:60])
    return list(equipments_list(actor).filter(normalised__startswith=begun)[:most]) if len(begun) >= LEAST_TYPED else []


def warranty_statuses(equipment: Collection[Equipment], *, on: date | None = None) -> dict[int, WarrantyStatus]:
    """The state of each machine's own warranty on a day, by machine key; two queries. `term_row` reads no group: none is set."""
    day = on or clock.now().date()
    rows = [term_row(term) for term in WarrantyTerm.objects.filter(part_group=None)]
    hours = dict(
        Reading.objects.filter(equipment__in=equipment, suspicious=False)
        .values_list("equipment")
        .annotate(Max("hours"))
    )
    return {machine.pk: _status(machine, rows, hours.get(machine.pk), day) for machine in equipment}


def warranty_status(equipment: Equipment, *, on: date | None = None) -> WarrantyStatus:
    """The state of one machine's own warranty on a day."""
    return warranty_statuses([equipment], on=on)[equipment.pk]


def _status(machine: Equipment, rows: list[TermRow], hours: int | None, day: date) -> WarrantyStatus:
    start = machine.in_service_on or machine.sold_on
    term = choose_term(rows, model=machine.model_id, group="", started=start or day)
    if term is None or term.excluded or term.months < 1:
        return WarrantyStatus("NONE")
    if start is None:
        return WarrantyStatus("NOT_STARTED", hours_limit=term.max_hours)
    last = last_covered_day(start, term.months)
    over = term.max_hours is not None and hours is not None and hours > term.max_hours
    status = "NOT_STARTED" if day < start else "EXPIRED" if day > last or over else "ACTIVE"
    return WarrantyStatus(status, start, last, term.max_hours)


def contracts_now(equipment: Collection[Equipment], *, on: date | None = None) -> dict[int, MaintenanceContract]:
    """The contract that runs for each machine on a day, by machine key; of several the one that ends last."""
    day = on or clock.now().date()
    rows = MaintenanceContract.objects.filter(equipment__in=equipment, starts_on__lte=day, ends_on__gt=day)
    return {row.equipment_id: row for row in rows.order_by("ends_on", "pk")}


def contracts_of(equipment: Equipment) -> list[MaintenanceContract]:
    """Every contract the machine had or has, the first one first."""
    return list(MaintenanceContract.objects.filter(equipment=equipment).order_by("starts_on", "pk"))


def campaigns_open(equipment: Equipment, *, on: date | None = None) -> list[Campaign]:
    """Campaigns and recalls open for this serial on a day, with their parts."""
    day = on or clock.now().date()
    still = Q(ends_on=None) | Q(ends_on__gt=day)
    rows = Campaign.objects.filter(still, model=equipment.model_id, starts_on__lte=day).prefetch_related("parts")
    return [row for row in rows.order_by("code") if in_serials(equipment.sequence, row.serial_from, row.serial_to)]


def hours_of(equipment: Collection[Equipment]) -> dict[int, int]:
    """The newest reading of each machine that has one, by machine key; one query."""
    rows = Reading.objects.filter(equipment__in=equipment).order_by("equipment", "-read_at", "-pk")
    return dict(rows.distinct("equipment").values_list("equipment", "hours"))


def readings_of(equipment: Equipment) -> QuerySet[Reading]:
    """A machine's readings, newest first. Whoever may see the machine may see them."""
    return equipment.readings.order_by("-read_at", "-pk")
