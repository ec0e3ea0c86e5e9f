"""A slip is scanned and its parcel leaves: one code, one hand-over."""

from __future__ import annotations

import dataclasses
from datetime import datetime

from django.utils.translation import get_language

from catalog.models import Warehouse
from catalog.selectors.stock import warehouse_get, warehouses_all
from orders.models import Order, Shipment
from orders.rules.slips import code_read, slip_code
from orders.selectors.handed_over import nothing_to_ship, ready_elsewhere
from orders.selectors.orders import order_find
from orders.services.shipping import shipment_create
from portal.accounts.actor import Actor
from portal.accounts.models import Role
from portal.errors import Code, PortalError, Problem, refusal


def slip_hand_over(
    *, actor: Actor, code: str, carrier: str, now: datetime, here: str = "", tracking_number: str = ""
) -> list[Shipment]:
    """Hand over what the scanned slip names: all that lies ready for its order at its warehouse (a bare order number: at `here`, or everywhere).

    Raises NOT_FOUND for a code nobody has, WRONG_STATE for one of another warehouse than `here`, for an order that left
    already (with whom and when), waits, is held or cancelled. Scanned twice, the second changes nothing.
    """
    actor.need(Role.PARTS_MANAGER)
    number, behind = code_read(code)
    order = order_find(actor, number=number) if number else None
    if order is None:
        raise refusal(Code.NOT_FOUND, "code", "no_such_slip", typed=code.strip()[:60])
    place, counter = _place(code, order, behind), warehouse_get(here)
    if place and counter and place != counter:
        raise refusal(Code.WRONG_STATE, "code", "other_warehouse", place=_called(place), here=_called(counter))
    chosen = place or counter
    try:
        return shipment_create(
            actor=actor, order_id=order.pk, lines=None, carrier=carrier, now=now, tracking_number=tracking_number,
            warehouse=chosen.code if chosen else None,
        )  # fmt: skip
    except PortalError as error:
        if place and error.problems[0].why == "nothing_to_ship" and ready_elsewhere(order, place):
            raise refusal(Code.WRONG_STATE, "code", "nothing_there", place=_called(place)) from error
        raise PortalError([_at_code(problem) for problem in error.problems]) from error


def _place(code: str, order: Order, behind: str) -> Warehouse | None:
    """The warehouse a code names. A packing slip's own number (`10023-1`) names what has left."""
    if not behind:
        return None
    own = f"{order.number}-{behind}"
    found = next((one for one in warehouses_all() if slip_code(order.number, one.code) == own), None)
    if found is None and Shipment.objects.filter(order=order, number=own).exists():
        raise nothing_to_ship(order)
    if found is None:
        raise refusal(Code.NOT_FOUND, "code", "no_such_place", typed=code.strip()[:60])
    return found


def _called(place: Warehouse) -> str:
    """Refusals name a warehouse as the page above them does: in the reader's language."""
    return place.called(get_language() or "en")


def _at_code(problem: Problem) -> Problem:
    """What is wrong with the order stands beside the code that named it."""
    return dataclasses.replace(problem, field="code") if problem.field == "order" else problem
