"""Compensation for late days (rules.md section 1). Pure."""

from __future__ import annotations

from decimal import Decimal

from portal.money import quantise


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
