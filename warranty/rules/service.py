"""When a service of a machine is due by the maker's advice. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from warranty.rules.dates import last_covered_day

DUE, SOON, LATER = "DUE", "SOON", "LATER"
_SOON_DAYS = 21
_SOON_SHARE = 10  # a tenth of the interval is left


@dataclass(frozen=True)
class Meter:
    """What the hour meter showed on a day."""

    on: date
    hours: int


@dataclass(frozen=True)
class Every:
    """Every so many hours or months, whichever comes first; None: not counted by it."""

    hours: int | None
    months: int | None


@dataclass(frozen=True)
class ServiceDue:
    """`state` DUE, SOON or LATER; at which hours and on which day, as far as each is known; `since`: counted from when."""

    state: str
    since: date
    at_hours: int | None
    hours_left: int | None
    on: date | None


def service_due(
    every: Every, *, started: date, last_done: date | None, meters: Sequence[Meter], today: date
) -> ServiceDue:
    """Counted from the last time it was done, or from the day the machine went into service.

    `meters` without the suspicious ones. The hours of a day between two readings are drawn straight between them; before
    the first one the meter ran from zero.
    """
    since = max(last_done, started) if last_done else started
    at_hours = left = None
    if every.hours is not None and meters:
        shown = sorted(meters, key=lambda one: (one.on, one.hours))
        at_hours = (hours_on(shown, since, started) if last_done else 0) + every.hours
        left = at_hours - shown[-1].hours
    on = last_covered_day(since, every.months) + timedelta(days=1) if every.months else None
    return ServiceDue(_state(every, left, on, today), since, at_hours, left, on)


def hours_on(meters: Sequence[Meter], day: date, started: date) -> int:
    """The meter on a day, by the readings around it; `meters` by day. After the last one: what that showed."""
    before = Meter(started, 0)
    for one in meters:
        if one.on >= day:
            span = (one.on - before.on).days
            return before.hours + (one.hours - before.hours) * (day - before.on).days // span if span > 0 else one.hours
        before = one
    return before.hours


def _state(every: Every, left: int | None, on: date | None, today: date) -> str:
    if (left is not None and left <= 0) or (on is not None and on <= today):
        return DUE
    near_hours = left is not None and every.hours is not None and left * _SOON_SHARE <= every.hours
    near_day = on is not None and (on - today).days <= _SOON_DAYS
    return SOON if near_hours or near_day else LATER
