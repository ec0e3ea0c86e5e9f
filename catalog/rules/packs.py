"""Packs and minimum quantities (rules.md section 5: rounded up with the buyer's yes)."""

from __future__ import annotations


def sellable_quantity(wanted: int, pack: int, minimum: int) -> int:
    """The smallest quantity we sell that is not below `wanted` nor `minimum`: a whole number of packs. All in pieces, `pack` and `wanted` >= 1."""
    least = max(wanted, minimum)
    return -(-least // pack) * pack
