"""Does a sum the bank shows settle an order? Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal


@dataclass(frozen=True)
class Sum:
    """What came: in major units of its currency, on the bank's value date."""

    amount: Decimal
    currency: str
    value_on: date


@dataclass(frozen=True)
class Candidate:
    """An order the sum's text names; `invoiced`: what is open of its invoices that are named, if any."""

    key: int
    open: Decimal
    currency: str
    placed_on: date
    closed: bool
    invoiced: Decimal = Decimal(0)


@dataclass(frozen=True)
class Match:
    """`why` is empty when the sum settles the order exactly; else what a person has to look at. `key`: the order it may mean."""

    key: int | None
    why: str


def match(came: Sum, named: Sequence[Candidate]) -> Match:
    """Exact and nothing else is booked by itself: one order named, its currency, and just what is open of it or of the invoices named."""
    if not named:
        return Match(None, "UNKNOWN")
    if len(named) > 1:
        return Match(None, "SEVERAL")
    one = named[0]
    if one.currency != came.currency:
        return Match(one.key, "CURRENCY")
    if one.closed or one.open <= 0:
        return Match(one.key, "CLOSED")
    if came.value_on < one.placed_on:
        return Match(one.key, "DATE")
    if came.amount not in (one.open, one.invoiced):
        return Match(one.key, "OVER" if came.amount > one.open else "UNDER")
    return Match(one.key, "")
