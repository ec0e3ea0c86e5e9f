"""Holds: the stretches of time a promise stands still for."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from portal.promises.rules.days import TICK, local_day
from portal.promises.rules.words import Cause

Span = tuple[datetime, datetime]
ENDLESS = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True)
class Pause:
    """One hold [started_at, ended_at); `ended_at` None: still held."""

    started_at: datetime
    ended_at: datetime | None
    cause: Cause


def spans(pauses: Iterable[Pause], *, until: datetime) -> list[Span]:
    """The time held, in UTC, no moment twice, in order, nothing after `until`."""
    found: list[Span] = []
    ends = ((p.started_at, min(p.ended_at or ENDLESS, until)) for p in pauses)
    for start, end in sorted((start.astimezone(UTC), end.astimezone(UTC)) for start, end in ends):
        if end <= start:
            continue
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], end))
        else:
            found.append((start, end))
    return found


def midnights(span: Span, zone: str) -> int:
    """How many local days begin within the span."""
    return (local_day(span[1] - TICK, zone) - local_day(span[0] - TICK, zone)).days


def length(span: Span) -> timedelta:
    """How long the span is."""
    return span[1] - span[0]


def holds(span: Span, at: datetime) -> bool:
    """Does the span contain the instant?"""
    return span[0] <= at < span[1]
