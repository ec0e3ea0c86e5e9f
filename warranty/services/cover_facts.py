"""Gather every fact that the lines of one order are judged by; a constant number of queries."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from zoneinfo import ZoneInfo

from catalog.models import Part
from catalog.rules.numbers import normalise
from catalog.selectors.fit import Fit, Pair, fits_for
from catalog.selectors.parts import interchangeable
from portal.accounts.actor import Actor
from portal.accounts.models import Company
from portal.errors import Code, PortalError, Problem
from warranty.selectors.cover_machines import Asker, Known, Moment, machines_known, notes_on, readings_before
from warranty.selectors.cover_sources import Sources, sources_for
from warranty.types import CoverRequest

_EARLIEST, _LATEST = date(1900, 1, 1), date(9000, 1, 1)  # any day may be typed; moments in every zone must exist


@dataclass(frozen=True)
class Facts:
    """What was found for all requests of one call. `stands_for`: the other parts whose place each part may take."""

    house: bool
    today: date
    zone: tzinfo
    parts: Mapping[int, Part]
    machines: Mapping[str, Known]
    stands_for: Mapping[int, set[int]] = field(default_factory=dict)
    fits: Mapping[Pair, Fit] = field(default_factory=dict)
    sources: Sources = field(default_factory=Sources)
    readings: Mapping[Moment, tuple[int, bool]] = field(default_factory=dict)
    notes: Mapping[int, set[str]] = field(default_factory=dict)

    def machine(self, request: CoverRequest) -> Known | None:
        """The machine of a request, if the asker may see it."""
        return self.machines.get(normalise(request.serial or ""))

    def reported_on(self, request: CoverRequest) -> date:
        """The day the failure was told."""
        return request.reported_on or self.today

    def failed_on(self, request: CoverRequest) -> date:
        """The day the case is judged by."""
        return request.failed_on or self.reported_on(request)

    def places(self, part_id: int) -> set[int]:
        """The part itself and those whose place it may take."""
        return {part_id, *self.stands_for.get(part_id, ())}


def gather_facts(actor: Actor, requests: Sequence[CoverRequest], now: datetime) -> Facts:
    """Load what `requests` need. Raises UNKNOWN_PART with the request's key as field."""
    asker, zone = _asker(actor, requests, now)
    parts = _parts(requests)
    machines = machines_known(asker, {bare for request in requests if (bare := normalise(request.serial or ""))})
    known = Facts(actor.is_house, asker.today, zone, parts, machines)
    if not machines:
        return known
    pairs = {pair for request in requests if (pair := fit_pair(request, known))}
    equipment = [machine.equipment for machine in machines.values()]
    sources = sources_for(equipment, {part.group.code for part in parts.values() if part.group}, on=asker.today)
    # Only a campaign or an earlier replacement can name a part that the asked one stands in for
    by_part = bool(sources.campaigns or sources.replacements)
    return Facts(
        actor.is_house,
        asker.today,
        zone,
        parts,
        machines,
        stands_for=interchangeable({pair[0] for pair in pairs}, asker.today) if by_part else {},
        fits=fits_for(pairs, asker.today),
        sources=sources,
        readings=readings_before(moment for request in requests if (moment := reading_moment(request, known))),
        notes=notes_on([machine.pk for machine in equipment], asker.today),
    )


def fit_pair(request: CoverRequest, facts: Facts) -> Pair | None:
    """Part, model and running number of a request on a machine that is known."""
    known = facts.machine(request)
    return (request.part_id, known.equipment.model_id, known.equipment.sequence) if known else None


def reading_moment(request: CoverRequest, facts: Facts) -> Moment | None:
    """The machine and the end of the failure day where the asker is: readings before it count."""
    known = facts.machine(request)
    if known is None:
        return None
    day_after = min(max(facts.failed_on(request), _EARLIEST), _LATEST) + timedelta(days=1)
    return (known.equipment.pk, datetime.combine(day_after, time.min, facts.zone).astimezone(UTC))


def _asker(actor: Actor, requests: Sequence[CoverRequest], now: datetime) -> tuple[Asker, tzinfo]:
    """Who asks: a buyer for itself; the house for itself, or for the buyer it names. Nobody else may ask for another company."""
    company_id = actor.company_id
    if actor.is_house:
        named = {request.company_id for request in requests}
        if len(named) > 1:
            raise ValueError("one call decides the lines of one buyer")
        company_id = named.pop() or actor.company_id
    zone = Company.objects.filter(pk=company_id or 0).values_list("zone", flat=True).first()
    place = ZoneInfo(zone) if zone else UTC
    sees_all = actor.is_house and company_id == actor.company_id
    return Asker(company_id, sees_all, now.astimezone(place).date(), linked_on=now.date()), place


def _parts(requests: Sequence[CoverRequest]) -> dict[int, Part]:
    parts = Part.objects.select_related("group").in_bulk({request.part_id for request in requests})
    unknown = [request for request in requests if request.part_id not in parts]
    if unknown:
        raise PortalError(Problem(Code.UNKNOWN_PART, request.key) for request in unknown)
    return parts
