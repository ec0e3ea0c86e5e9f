"""Tax on a sale of goods: whose tax, at which rate, and how it is rounded (docs/pricing.md, docs/adr/0040 and 0041). Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_FLOOR, Decimal
from enum import StrEnum

from portal.money import exponent, quantise

ZERO = Decimal(0)
# The members of the Union's VAT area, as ISO 3166 names them. Their VAT numbers say EL for GR.
EU = frozenset(
    "AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK".split()  # noqa: SIM905  read as a list of countries
)


class Treatment(StrEnum):
    """How a sale is taxed."""

    DOMESTIC = "DOMESTIC"  # the rate of the country the goods stay in
    DESTINATION = (
        "DESTINATION"  # sold across a border of the Union to who is no checked company: the buyer's country's rate
    )
    REVERSE_CHARGE = "REVERSE_CHARGE"  # to a checked company of another member state: no tax, the buyer accounts for it
    EXPORT = "EXPORT"  # leaves the tax area: no tax


class Note(StrEnum):
    """What a buyer is told of the tax beside its amount."""

    NONE = ""
    REVERSE_CHARGE = "REVERSE_CHARGE"
    EXPORT = "EXPORT"
    NUMBER_FAILED = "NUMBER_FAILED"  # the number has not the form of one: tax is charged
    NUMBER_UNCONFIRMED = "NUMBER_UNCONFIRMED"  # well formed, but nobody has asked the register yet: tax is charged


@dataclass(frozen=True)
class Supply:
    """Goods on their way from country to country. `number_state` is what is known of the buyer's tax number, `number_country` whose it is."""

    ships_from: str
    ships_to: str
    is_consumer: bool = False
    number_state: str = ""
    number_country: str = ""
    registered: frozenset[str] = frozenset()
    one_stop: bool = False


@dataclass(frozen=True)
class Place:
    """Whose rates a sale is taxed by, how, and what the buyer is told."""

    country: str
    treatment: Treatment
    note: Note = Note.NONE

    @property
    def is_taxed(self) -> bool:
        """Does the seller charge tax at all?"""
        return self.treatment in (Treatment.DOMESTIC, Treatment.DESTINATION)


def place_of_supply(supply: Supply) -> Place:
    """Where goods are taxed: at home; between member states at the buyer's (by the buyer itself, if it is a confirmed company);
    nowhere when they leave the tax area. A seller registered in the buyer's country who brings goods in sells them there.
    """
    start, end = supply.ships_from, supply.ships_to
    if start == end:
        return Place(end, Treatment.DOMESTIC)
    if start in EU and end in EU:
        return _between_members(supply)
    if end in supply.registered:
        return Place(end, Treatment.DOMESTIC)
    return Place(start, Treatment.EXPORT, Note.EXPORT)


def _between_members(supply: Supply) -> Place:
    """A number of the state the goods leave from does not free them: the goods have to reach a company known elsewhere."""
    foreign = supply.number_country in EU and supply.number_country != supply.ships_from
    if supply.number_state == "CONFIRMED" and foreign and not supply.is_consumer:
        return Place(supply.ships_to, Treatment.REVERSE_CHARGE, Note.REVERSE_CHARGE)
    at = supply.ships_to if supply.one_stop or supply.ships_to in supply.registered else supply.ships_from
    treatment = Treatment.DESTINATION if at == supply.ships_to else Treatment.DOMESTIC
    return Place(at, treatment, _number_note(supply))


def _number_note(supply: Supply) -> Note:
    if supply.is_consumer:
        return Note.NONE
    return {"FAILED": Note.NUMBER_FAILED, "WELL_FORMED": Note.NUMBER_UNCONFIRMED}.get(supply.number_state, Note.NONE)


@dataclass(frozen=True)
class Priced:
    """What a line costs as it was priced, rounded: without tax, or (on a list that includes it) with."""

    amount: Decimal
    rate: Decimal


@dataclass(frozen=True)
class Taxed:
    """The same with its tax; `net + tax == gross` to the smallest unit."""

    net: Decimal
    tax: Decimal

    @property
    def gross(self) -> Decimal:
        """What is paid."""
        return self.net + self.tax


def taxed(rows: Sequence[Priced], *, currency: str, includes_tax: bool) -> list[Taxed]:
    """Tax of each row: rounded once per rate over all of its rows, then handed out so that the rows add up to it exactly.

    Raises ValueError for a negative amount or one finer than the currency: such a line is an error, never a discount.
    """
    for row in rows:
        if not row.amount.is_finite() or row.amount < ZERO or row.amount != quantise(row.amount, currency):
            raise ValueError(f"no payable amount: {row.amount} {currency}")
    taxes: dict[int, Decimal] = {}
    for rate in {row.rate for row in rows}:
        mine = [place for place, row in enumerate(rows) if row.rate == rate]
        exact = [_exact(rows[place].amount, rate, includes_tax=includes_tax) for place in mine]
        shares = handed_out(
            tax_of([rows[place].amount for place in mine], rate, currency, includes_tax=includes_tax), exact, currency
        )
        taxes.update(zip(mine, shares, strict=True))
    return [
        Taxed(row.amount - taxes[place], taxes[place]) if includes_tax else Taxed(row.amount, taxes[place])
        for place, row in enumerate(rows)
    ]


def tax_of(amounts: Sequence[Decimal], rate: Decimal, currency: str, *, includes_tax: bool = False) -> Decimal:
    """The tax of one rate: on the sum of its amounts, rounded once, half up."""
    return quantise(_exact(sum(amounts, ZERO), rate, includes_tax=includes_tax), currency)


def _exact(amount: Decimal, rate: Decimal, *, includes_tax: bool) -> Decimal:
    return amount * rate / (1 + rate) if includes_tax else amount * rate


def handed_out(whole: Decimal, exact: Sequence[Decimal], currency: str) -> list[Decimal]:
    """`whole` in payable shares nearest to `exact`: each rounded down, the units left go to the largest remainders, the first of equals."""
    unit = Decimal(1).scaleb(-exponent(currency))
    shares = [one.quantize(unit, rounding=ROUND_FLOOR) for one in exact]
    left = int((whole - sum(shares, ZERO)) / unit)
    for place in sorted(range(len(exact)), key=lambda place: shares[place] - exact[place])[:left]:
        shares[place] += unit
    return shares


def freight_rate_of(rows: Sequence[Priced]) -> Decimal:
    """Freight is ancillary: it follows the goods of the greatest value; of equals, the higher rate."""
    values: dict[Decimal, Decimal] = {}
    for row in rows:
        values[row.rate] = values.get(row.rate, ZERO) + row.amount
    return max(values, key=lambda rate: (values[rate], rate), default=ZERO)
