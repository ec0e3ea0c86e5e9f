"""Compensation for late days (rules.md section 1). Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from portal.money import quantise


@dataclass(frozen=True)
class LatePieces:
    """`pieces` of a line late on a date under one promise; `rate` and `cap` are fractions of the published price."""

    on: date
    policy: str
    pieces: int
    rate: Decimal
    cap: Decimal


@dataclass(frozen=True)
class Earned:
    """What one row of late pieces adds: exactly, and as posted."""

    exact: Decimal
    amount: Decimal


def line_earns(rows: Iterable[LatePieces], *, base: Decimal, quantity: int, currency: str) -> list[Earned]:
    """What each row adds, in the order told; `base` is the published price of one piece without tax, `quantity` the line's.

    Promises of one policy stand for different pieces of the line and add up; the same pieces late under two policies earn
    once a day. All rows together are rounded once and capped: each posts what is new.
    """
    late: dict[date, dict[str, int]] = {}
    found, before, posted = [], Decimal(0), Decimal(0)
    for row in rows:
        exact = day_exact(base=base, pieces=_more(late.setdefault(row.on, {}), row), rate=row.rate)
        most = base * quantity * row.cap
        amount = day_amount(earned_before=before, today=exact, most=most, posted=posted, currency=currency)
        found.append(Earned(exact, amount))
        before, posted = before + exact, posted + amount
    return found


def _more(day: dict[str, int], row: LatePieces) -> int:
    """Pieces of this row that no other policy has counted on that day."""
    before = max(day.values(), default=0)
    day[row.policy] = day.get(row.policy, 0) + row.pieces
    return max(day.values()) - before


def day_exact(*, base: Decimal, pieces: int, rate: Decimal) -> Decimal:
    """What one late day of `pieces` earns before rounding; `base` is the published price of one piece without tax."""
    return base * pieces * rate


def day_amount(*, earned_before: Decimal, today: Decimal, most: Decimal, posted: Decimal, currency: str) -> Decimal:
    """What the day posts: all days together, rounded once and capped at `most`, less what was posted before; never below zero.

    With the same pieces every day this is round(base x rate x n) less what was posted.
    """
    return max(Decimal(0), quantise(min(earned_before + today, most), currency) - posted)


def day_is_last(*, day: int, rate: Decimal, cap: Decimal) -> bool:
    """Does the cap end the posting with this day?"""
    return rate * day >= cap
