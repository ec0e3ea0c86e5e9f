"""Which tier of a published price a quantity reaches, and which days a list is valid (rules.md section 5, docs/pricing.md)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal


@dataclass(frozen=True)
class Tier:
    """`amount` buys `per_quantity` pieces when at least `from_quantity` are bought. Amount in major units, not rounded."""

    from_quantity: int
    amount: Decimal
    per_quantity: int


def tier_at(tiers: Sequence[Tier], quantity: int) -> Tier:
    """The tier of the greatest `from_quantity` that `quantity` reaches; below all of them the lowest. `tiers` is not empty."""
    ordered = sorted(tiers, key=lambda tier: tier.from_quantity)
    reached = [tier for tier in ordered if tier.from_quantity <= quantity]
    return reached[-1] if reached else ordered[0]


@dataclass(frozen=True)
class ListDays:
    """A price list of one market, kind and class with its half-open range of days; None: without bound. `key` tells it apart."""

    key: int
    starts: date | None
    ends: date | None


def list_begins(known: Sequence[ListDays], starts: date, ends: date | None) -> tuple[date | None, list[ListDays]]:
    """When a list that begins on `starts` ends, and the known lists that end with its first day.

    `ends` is its first day without it, if it says so itself; a list published for later bounds it all the same. No known list begins on `starts`.
    """
    later = [one.starts for one in known if one.starts is not None and one.starts > starts]
    running = [
        one for one in known if (one.starts is None or one.starts < starts) and (one.ends is None or one.ends > starts)
    ]
    return min((day for day in (ends, *later) if day), default=None), [replace(one, ends=starts) for one in running]


def repriced(tiers: Sequence[Tier], price: Decimal) -> tuple[Tier, ...]:
    """The tiers when one piece costs `price`: the lowest takes it, and those for more pieces stay unless they are dearer now."""
    ordered = sorted(tiers, key=lambda tier: tier.from_quantity)
    least = ordered[0].from_quantity if ordered else 1
    cheaper = [tier for tier in ordered[1:] if tier.amount <= price * tier.per_quantity]
    return (Tier(least, price, 1), *cheaper)
