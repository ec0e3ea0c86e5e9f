"""What the store's view of a part means for ours: what changed there, and what staff must see. Pure (docs/saleor.md, "Catalogue")."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from enum import StrEnum

from catalog.rules.store_sheet import Facts
from portal.engine import ListPrice, StoreItem
from portal.money import quantise


class Told(StrEnum):
    """Kinds of difference a look at the store finds; staff see them on the store's page until they are gone."""

    UNKNOWN = "part.unknown"
    GONE = "part.gone"
    STOPPED = "part.stopped"
    CURRENCY = "price.currency"
    DECIMALS = "price.decimals"
    NOTHING = "price.nothing"
    HELD = "stock.held"
    DOUBT = "stock.doubt"


@dataclass(frozen=True)
class Fault:
    """One of them: what it is about beside the part, what we have, what the store has."""

    told: Told
    about: str = ""
    ours: str = ""
    theirs: str = ""


@dataclass(frozen=True)
class Heard:
    """What the store changed since we last knew it. `prices`: the new price by channel, None where it is offered no more."""

    facts: Facts
    name: str | None = None
    prices: Mapping[str, Decimal | None] = field(default_factory=dict)
    withdrawn: bool = False
    offered_again: bool = False
    faults: tuple[Fault, ...] = ()

    @property
    def is_news(self) -> bool:
        """Whether anything is to be changed here."""
        return self.name is not None or bool(self.prices) or self.withdrawn or self.offered_again


def hear(item: StoreItem, known: Facts, currencies: Mapping[str, str]) -> Heard:
    """Compare with what we last knew. `currencies` by channel of ours; other channels of the store are nobody's here.

    A price that cannot be taken (another currency, more decimals than it has, nothing) is a fault, and stays what it was.
    Offered nowhere any more, the part is withdrawn as a whole and its prices stay.
    """
    prices, faults = _prices(item, known, currencies)
    name = item.name if item.name != known.name else None
    facts = Facts(item.name, prices)
    if known.prices and not prices:
        return Heard(facts, name, withdrawn=True, faults=faults)
    changed: dict[str, Decimal | None] = {slug: one for slug, one in prices.items() if known.prices.get(slug) != one}
    gone = dict.fromkeys(known.prices.keys() - prices.keys())
    return Heard(facts, name, {**changed, **gone}, offered_again=bool(prices and not known.prices), faults=faults)


def _prices(
    item: StoreItem, known: Facts, currencies: Mapping[str, str]
) -> tuple[dict[str, Decimal], tuple[Fault, ...]]:
    prices, faults = {}, []
    for slug, price in item.prices.items():
        if slug not in currencies:
            continue
        fault = _fault(slug, price, currencies[slug])
        if fault is None:
            prices[slug] = price.amount
            continue
        faults.append(fault)
        if slug in known.prices:
            prices[slug] = known.prices[slug]
    return prices, tuple(faults)


def _fault(channel: str, price: ListPrice, currency: str) -> Fault | None:
    said = f"{price.amount} {price.currency}"
    if price.currency != currency:
        return Fault(Told.CURRENCY, channel, currency, said)
    if price.amount <= 0:
        return Fault(Told.NOTHING, channel, "", said)
    if quantise(price.amount, currency) != price.amount:
        return Fault(Told.DECIMALS, channel, str(quantise(price.amount, currency)), said)
    return None


def without_echo(heard: Heard, shown: Mapping[str, Decimal]) -> Heard:
    """Leave out prices that are ours already: the store only says what we told it, or what an import brought here as well."""
    news = {slug: price for slug, price in heard.prices.items() if price is None or shown.get(slug) != price}
    return replace(heard, prices=news)


@dataclass(frozen=True)
class Step:
    """What a warehouse of the store shall say; `wanted` None: it says so already."""

    code: str
    wanted: int | None


@dataclass(frozen=True)
class Doubt:
    """Whether our movement is in the store's count cannot be told: `ours` is from where to where we wrote, `there` what it says now."""

    code: str
    ours: str
    there: int


def stock_step(code: str, change: int, there: int, wrote: list[int] | None) -> Step | Doubt:
    """Add `change` to what is `there`, unless an earlier attempt `wrote` it: (from, to)."""
    if wrote is None:
        return Step(code, max(0, there + change))
    was, wanted = wrote
    if there == wanted:
        return Step(code, None)
    return Step(code, wanted) if there == was else Doubt(code, f"{was} > {wanted}", there)
