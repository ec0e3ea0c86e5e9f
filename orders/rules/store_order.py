"""An order as a store can hold it: prices per piece that add up, the same content known again, what is short told by line. Pure."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from decimal import ROUND_UP, Decimal
from hashlib import sha256

from portal.engine import EngineOrder, LineRefusal, Refusal
from portal.money import exponent


@dataclass(frozen=True)
class Shelf:
    """Pieces of a part in a warehouse of the store: those it says lie there, and those of them it has given to orders."""

    warehouse: str
    quantity: int
    allocated: int = 0


def pieces_free(shelves: Iterable[Shelf]) -> int:
    """Pieces nobody was given: what was given beyond a shelf's own comes from the others."""
    return max(0, sum(one.quantity - one.allocated for one in shelves))


def room_size(shelves: Iterable[Shelf], wanted: int) -> int:
    """How many pieces a warehouse beside `shelves` must show to have `wanted` counted, and all that lies on them.

    Saleor adds different numbers only: two shelves of five are five to it (docs/adr/0073).
    """
    pieces = [one.quantity for one in shelves]
    size = max(wanted, wanted + sum(pieces) - sum(set(pieces)))
    while size and size in pieces:
        size += 1
    return size


def piece_price(gross: Decimal, quantity: int, currency: str) -> tuple[Decimal, Decimal]:
    """What one piece costs in a store that multiplies, and by how much the product is above `gross` (docs/adr/0070).

    10.00 for 3 pieces: 3.34 each, 0.02 too much.
    """
    each = (gross / quantity).quantize(Decimal(1).scaleb(-exponent(currency)), rounding=ROUND_UP)
    return each, each * quantity - gross


def content_mark(order: EngineOrder) -> str:
    """The same for the same order, another when anything of it changed."""
    return sha256(json.dumps(asdict(order), sort_keys=True, default=str).encode()).hexdigest()[:32]


def shortages(wanted: Iterable[tuple[int, str, int]], free: Mapping[str, int]) -> list[LineRefusal]:
    """`wanted`: (position, part, pieces) in the order they are given out, `free`: part to pieces; who gets too little."""
    left, short = dict(free), []
    for position, part, pieces in wanted:
        given = min(pieces, max(0, left.get(part, 0)))
        left[part] = left.get(part, 0) - given
        if given < pieces:
            short.append(LineRefusal(Refusal.OUT_OF_STOCK, position, pieces - given))
    return short


def alike(ours: Sequence[tuple[int, tuple[object, ...]]], theirs: Sequence[tuple[str, tuple[object, ...]]]) -> dict[int, str]:  # fmt: skip
    """Our line (position) to the store's (id) by what they say, as far as they say the same; several in the order they come."""
    pools: dict[tuple[object, ...], list[str]] = {}
    for store_id, says in theirs:
        pools.setdefault(says, []).append(store_id)
    return {position: pools[says].pop(0) for position, says in ours if pools.get(says)}
