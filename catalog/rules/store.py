"""What a part is called, and what it shows, in a store that has one space of numbers and prices of a few decimals. Pure.

docs/saleor.md says who owns which field.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from hashlib import sha256

from portal.money import exponent, quantise

_LONGEST_SLUG = 60


def channel_slug(market: str, kind: str) -> str:
    """The store's channel of a market and a kind of buyer: `kr-dealer`."""
    return f"{market}-{kind}".lower()


def store_key(maker: str, number: str) -> str:
    """A part's key in the store, for ever: `maker/number`. A slash of the maker is written %2F, so that no two parts share one."""
    return f"{maker.replace('%', '%25').replace('/', '%2F')}/{number}"


def part_of_key(key: str) -> tuple[str, str] | None:
    """Maker and number of a key; None when it is no key of ours."""
    maker, slash, number = key.partition("/")
    return (maker.replace("%2F", "/").replace("%25", "%"), number) if slash and number else None


def store_sku(maker: str, number: str, *, first: bool) -> str:
    """The number, for the first part that has it; the store wants it unique, so the others name their maker behind it."""
    return number if first else f"{number} ({maker})"


def store_slug(maker: str, number: str) -> str:
    """An address in the store: readable, and unique by a piece of the key's hash."""
    readable = re.sub(r"[^a-z0-9]+", "-", number.lower()).strip("-")[:_LONGEST_SLUG]
    return f"{readable or 'part'}-{sha256(store_key(maker, number).encode()).hexdigest()[:10]}"


def shown_price(amount: Decimal, per_quantity: int, currency: str) -> Decimal:
    """The price of one piece as the store can show it: rounded, and never nothing.

    An order sends what it costs itself; 0.0004 a piece is 0.01 in the store's list and nowhere else.
    """
    return max(quantise(amount / per_quantity, currency), Decimal(1).scaleb(-exponent(currency)))


def elsewhere(allocated: Mapping[str, int], ours: Mapping[str, int], beside: int = 0) -> dict[str, int]:
    """Pieces other channels have allocated, by warehouse: what the store has allocated less what our accepted lines hold.

    The store may have taken our pieces from another shelf than we did: a part is never held back for more than the whole difference, nor for less.
    `beside`: pieces we hold on a shelf that the store still counts as expected; below zero when it gave from a shelf what waits here.
    """
    left = max(0, sum(allocated.values()) - sum(ours.values()) + beside)
    found = dict.fromkeys(sorted(allocated), 0)
    for mine in (ours, {}):  # first where more is allocated than is ours, then where anything is
        for warehouse, already in found.items():
            beyond = min(left, max(0, allocated[warehouse] - mine.get(warehouse, 0) - already))
            found[warehouse], left = already + beyond, left - beyond
    return found
