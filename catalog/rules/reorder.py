"""What to order again, how much of it, and why. Pure.

*Ours*, after the trade's custom: the supplier's lead time is not known to the portal, so the reorder point stands for it. What is ordered
brings the shelf back over that point and four weeks of the demand seen further.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from catalog.rules.packs import sellable_quantity

WEEKS = 12  # of demand that are looked at
AHEAD = 4  # weeks that an order lasts beyond the reorder point


class Why(StrEnum):
    """Reasons to order, the most pressing first."""

    WAITING = "WAITING"  # buyers wait, and nothing is on its way for them
    SAFETY = "SAFETY"  # less than the safety stock is there
    POINT = "POINT"  # what is there and on its way has come down to the reorder point


@dataclass(frozen=True)
class Shelf:
    """One part at one warehouse: pieces free, on their way and not held, wanted without any source; demand by week, the oldest first."""

    available: int
    coming: int
    waiting: int
    safety: int
    point: int
    weekly: Sequence[int]
    pack: int = 1
    minimum: int = 1

    @property
    def position(self) -> int:
        """What will be there when all that comes has come and all that waits is served."""
        return self.available + self.coming - self.waiting

    @property
    def mean(self) -> float:
        """Pieces a week."""
        return sum(self.weekly) / len(self.weekly) if self.weekly else 0.0


@dataclass(frozen=True)
class Proposal:
    """Order `quantity` pieces (whole packs), for these reasons."""

    quantity: int
    whys: tuple[Why, ...]


def reorder(shelf: Shelf) -> Proposal | None:
    """What to order for a shelf; None while it has enough."""
    short = shelf.point > 0 and shelf.position <= shelf.point
    if not short and shelf.waiting <= shelf.coming:
        return None
    told = (
        (Why.WAITING, shelf.waiting > shelf.coming),
        (Why.SAFETY, shelf.available < shelf.safety),
        (Why.POINT, short),
    )
    target = max(shelf.point, shelf.safety) + -(-sum(shelf.weekly) * AHEAD // max(len(shelf.weekly), 1))
    quantity = sellable_quantity(max(target - shelf.position, 1), shelf.pack, shelf.minimum)
    return Proposal(quantity, tuple(why for why, holds in told if holds))
