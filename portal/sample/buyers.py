"""What buyers keep and ask among themselves and of the desk: lists, an order over a limit, questions."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from orders.services.enquiring import enquiry_answer, enquiry_make
from orders.services.requesting import purchase_request_make
from orders.services.saved_lists import saved_list_make
from orders.types import LineRequest, OrderRequest
from portal.accounts.actor import actor_for
from portal.sample.plans import RESTOCK
from portal.sample.world import World

Lines = tuple[tuple[str, int], ...]
_LISTS: tuple[tuple[str, str, Lines], ...] = (
    ("hangyeol", "Every 500 h", (("service-500/S", 1), ("engine-oil", 4))),
    ("namdo", "Filters for the shelf", (("oil-filter/S", 12), ("oil-filter/M", 12), ("fuel-filter/M", 10))),
    ("namdo", "Winter", (("battery/S", 4), ("engine-oil", 20))),
)
# Company, person, limit in won, what was to be ordered.
_LIMITED: tuple[tuple[str, str, int, Lines], ...] = (
    ("hangyeol", "site", 100_000, (("service-500/S", 2), ("engine-oil", 4))),
    ("namdo", "workshop", 100_000, RESTOCK[:6]),
)


def buyers_load(world: World, at: datetime) -> None:
    """A morning among the buyers."""
    for company, name, lines in _LISTS:
        saved_list_make(actor=world.buyer(company), name=name, lines=_lines(world, lines), now=at)
    for company, person, limit, lines in _LIMITED:
        membership = world.people.memberships[company, person]
        membership.order_limit = Decimal(limit)
        membership.save(update_fields=["order_limit"])
        wanted = OrderRequest(lines=tuple(_lines(world, lines)), payment="TRANSFER", reference=f"sample-ask-{person}")
        purchase_request_make(actor=actor_for(membership), request=wanted, now=at)
    _questions(world, at)


def _questions(world: World, at: datetime) -> None:
    """One waits, one is answered."""
    machine = world.machine("hangyeol", "in warranty").row.serial
    asked = enquiry_make(
        actor=world.buyer("hangyeol"), serial=machine, words="The round filter beside the engine, about a hand high. No number left on it.", now=at,
    )  # fmt: skip
    parts = [(world.number("oil-filter/S"), 1)]
    enquiry_answer(
        actor=world.house("desk"), enquiry_id=asked.pk, answer="That is the oil filter.", parts=parts, now=at
    )
    words = "A customer brought a seal of 62 mm from a boom cylinder. Which kit holds it?"
    enquiry_make(actor=world.buyer("namdo"), words=words, now=at)


def _lines(world: World, lines: Lines) -> list[LineRequest]:
    return [LineRequest(world.number(key), quantity) for key, quantity in lines]
