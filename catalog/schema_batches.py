"""What lists of parts load at once: names, prices, stock, promises."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar
from zoneinfo import ZoneInfo

import graphene
from django.utils import translation

from catalog.models import Part, Warehouse
from catalog.selectors.parts import part_names
from catalog.selectors.prices import PartPrice, prices_for
from catalog.selectors.stock import Availability, market_stock
from portal import clock
from portal.graphql import Batch, batch, reader
from portal.promises.selectors import promise_offer
from portal.promises.types import Offer

Found = TypeVar("Found")


def want_parts(info: graphene.ResolveInfo, parts: Sequence[Part]) -> list[Part]:
    """Announce parts whose names, prices and stock will be read."""
    keys = [part.pk for part in parts]
    for one in (_names(info), _prices(info), _places(info)):
        one.want(keys)
    parts_seen(info).update(keys)
    return list(parts)


def parts_seen(info: graphene.ResolveInfo) -> set[int]:
    """The parts this request has listed so far: what a question about one of them may as well answer for all."""
    seen: set[int] = info.context.__dict__.setdefault("_graphql_parts", set())
    return seen


def of_part(
    part: Part, info: graphene.ResolveInfo, name: str, load: Callable[[set[int]], dict[int, list[Found]]]
) -> list[Found]:
    """What `load` finds for this part, loaded for all listed parts at once."""
    found: Batch[int, list[Found]] = batch(info, f"part_{name}", load)
    found.want(parts_seen(info))
    return found.get(part.pk) or []


def name_of(part: Part, info: graphene.ResolveInfo) -> str:
    """The name in the reader's language; the number when nobody named it."""
    return _names(info).get(part.pk) or part.number


def price_of(part: Part, info: graphene.ResolveInfo) -> PartPrice | None:
    """The reader's own published price; strangers see none."""
    return _prices(info).get(part.pk) if reader(info) else None


def places_of(part: Part, info: graphene.ResolveInfo) -> Availability | None:
    """Stock in the reader's market; strangers see none."""
    return _places(info).get(part.pk) if reader(info) else None


def offer_of(part: Part, info: graphene.ResolveInfo) -> Offer | None:
    """The `ship` promise of one piece: by the place that has it, else to the first expected day; None: no promise."""
    found = places_of(part, info)
    if found is None or part.stop_sale:
        return None
    here = next((place.warehouse for place in found.places if place.available), None)
    offers = batch(info, "offers", lambda keys: {key: _offer(key) for key in keys})
    if here is not None:
        return offers.get((here, None))
    day = found.day_for(1)
    there = next((place.warehouse for place in found.places for one in place.expected if one.expected_on == day), None)
    return offers.get((there, day)) if there is not None else None


def _offer(key: tuple[Warehouse, object]) -> Offer:
    warehouse, day = key
    now = clock.now()
    offer = promise_offer(policy="ship", zone=warehouse.zone, calendar=warehouse.calendar, start_at=now)
    if day is None or day <= offer.day:  # type: ignore[operator]
        return offer
    return promise_offer(policy="ship", zone=warehouse.zone, calendar=warehouse.calendar, start_at=now, agreed_on=day)  # type: ignore[arg-type]


def _names(info: graphene.ResolveInfo) -> Batch[int, str]:
    return batch(info, "names", lambda keys: part_names(keys, translation.get_language() or "en"))


def _prices(info: graphene.ResolveInfo) -> Batch[int, PartPrice]:
    def load(keys: set[int]) -> dict[int, PartPrice]:
        actor = reader(info)
        if actor is None:
            return {}
        kind = "CUSTOMER" if actor.is_house else actor.company_kind
        on = clock.now().astimezone(ZoneInfo(actor.zone)).date()
        return prices_for(keys, market=actor.market, kind=kind, discount_class=actor.discount_class, on=on)

    return batch(info, "prices", load)


def _places(info: graphene.ResolveInfo) -> Batch[int, Availability]:
    def load(keys: set[int]) -> dict[int, Availability]:
        actor = reader(info)
        if actor is None:
            return {}
        return market_stock(keys, market=actor.market, since=clock.now().astimezone(ZoneInfo(actor.zone)).date())

    return batch(info, "places", load)
