"""What an order costs: its lines and freight, each with its tax, adding up to one total everywhere (docs/pricing.md). Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from orders.rules.money import ZERO, freight_due
from orders.rules.tax import Priced, Taxed, freight_rate_of, taxed
from portal.money import line_total, quantise


@dataclass(frozen=True)
class Share:
    """The buyer's share of pieces at a published price. `included`: the rate of the tax in that price, 0 for a list without tax."""

    published: Decimal
    per: int
    quantity: int
    share: Decimal
    rate: Decimal
    included: Decimal = ZERO

    def payable(self, currency: str) -> Decimal:
        """Rounded once: with tax where the price has it in it and it is charged, else without."""
        amount = self.published if self.rate == self.included else self.published / (1 + self.included)
        return line_total(amount, per_quantity=self.per, quantity=self.quantity, currency=currency, share=self.share)


@dataclass(frozen=True)
class Amounts:
    """Every line in the order told, its core deposits, and the freight (nothing, when it is not due)."""

    lines: list[Taxed]
    cores: list[Taxed]
    freight: Taxed
    freight_rate: Decimal

    @property
    def net(self) -> Decimal:
        """Without tax, freight included."""
        return sum((one.net for one in (*self.lines, *self.cores)), self.freight.net)

    @property
    def tax(self) -> Decimal:
        """All of the tax."""
        return sum((one.tax for one in (*self.lines, *self.cores)), self.freight.tax)

    @property
    def total(self) -> Decimal:
        """What is paid."""
        return self.net + self.tax


@dataclass(frozen=True)
class RateSum:
    """All that one rate taxes."""

    rate: Decimal
    net: Decimal
    tax: Decimal

    @property
    def gross(self) -> Decimal:
        """With its tax."""
        return self.net + self.tax


def by_rate(rows: Iterable[tuple[Decimal, Taxed]]) -> list[RateSum]:
    """Sums per rate, the highest first; rows without an amount have no base."""
    found: dict[Decimal, RateSum] = {}
    for rate, one in rows:
        if one.gross:
            before = found.get(rate, RateSum(rate, ZERO, ZERO))
            found[rate] = RateSum(rate, before.net + one.net, before.tax + one.tax)
    return [found[rate] for rate in sorted(found, reverse=True)]


def order_amounts(
    lines: Sequence[Share],
    *,
    freight: Decimal,
    currency: str,
    includes_tax: bool,
    cores: Sequence[Share] = (),
    freight_tax_rate: Decimal | None = None,
) -> Amounts:
    """The sums of these lines and of their `cores`, the deposits, taxed like the goods (ADR 0051). `freight` is the published one, always without tax; none falls on a wholly free order.

    `freight_tax_rate` stands once an invoice has charged it.
    """
    goods = [Priced(one.payable(currency), one.rate) for one in lines]
    rate = freight_rate_of(goods) if freight_tax_rate is None else freight_tax_rate
    due = freight_due([one.amount for one in goods], freight)
    priced = quantise(due * (1 + rate), currency) if includes_tax else due
    deposits = [Priced(one.payable(currency), one.rate) for one in cores]
    found = taxed([*goods, *deposits, Priced(priced, rate)], currency=currency, includes_tax=includes_tax)
    return Amounts(found[: len(goods)], found[len(goods) : -1], found[-1], rate if due else ZERO)
