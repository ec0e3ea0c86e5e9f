"""Local days: when one begins, when it is over, and how to count them, in any zone and over daylight saving."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

Closed = Callable[[date], bool]
TICK = timedelta(microseconds=1)
ONE_DAY = timedelta(days=1)
_LONGEST_CLOSURE = 366


def local_day(at: datetime, zone: str) -> date:
    """The date on a clock in `zone` at the instant `at`."""
    return at.astimezone(ZoneInfo(zone)).date()


def instant(day: date, at: time, zone: str) -> datetime:
    """The UTC instant of a wall time; of a time that comes twice the first, of one that is left out the one it jumps to."""
    return datetime.combine(day, at, ZoneInfo(zone)).astimezone(UTC)


def open_of_day(day: date, zone: str) -> datetime:
    """The UTC instant at which local `day` begins.

    Midnight may be left out (Cairo in spring: the day begins at 01:00) or come twice. Where clocks go back over midnight
    the day before comes again, so the second midnight counts: a day must never be over early.
    """
    midnight = datetime.combine(day, time(), ZoneInfo(zone))
    first, second = midnight.astimezone(UTC), midnight.replace(fold=1).astimezone(UTC)
    if second > first and local_day(second - TICK, zone) < day:
        return second
    return first


def close_of_day(day: date, zone: str) -> datetime:
    """The UTC instant at which local `day` is over: its closing midnight, which is the first moment of the next day."""
    return open_of_day(day + ONE_DAY, zone)


def last_day(due: datetime, zone: str) -> date:
    """The local day a deadline closes (or lies in, for deadlines by the hour)."""
    return local_day(due.astimezone(UTC) - TICK, zone)  # in UTC: taking from a wall time forgets daylight saving


def next_open_day(day: date, closed: Closed) -> date:
    """`day`, or the first day after it that is not closed; ValueError when a whole year is closed."""
    for _ in range(_LONGEST_CLOSURE):
        if not closed(day):
            return day
        day += ONE_DAY
    raise ValueError("a calendar without an open day in a year")


def working_days_after(day: date, count: int, closed: Closed) -> date:
    """The `count`-th open day after `day`, which itself is not counted."""
    for _ in range(count):
        day = next_open_day(day + ONE_DAY, closed)
    return day


def months_after(day: date, count: int) -> date:
    """The same day of the month `count` months on; where that month is shorter, its last day."""
    years, month = divmod(day.month - 1 + count, 12)
    year = day.year + years
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
