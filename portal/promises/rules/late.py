"""Late days: which ones count, and what each line earned by them (rules.md section 1, compensation)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import ROUND_CEILING, Decimal

from portal.promises.rules.days import ONE_DAY, last_day, local_day, open_of_day
from portal.promises.rules.pauses import ENDLESS, Pause, holds, spans
from portal.promises.rules.words import Cause


@dataclass(frozen=True)
class LateDay:
    """The `number`-th day that counts: local `date`, begun at the instant `at`."""

    number: int
    date: date
    at: datetime


@dataclass(frozen=True)
class Piece:
    """Some pieces of a line handed over (or cancelled) at an instant."""

    quantity: int
    at: datetime
    cancelled: bool = False


def dates_late(due: datetime, at: datetime, zone: str) -> int:
    """Local dates after the due date up to `at`, held or not; 0 in time. Each day counts from its first moment."""
    return max(0, (local_day(at, zone) - last_day(due, zone)).days) if at >= due else 0


def late_days(due: datetime, zone: str, pauses: Iterable[Pause], *, until: datetime = ENDLESS) -> Iterator[LateDay]:
    """The late days begun up to and at `until`, oldest first; a day that began while the customer held us back does not count.

    Without `until` they go on for ever, unless a hold of the customer's is still open.
    """
    held = spans((p for p in pauses if p.cause is Cause.CUSTOMER), until=ENDLESS)
    number, day = 0, last_day(due, zone)
    while True:
        day += ONE_DAY
        at = open_of_day(day, zone)
        span = next((s for s in held if holds(s, at)), None)
        if at > until or (span and span[1] == ENDLESS):
            return
        if span is None and local_day(at, zone) == day:  # a zone that crosses the date line leaves a day out
            number += 1
            yield LateDay(number, day, at)


def days_to_cap(rate: Decimal, cap: Decimal) -> int:
    """How many late days earn anything: the day on which the cap is reached is the last; 0 for a policy without compensation."""
    return int((cap / rate).to_integral_value(ROUND_CEILING)) if rate > 0 else 0


def open_pieces(quantity: int, pieces: Sequence[Piece], at: datetime) -> int:
    """Pieces still owed at the instant; what happens at that very instant comes too late for it."""
    return quantity - sum(piece.quantity for piece in pieces if piece.at < at)


def earned(quantity: int, pieces: Sequence[Piece], days: Iterable[LateDay]) -> tuple[int, ...]:
    """Pieces late on the line's first, second ... late day; empty when nothing was late. What was cancelled earned until then."""
    found: list[int] = []
    for day in days:
        late = open_pieces(quantity, pieces, day.at)
        if not late:
            break
        found.append(late)
    return tuple(found)
