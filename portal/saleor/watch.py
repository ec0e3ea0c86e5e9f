"""What is told by a higher storey about the talk with the store: it registers here, pages read here."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Heard:
    """Webhooks of the last day: how many, how late (seconds from the deed to us), what could not be read, what was refused."""

    last_at: datetime | None
    count: int
    median_lag: float | None
    longest_lag: float | None
    malformed: int
    refusals: list[tuple[datetime, str, str]]


_HEARD: list[Callable[[datetime], Heard]] = []


def heard_register(tell: Callable[[datetime], Heard]) -> None:
    """Who receives webhooks says how to tell of them."""
    _HEARD[:] = [tell]


def heard(now: datetime) -> Heard:
    """What was heard in the day before `now`."""
    return _HEARD[0](now) if _HEARD else Heard(None, 0, None, None, 0, [])
