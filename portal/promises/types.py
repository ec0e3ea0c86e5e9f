"""What callers give to the promises and get from them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal


@dataclass(frozen=True)
class PromisedLine:
    """Pieces of one line; `base` is the published price of one piece, without tax."""

    ref: str
    quantity: int
    base: Decimal


@dataclass(frozen=True)
class Shown:
    """A promise as a buyer is shown it: whose clock it would keep, for which pieces, and when its warehouse is collected from last."""

    policy: str
    zone: str
    calendar: str
    lines: Sequence[PromisedLine]
    agreed_on: date | None = None
    last_collection: time | None = None


@dataclass(frozen=True)
class Fact:
    """A hand-over or delivery that happened at `at`."""

    ref: str
    quantity: int
    at: datetime


@dataclass(frozen=True)
class Offer:
    """What a buyer is shown: the allowance, and the day it would mean if the clock started as asked."""

    policy: str
    allowance: int
    unit: str
    day: date
    due_at: datetime


@dataclass(frozen=True)
class Bar:
    """A promise bar: `share` of the time used (0 to 1), `tone` one of offered, running, near, late, paused, kept, kept_late, cancelled."""

    share: float
    tone: str
