"""What is due on machines by the maker's advice; three queries however many machines."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from portal import clock
from warranty.models import Equipment, Reading, Replacement, ServiceInterval
from warranty.rules.service import DUE, SOON, Every, Meter, ServiceDue, service_due


@dataclass(frozen=True)
class Service:
    """A service and when it is due."""

    interval: ServiceInterval
    due: ServiceDue

    @property
    def presses(self) -> bool:
        """Is it due, or soon?"""
        return self.due.state in (DUE, SOON)


def services_of(equipment: Collection[Equipment], *, on: date) -> dict[int, list[Service]]:
    """The services of each machine by machine key, what is due first; none for a machine not in service yet."""
    running = {one.pk: one for one in equipment if (one.in_service_on or one.sold_on)}
    intervals: dict[int, list[ServiceInterval]] = defaultdict(list)
    models = {one.model_id for one in running.values()}
    for interval in (
        ServiceInterval.objects.filter(model__in=models).select_related("kit").order_by("every_hours", "pk")
    ):
        intervals[interval.model_id].append(interval)
    if not intervals:
        return {one.pk: [] for one in equipment}
    meters, done = _meters(running), _done(running, {one.kit_id for rows in intervals.values() for one in rows})
    found: dict[int, list[Service]] = {one.pk: [] for one in equipment}
    for key, machine in running.items():
        started = machine.in_service_on or machine.sold_on
        if started is None or started > on:
            continue
        for row in intervals[machine.model_id]:
            every = Every(row.every_hours, row.every_months)
            last = done.get((key, row.kit_id))
            due = service_due(every, started=started, last_done=last, meters=meters[key], today=on)
            found[key].append(Service(row, due))
    return {key: sorted(rows, key=_turn) for key, rows in found.items()}


def services_today(equipment: Collection[Equipment]) -> dict[int, list[Service]]:
    """`services_of` today."""
    return services_of(equipment, on=clock.now().date())


def _turn(one: Service) -> tuple[int, float]:
    return ("DUE", "SOON", "LATER").index(one.due.state), one.due.hours_left if one.due.hours_left is not None else 1e9


def _meters(running: Collection[int]) -> dict[int, list[Meter]]:
    meters: dict[int, list[Meter]] = defaultdict(list)
    rows = Reading.objects.filter(equipment__in=running, suspicious=False).order_by("read_at")
    for key, at, hours in rows.values_list("equipment_id", "read_at", "hours"):
        meters[key].append(Meter(at.date(), hours))
    return meters


def _done(running: Collection[int], kits: set[int]) -> dict[tuple[int, int], date]:
    rows = Replacement.objects.filter(equipment__in=running, part__in=kits).order_by("replaced_on")
    return {(machine, part): day for machine, part, day in rows.values_list("equipment_id", "part_id", "replaced_on")}
