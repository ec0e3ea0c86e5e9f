"""What a typed number means as order lines (rules.md section 5, supersession). Pure: parts are opaque."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import ROUND_FLOOR, Decimal
from typing import Any

from catalog.rules.prices import Tier
from portal.errors import Code, Problem

MOST_PER = 2**31 - 1  # pieces a price can be said for


@dataclass(frozen=True)
class Meaning:
    """One order line's part and quantity; `instead_of` is the old part whose lower price counts, `for_one` the pieces that
    replace one of it.
    """

    part: Any
    quantity: int
    instead_of: Any = None
    for_one: int = 1


def meanings(
    field: str,
    *,
    answer: Any,
    quantity: int,
    allow_substitute: bool,
    old_is_free: bool,
) -> tuple[Sequence[Meaning], Problem | None]:
    """The lines a number stands for, or why it stands for none.

    `answer` is catalog's Resolution. `old_is_free`: the old part still lies in stock in that quantity.
    """
    if answer.candidates:
        return (), Problem(
            Code.AMBIGUOUS_PART, field, {"candidates": sorted(part.number for part in answer.candidates)}
        )
    if answer.successors:
        use_up = all(one.mode == "USE_UP" for one in answer.successors)
        if use_up and old_is_free:
            return (Meaning(answer.asked_part, quantity),), None
        if not allow_substitute:
            named = [{"partNumber": one.part.number, "quantity": one.quantity} for one in answer.successors]
            return (), Problem(Code.SUPERSEDED, field, {"successor": named[0]["partNumber"], "successors": named})
        asked = answer.asked_part
        return tuple(Meaning(one.part, quantity * one.quantity, asked, one.quantity) for one in answer.successors), None
    if answer.part is None:
        return (), Problem(Code.UNKNOWN_PART, field, {"partNumber": answer.asked})
    return (Meaning(answer.part, quantity),), None


def tier_for_one(tier: Tier, for_one: int) -> Tier:
    """The price of one old piece as that of the `for_one` pieces that replace it.

    Beyond the pieces a price can be said for it is said for fewer, rounded down: the buyer never pays more.
    """
    per = tier.per_quantity * for_one
    if per <= MOST_PER:
        return replace(tier, per_quantity=per)
    amount = (tier.amount * MOST_PER / per).quantize(Decimal("0.001"), rounding=ROUND_FLOOR)
    return replace(tier, amount=amount, per_quantity=MOST_PER)
