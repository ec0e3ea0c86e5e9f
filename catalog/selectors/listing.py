"""Parts as a page lists them: name, price, stock; three queries however many parts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from catalog.models import Part, PartDocument
from catalog.rules.prices import Tier
from catalog.selectors.documents import first_picture, picture_of
from catalog.selectors.parts import name_in
from catalog.selectors.prices import PartPrice, prices_for
from catalog.selectors.stock import Availability, market_stock
from portal.promises.selectors import promise_offer
from portal.promises.types import Offer


@dataclass(frozen=True)
class Shopper:
    """Whose prices and stock are shown; `kind` is the price list's (CUSTOMER, DEALER or HOUSE)."""

    market: str
    kind: str
    discount_class: str
    language: str


@dataclass(frozen=True)
class ListedPart:
    """A part dressed for a list; `price` None: no published price for this shopper."""

    part: Part
    name: str
    price: PartPrice | None
    stock: Availability
    picture: PartDocument | None = None

    @property
    def tier(self) -> Tier | None:
        """The price of the smallest quantity we sell."""
        return self.price.at(max(1, self.part.minimum_quantity)) if self.price else None

    @property
    def first_expected(self) -> date | None:
        """The first day more of it comes that nobody holds yet."""
        return min((one.expected_on for place in self.stock.places for one in place.expected if one.free), default=None)


def parts_listed(part_ids: Sequence[int], *, shopper: Shopper, on: date) -> list[ListedPart]:
    """The parts of these keys in their order, dressed for `shopper` on a day; keys that are gone are left out."""
    dressed = Part.objects.select_related("group").annotate(named=name_in(shopper.language), pictured=first_picture())
    parts = dressed.in_bulk(list(part_ids))
    prices = prices_for(parts, market=shopper.market, kind=shopper.kind, discount_class=shopper.discount_class, on=on)
    stock = market_stock(parts, market=shopper.market, since=on)  # goods that are overdue have no known day
    return [
        ListedPart(
            parts[key],
            parts[key].named or parts[key].number,
            prices.get(key),
            stock[key],
            picture_of(parts[key].pictured),
        )
        for key in part_ids
        if key in parts
    ]


def ship_offer(stock: Availability, *, now: datetime) -> Offer | None:
    """The `ship` promise of one piece: by the place that has it, else to the first expected day; None: nothing is promised."""
    here = next((place.warehouse for place in stock.places if place.available), None)
    if here is not None:
        return promise_offer(policy="ship", zone=here.zone, calendar=here.calendar, start_at=now)
    day = stock.day_for(1)
    coming = ((place.warehouse, one.expected_on) for place in stock.places for one in place.expected)
    there = next((warehouse for warehouse, on in coming if on == day), None)
    if there is None:
        return None
    soon = promise_offer(policy="ship", zone=there.zone, calendar=there.calendar, start_at=now)
    if day is None or day <= soon.day:
        return soon
    return promise_offer(policy="ship", zone=there.zone, calendar=there.calendar, start_at=now, agreed_on=day)
