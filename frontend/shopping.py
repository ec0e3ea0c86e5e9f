"""Whose prices, stock and cover a reader is shown."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from catalog.selectors.fit import Fit, Pair
from catalog.selectors.listing import ListedPart, Shopper
from catalog.selectors.prices import price_list_for
from frontend.pages import Asked, language, today
from portal.money import line_total
from warranty.selectors.equipment import equipment_get
from warranty.services.coverage import Given, coverage_decide_many
from warranty.types import CoverRequest, CoverVerdict

if TYPE_CHECKING:
    from warranty.models import Equipment


def shopper(request: Asked) -> Shopper:
    """The reader as a shopper; the house sees what its customers see."""
    actor = request.actor
    kind = "CUSTOMER" if actor.is_house else actor.company_kind
    return Shopper(actor.market, kind, actor.discount_class, language())


def currency_of(request: Asked) -> str:
    """What the reader's company is charged in today, as its price list says; empty without a list."""
    actor = request.actor
    listed = price_list_for(
        market=actor.market, kind=actor.company_kind, discount_class=actor.discount_class, on=today(request)
    )
    return listed.currency if listed else ""


def tax_included(listed: Iterable[ListedPart]) -> bool | None:
    """Is tax in the prices of a table? None where it is in some of them."""
    found = {one.price.includes_tax for one in listed if one.price}
    return found.pop() if len(found) == 1 else None


_MY_MACHINE = "machine"  # in the session: its normalised serial


def machine_asked(request: Asked, name: str = "serial") -> tuple[str, Equipment | None]:
    """The serial typed in the address, and the machine if the reader may see it; it is remembered as "my machine" for the pages that follow.

    Without a serial in the address the remembered machine; an empty one forgets it.
    """
    if name not in request.GET:
        kept = request.session.get(_MY_MACHINE, "")
        machine = equipment_get(actor=request.actor, serial=kept) if kept else None
        return machine.serial if machine else "", machine
    typed = request.GET[name].strip()[:60]
    machine = equipment_get(actor=request.actor, serial=typed) if typed else None
    if machine or not typed:
        _remember(request, machine.normalised if machine else "")
    return typed, machine


def _remember(request: Asked, serial: str) -> None:
    if request.session.get(_MY_MACHINE, "") != serial:
        request.session[_MY_MACHINE] = serial


def cover_of(
    request: Asked, pairs: Sequence[tuple[ListedPart, Equipment]], fits: Mapping[Pair, Fit]
) -> dict[tuple[int, str], CoverVerdict]:
    """Who would pay for one piece of each part on each machine, were it ordered for the reader's company now, by part key and serial.

    `fits` are those of today that were read already. A constant number of queries.
    """
    asked = {
        f"{listed.part.pk}:{machine.serial}": (listed, machine)
        for listed, machine in pairs
        if listed.price and listed.tier
    }
    requests = [_request(request, key, listed, machine.serial) for key, (listed, machine) in asked.items()]
    given = Given(
        parts={listed.part.pk: listed.part for listed, _ in asked.values()},
        machines=[machine for _, machine in asked.values()],
        fits=fits,
    )
    verdicts = coverage_decide_many(actor=request.actor, requests=requests, now=request.now, given=given)
    return {(listed.part.pk, machine.serial): verdicts[key] for key, (listed, machine) in asked.items()}


def _request(request: Asked, key: str, listed: ListedPart, serial: str) -> CoverRequest:
    actor, tier, price = request.actor, listed.tier, listed.price
    assert tier is not None and price is not None  # noqa: S101, PT018
    return CoverRequest(
        key=key,
        serial=serial,
        part_id=listed.part.pk,
        quantity=1,
        failed_on=today(request),
        hours=None,
        value=line_total(tier.amount, per_quantity=tier.per_quantity, quantity=1, currency=price.currency),
        currency=price.currency,
        intent="CUSTOMER",
        market=actor.market,
        buyer_kind="CUSTOMER" if actor.is_house else actor.company_kind,
        company_id=actor.company_id,
    )
