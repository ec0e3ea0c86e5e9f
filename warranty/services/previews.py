"""Who would pay, and does it fit: asked before anything is ordered. Writes nothing."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal

from catalog.rules.numbers import normalise
from catalog.selectors.fit import Fit, fits_for
from catalog.selectors.parts import parts_resolve
from catalog.selectors.prices import prices_for
from portal.accounts.actor import Actor
from portal.money import line_total
from warranty.selectors.equipment import equipment_get
from warranty.selectors.visibility import equipment_seen_by
from warranty.services.coverage import coverage_decide_many
from warranty.types import CoverRequest, CoverVerdict


def coverage_preview(
    *,
    actor: Actor,
    serial: str,
    part_number: str,
    quantity: int,
    failed_on: date | None,
    hours: int | None,
    now: datetime,
) -> CoverVerdict | None:
    """The verdict for one part on one machine; None for a number that names no single part.

    The house sees it as the machine's owner would.
    """
    part = parts_resolve([part_number], on=now.date())[part_number].part
    if part is None:
        return None
    machine = equipment_get(actor=actor, serial=serial) if actor.is_house else None
    buyer = machine.owner if machine else None
    market, kind, discount = (
        (buyer.market, buyer.kind, buyer.discount_class)
        if buyer
        else (actor.market, actor.company_kind, actor.discount_class)
    )
    prices = prices_for(
        [part.pk], market=market, kind="CUSTOMER" if kind == "HOUSE" else kind, discount_class=discount, on=now.date()
    )
    price = prices.get(part.pk)
    tier = price.at(quantity) if price else None
    value = (
        line_total(tier.amount, per_quantity=tier.per_quantity, quantity=quantity, currency=price.currency)
        if price and tier
        else Decimal(0)
    )
    request = CoverRequest(
        key="preview",
        serial=serial,
        part_id=part.pk,
        quantity=quantity,
        failed_on=failed_on,
        hours=hours,
        value=value,
        currency=price.currency if price else "",
        intent="CUSTOMER",
        market=market,
        buyer_kind=kind,
        company_id=buyer.pk if buyer else actor.company_id,
    )
    return coverage_decide_many(actor=actor, requests=[request], now=now)["preview"]


def fits_preview(*, actor: Actor, asked: Iterable[tuple[int, str]], now: datetime) -> dict[tuple[int, str], Fit]:
    """Fit of (part key, serial) pairs; a serial that is unknown or not the actor's is left out: UNKNOWN."""
    pairs = list(asked)
    machines = {
        machine.normalised: machine
        for machine in equipment_seen_by(actor).filter(normalised__in={normalise(serial) for _, serial in pairs})
    }
    known = {pair: machines[normalise(pair[1])] for pair in pairs if normalise(pair[1]) in machines}
    found = fits_for({(part, machine.model_id, machine.sequence) for (part, _), machine in known.items()}, now.date())
    return {pair: found[pair[0], machine.model_id, machine.sequence] for pair, machine in known.items()}
