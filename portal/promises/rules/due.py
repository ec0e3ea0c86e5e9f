"""When a promise is due, first and after its holds (rules.md section 1, after the Korean and Japanese civil codes)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from portal.promises.rules.days import (
    Closed,
    close_of_day,
    instant,
    last_day,
    local_day,
    months_after,
    next_open_day,
    open_of_day,
    working_days_after,
)
from portal.promises.rules.pauses import Pause, length, midnights, spans
from portal.promises.rules.words import Unit, Which

BEFORE_COLLECTION = timedelta(hours=2)


@dataclass(frozen=True)
class Terms:
    """How much time is given, and where: `allowance` in `unit`, days of the wall clock in `zone`."""

    allowance: int
    unit: Unit
    zone: str
    agreed_on: date | None = None
    last_collection: time | None = None


def due_day(started_on: date, terms: Terms, closed: Closed) -> date:
    """The last local day of a promise counted in days; the starting day is not counted, a closed last day gives the next open one.

    A day agreed with the buyer stands as agreed, closed or not. One that had gone by when the clock started cannot be
    owed any more: what has an allowance gets that, what has none is due on the starting day.
    """
    if terms.agreed_on is not None and terms.agreed_on >= started_on:
        return terms.agreed_on
    if terms.unit is Unit.DATE:
        return started_on
    if terms.unit is Unit.WORKING_DAYS:
        return next_open_day(working_days_after(started_on, terms.allowance, closed), closed)
    if terms.unit is Unit.MONTHS:
        return next_open_day(months_after(started_on, terms.allowance), closed)
    return next_open_day(started_on + timedelta(days=terms.allowance), closed)


def due_at(started_at: datetime, terms: Terms, closed: Closed) -> datetime:
    """The UTC instant at which the promise is broken unless it was kept before; hours run on by the minute, day and night."""
    if terms.unit is Unit.HOURS:
        return started_at.astimezone(UTC) + timedelta(hours=terms.allowance)
    return close_of_day(due_day(local_day(started_at, terms.zone), terms, closed), terms.zone)


def moved_due(first: datetime, terms: Terms, pauses: Iterable[Pause], closed: Closed, *, until: datetime) -> datetime:
    """The due instant after the holds up to `until`: later by every local midnight they contain (by the hour: by their length).

    A hold that begins when the promise is already broken moves nothing. A day reached by moving that is closed gives
    the next open one.
    """
    due, moved = first.astimezone(UTC), 0
    for span in spans(pauses, until=until):
        if span[0] >= due:
            break
        if terms.unit is Unit.HOURS:
            due += length(span)
            continue
        moved += midnights(span, terms.zone)
        if moved:
            day = last_day(first, terms.zone) + timedelta(days=moved)
            due = close_of_day(next_open_day(day, closed), terms.zone)
    return due


def warnings(due: datetime, terms: Terms) -> list[tuple[datetime, Which]]:
    """When to warn, in order: at the opening of the last day and two hours before its last collection; by the hour at four fifths."""
    if terms.unit is Unit.HOURS:
        return [(due.astimezone(UTC) - timedelta(hours=terms.allowance) / 5, Which.FOUR_FIFTHS)]
    day = last_day(due, terms.zone)
    found = [(open_of_day(day, terms.zone), Which.LAST_DAY)]
    if terms.last_collection is not None:
        collected = instant(day, terms.last_collection, terms.zone)
        found.append((collected - BEFORE_COLLECTION, Which.LAST_COLLECTION))
    return sorted(found)
