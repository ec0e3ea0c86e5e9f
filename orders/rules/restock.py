"""How many pieces a dealer's shelf needs again, from what the dealer ordered before. Pure.

The portal does not see the dealer's shelf. It reasons as a storekeeper would: what was ordered before the last order was used up
by then, so it shows the rate; at that rate the shelf went on emptying since. Every number of it is kept, to be shown.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_CEILING, Decimal

from catalog.rules.packs import sellable_quantity

WEEK = Decimal(7)
SHORTEST = Decimal(13)  # weeks: a shorter history is not blown up into a rate


@dataclass(frozen=True)
class Bought:
    """So many pieces ordered for the shelf on a day."""

    on: date
    pieces: int


@dataclass(frozen=True)
class Shelf:
    """What is known of a part at one dealer: orders of the window, pieces still to come, pieces in the cart already."""

    bought: Sequence[Bought]
    on_order: int = 0
    in_cart: int = 0


@dataclass(frozen=True)
class Horizon:
    """For how long the shelf must last: `cover_weeks` beyond the `lead_days` that the next goods take; packs in pieces."""

    today: date
    cover_weeks: int
    lead_days: int
    pack: int = 1
    minimum: int = 1

    @property
    def weeks(self) -> Decimal:
        """Cover and lead time together, in weeks."""
        return Decimal(self.cover_weeks) + self.lead_days / WEEK


@dataclass(frozen=True)
class Proposal:
    """`quantity` pieces to order (0: none), and how that was found; `used`, `left` and `need` in pieces, not rounded.

    `lasted_weeks`: how long the pieces before the last order lasted; 0 when there was one order alone.
    """

    quantity: int
    total: int
    first_on: date
    last_on: date
    lasted_weeks: Decimal
    before_last: int
    rate: Decimal
    used: Decimal
    left: Decimal
    on_order: int
    in_cart: int
    need: Decimal

    @property
    def basis(self) -> str:
        """LASTED: the rate is what the pieces before the last order lasted; ONCE: one order alone; SPREAD: all orders over the quarter at least."""
        if not self.before_last:
            return "ONCE"
        return "LASTED" if self.rate == self.before_last / self.lasted_weeks else "SPREAD"

    @property
    def missing(self) -> Decimal:
        """What the need is above what is there or on its way, before packs; never below zero."""
        return max(self.need - self.left - self.on_order - self.in_cart, Decimal(0))


def restock_propose(shelf: Shelf, horizon: Horizon) -> Proposal | None:
    """What to order now; None when nothing was ordered in the window."""
    bought = sorted((one for one in shelf.bought if one.pieces > 0 and one.on <= horizon.today), key=lambda one: one.on)
    if not bought:
        return None
    total, first, last = sum(one.pieces for one in bought), bought[0].on, bought[-1].on
    before_last = sum(one.pieces for one in bought if one.on < last)
    rate = _rate(total, before_last, first, last, horizon.today)
    used = min(rate * _weeks(first, horizon.today), Decimal(total))
    left = max(total - used - shelf.on_order, Decimal(0))
    need = rate * horizon.weeks
    missing = max(need - left - shelf.on_order - shelf.in_cart, Decimal(0))
    quantity = 0
    if missing > 0:
        pieces = int(missing.to_integral_value(ROUND_CEILING))
        quantity = sellable_quantity(pieces, pack=horizon.pack, minimum=horizon.minimum)
    return Proposal(
        quantity, total, first, last, _weeks(first, last), before_last, rate, used, left, shelf.on_order, shelf.in_cart, need,
    )  # fmt: skip


def _rate(total: int, before_last: int, first: date, last: date, today: date) -> Decimal:
    """Pieces a week: what lasted until the last order, but never more than all of it over the time since the first."""
    over_all = total / max(_weeks(first, today), SHORTEST)
    return min(before_last / _weeks(first, last), over_all) if before_last else over_all


def _weeks(start: date, end: date) -> Decimal:
    return (end - start).days / WEEK


def lead_days(took: Sequence[int], *, otherwise: int) -> int:
    """So many days as three of four of the last deliveries took at most; `otherwise` when none is known."""
    return sorted(took)[-(-3 * len(took) // 4) - 1] if took else otherwise
