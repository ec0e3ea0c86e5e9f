"""What a shipped order is owed, what of it is due, and how a return is credited. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from orders.rules.money import ZERO
from portal.money import quantise


@dataclass(frozen=True)
class LineMoney:
    """The buyer's share of a line: `net` and `tax` stand for `due` pieces, of which `shipped` are handed over."""

    net: Decimal
    tax: Decimal
    due: int
    shipped: int


@dataclass(frozen=True)
class Billed:
    """What is owed for what was handed over."""

    goods: Decimal
    freight: Decimal
    tax: Decimal
    cores: Decimal = ZERO

    @property
    def total(self) -> Decimal:
        """With freight, core deposits and tax."""
        return self.goods + self.freight + self.tax + self.cores


def part_of(amount: Decimal, *, pieces: int, of: int, currency: str) -> Decimal:
    """What `pieces` of `of` have of an amount, rounded once: so all pieces together have all of it, however they were counted."""
    return quantise(amount * pieces / of, currency) if of and pieces else ZERO


@dataclass(frozen=True)
class Returned:
    """What pieces that came back are worth to the buyer, and what is kept of it."""

    goods: Decimal
    tax: Decimal
    fee: Decimal
    fee_tax: Decimal

    @property
    def credited(self) -> Decimal:
        """What the buyer gets."""
        return self.goods + self.tax - self.fee - self.fee_tax


def returned(line: LineMoney, *, before: int, pieces: int, fee_rate: Decimal, currency: str) -> Returned:
    """Credit `pieces` of a line of which `before` had come back already; `fee_rate` is a fraction (rules.md section 5)."""
    values = []
    for amount in (line.net, line.tax):
        gone = part_of(amount, pieces=before, of=line.due, currency=currency)
        values.append(part_of(amount, pieces=before + pieces, of=line.due, currency=currency) - gone)
    goods, tax = values
    return Returned(goods, tax, quantise(goods * fee_rate, currency), quantise(tax * fee_rate, currency))


@dataclass(frozen=True)
class OpenItem:
    """What is still owed of one receivable."""

    due_on: date
    amount: Decimal


def open_items(owed: Iterable[tuple[date, Decimal]], *, settled: Decimal) -> list[OpenItem]:
    """What is open of the receivables of one order, earliest due first: money, and what was billed too much, settles the oldest."""
    rows = sorted(owed)
    left = settled - sum((amount for _, amount in rows if amount < ZERO), ZERO)
    found = []
    for due_on, amount in rows:
        if amount > ZERO:
            paid = min(max(left, ZERO), amount)
            left -= paid
            if amount > paid:
                found.append(OpenItem(due_on, amount - paid))
    return found
