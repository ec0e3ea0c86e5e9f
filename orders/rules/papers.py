"""What one paper of several charges: what its pieces add to what was charged before (ADR 0041). Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from orders.rules.amounts import RateSum, Share
from orders.rules.money import ZERO, freight_due
from orders.rules.tax import handed_out, tax_of
from portal.money import quantise


@dataclass(frozen=True)
class Step:
    """Between two states of an order's pieces. `amounts` of lines and `freight` are as priced (a shelf price: with its tax), `nets`
    the same without tax; nets and freight add up to the rates.
    """

    amounts: list[Decimal]
    nets: list[Decimal]
    freight: Decimal
    freight_net: Decimal
    rates: list[RateSum]

    @property
    def net(self) -> Decimal:
        """Without tax."""
        return sum((one.net for one in self.rates), ZERO)

    @property
    def tax(self) -> Decimal:
        """All of the tax."""
        return sum((one.tax for one in self.rates), ZERO)

    @property
    def total(self) -> Decimal:
        """What is charged."""
        return self.net + self.tax


@dataclass(frozen=True)
class Terms:
    """What holds for the whole order: published freight without tax and its rate, the currency, whether prices are shelf prices."""

    freight: Decimal
    freight_rate: Decimal
    currency: str
    includes_tax: bool


def step(fewer: Sequence[Share], more: Sequence[Share], terms: Terms) -> Step:
    """What `more` pieces of the same lines charge beyond `fewer`; freight comes with the first piece that costs something.

    Steps that follow each other add up to the whole, to the smallest unit: each rate's tax is rounded once a step, up or down.
    """
    before, after = _priced(fewer, terms), _priced(more, terms)
    amounts = [new - old for old, new in zip(before, after, strict=True)]
    freights = [_freight(before, terms), _freight(after, terms)]
    rates = []
    for rate in sorted({one.rate for one in more} | {terms.freight_rate}, reverse=True):
        sums = [
            sum((amount for amount, one in zip(priced, more, strict=True) if one.rate == rate), ZERO)
            + (freight if rate == terms.freight_rate else ZERO)
            for priced, freight in zip((before, after), freights, strict=True)
        ]
        taxes = [tax_of([one], rate, terms.currency, includes_tax=terms.includes_tax) for one in sums]
        amount, tax = sums[1] - sums[0], taxes[1] - taxes[0]
        if amount:
            rates.append(RateSum(rate, amount - tax if terms.includes_tax else amount, tax))
    freight = freights[1] - freights[0]
    nets = _nets([*amounts, freight], [*(one.rate for one in more), terms.freight_rate], rates, terms)
    return Step(amounts, nets[:-1], freight, nets[-1], rates)


def _nets(amounts: Sequence[Decimal], rates: Sequence[Decimal], sums: Sequence[RateSum], terms: Terms) -> list[Decimal]:
    """Amounts without tax; of shelf prices each rate's net is handed out over its amounts."""
    if not terms.includes_tax:
        return list(amounts)
    found = dict.fromkeys(range(len(amounts)), ZERO)
    for one in sums:
        mine = [place for place, rate in enumerate(rates) if rate == one.rate]
        exact = [amounts[place] / (1 + one.rate) for place in mine]
        found.update(zip(mine, handed_out(one.net, exact, terms.currency), strict=True))
    return list(found.values())


def _priced(shares: Sequence[Share], terms: Terms) -> list[Decimal]:
    return [one.payable(terms.currency) for one in shares]


def _freight(priced: Sequence[Decimal], terms: Terms) -> Decimal:
    due = freight_due(priced, terms.freight)
    return quantise(due * (1 + terms.freight_rate), terms.currency) if terms.includes_tax else due
