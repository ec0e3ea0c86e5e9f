"""Gather every fact that the lines of one order are judged by; a constant number of queries."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from zoneinfo import ZoneInfo

from catalog.models import Part
from catalog.rules.numbers import normalise
from catalog.selectors.fit import Fit, Pair, fits_for
from catalog.selectors.parts import parts_by_id
from portal.accounts.actor import Actor
from portal.accounts.models import Company
from portal.errors import Code, PortalError, Problem
from warranty.models import Equipment
from warranty.selectors.cover_machines import Asker, Known, machines_known
from warranty.selectors.cover_rows import Moment
from warranty.selectors.cover_sources import Sources, sources_for
from warranty.types import CoverRequest

_EARLIEST, _LATEST = date(1900, 1, 1), date(9000, 1, 1)  # any day may be typed; moments in every zone must exist


@dataclass(frozen=True)
class Given:
    """What the caller has read already, so that it is not read again: parts with their groups, machines, fits on the buyer's day."""

    parts: Mapping[int, Part] = field(default_factory=dict)
    machines: Collection[Equipment] = ()
    fits: Mapping[Pair, Fit] = field(default_factory=dict)


NOTHING = Given()


@dataclass(frozen=True)
class Facts:
    """What was found for all requests of one call."""

    house: bool
    today: date
    zone: tzinfo
    parts: Mapping[int, Part]
    machines: Mapping[str, Known]
    fits: Mapping[Pair, Fit] = field(default_factory=dict)
    sources: Sources = field(default_factory=Sources)

    def machine(self, request: CoverRequest) -> Known | None:
        """The machine of a request, if the asker may see it."""
        return self.machines.get(normalise(request.serial or ""))

    def reported_on(self, request: CoverRequest) -> date:
        """The day the failure was told."""
        return request.reported_on or self.today

    def failed_on(self, request: CoverRequest) -> date:
        """The day the case is judged by."""
        return request.failed_on or self.reported_on(request)


def gather_facts(actor: Actor, requests: Sequence[CoverRequest], now: datetime, given: Given = NOTHING) -> Facts:
    """Load what `requests` need and `given` does not hold. Raises UNKNOWN_PART with the request's key as field.

    At most one query each for the buyer's zone, parts, machines and sources of cover, and those of `fits_for`.
    """
    asker, zone = _asker(actor, requests, now)
    parts = _parts(requests, given.parts)
    serials = {bare for request in requests if (bare := normalise(request.serial or ""))}
    machines = machines_known(asker, serials, read=given.machines) if serials else {}
    known = Facts(actor.is_house, asker.today, zone, parts, machines)
    if not machines:
        return known
    pairs = {pair for request in requests if (pair := fit_pair(request, known))}
    return replace(
        known,
        fits={**given.fits, **fits_for(pairs - given.fits.keys(), asker.today)},
        sources=sources_for(
            [machine.equipment for machine in machines.values()],
            {part.group.code for part in parts.values() if part.group},
            moments=[moment for request in requests if (moment := reading_moment(request, known))],
            on=asker.today,
        ),
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
    # The actor carries its own company's zone; only a buyer that the house names is read
    own = company_id == actor.company_id
    zone = actor.zone if own else Company.objects.filter(pk=company_id or 0).values_list("zone", flat=True).first()
    place = ZoneInfo(zone) if zone else UTC
    return Asker(company_id, actor.is_house and own, now.astimezone(place).date(), linked_on=now.date()), place


def _parts(requests: Sequence[CoverRequest], given: Mapping[int, Part]) -> dict[int, Part]:
    wanted = {request.part_id for request in requests}
    missing = wanted - given.keys()
    parts = {key: given[key] for key in wanted - missing} | (parts_by_id(missing) if missing else {})
    unknown = [request for request in requests if request.part_id not in parts]
    if unknown:
        raise PortalError(Problem(Code.UNKNOWN_PART, request.key) for request in unknown)
    return parts
