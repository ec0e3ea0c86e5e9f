"""What happens to the old part after a free replacement, by group and value (rules.md section 3)."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True)
class OldPart:
    """`kind` is RETURN, HOLD, PHOTO or SCRAP; `days` run from the closing of the card (0: nothing is awaited)."""

    kind: str
    days: int


@dataclass(frozen=True)
class ValueFloors:
    """Below these values of one piece a return is not worth its freight; None: no floor."""

    scrap_below: Decimal | None = None
    photo_below: Decimal | None = None


def old_part(policy: str, days: int, *, value: Decimal, floors: ValueFloors = ValueFloors()) -> OldPart:
    """What is asked back for one piece of this value. HOLD is never weakened: its group is under inspection."""
    kind = policy
    if policy in ("RETURN", "PHOTO") and floors.scrap_below is not None and value < floors.scrap_below:
        kind = "SCRAP"
    elif policy == "RETURN" and floors.photo_below is not None and value < floors.photo_below:
        kind = "PHOTO"
    return OldPart(kind, 0 if kind == "SCRAP" else days)
