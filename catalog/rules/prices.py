"""Which tier of a published price a quantity reaches (rules.md section 5, docs/pricing.md)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
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
