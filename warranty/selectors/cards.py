"""Repair calls and cards as owner, dealer and house see them: quantities and payers, never prices."""

from __future__ import annotations

from collections.abc import Collection

from django.db.models import QuerySet

from catalog.rules.numbers import normalise
from portal.accounts.actor import Actor
from warranty.models import CardState, Equipment, RepairCall, RepairCard
from warranty.selectors.visibility import calls_seen_by, cards_seen_by

_WITH = ("equipment__model", "equipment__owner", "call", "company", "opened_by", "confirmed_by")
MOST_CARDS = 100
TAKES_ORDERS = (CardState.OPEN, CardState.WORKING)
OPEN_STATES = (*TAKES_ORDERS, CardState.CONFIRMED)


def cards_list(*, actor: Actor, serial: str | None = None, state: str | None = None) -> QuerySet[RepairCard]:
    """The cards an actor may see, newest first, with machine and lines."""
    cards = cards_seen_by(actor).select_related(*_WITH).prefetch_related("lines__part__group").order_by("-pk")
    if serial is not None:
        cards = cards.filter(equipment__normalised=normalise(serial))
    return cards.filter(state=state) if state else cards


def cards_of_machines(actor: Actor, machines: Collection[Equipment]) -> dict[int, list[RepairCard]]:
    """The newest cards of each machine that the actor may see, at most a hundred, by machine key."""
    found: dict[int, list[RepairCard]] = {one.pk: [] for one in machines}
    for card in cards_list(actor=actor).filter(equipment__in=machines):
        if len(found[card.equipment_id]) < MOST_CARDS:
            found[card.equipment_id].append(card)
    return found


def open_cards_of_machines(actor: Actor, machines: Collection[Equipment]) -> dict[int, list[RepairCard]]:
    """The cards still open of each machine, newest first, by machine key."""
    found: dict[int, list[RepairCard]] = {one.pk: [] for one in machines}
    for card in cards_list(actor=actor).filter(equipment__in=machines, state__in=OPEN_STATES):
        found[card.equipment_id].append(card)
    return found


def card_get(*, actor: Actor, number: str) -> RepairCard | None:
    """A card by its number."""
    return cards_list(actor=actor).filter(number=_typed(number)).first()


def cards_named(*, actor: Actor, numbers: Collection[str]) -> dict[str, RepairCard]:
    """The cards of these numbers that the actor may see, in any state, by number as asked; one query."""
    wanted = {number: _typed(number) for number in numbers}  # one card may be typed in two dresses
    if not wanted:
        return {}
    found = cards_seen_by(actor).filter(number__in=set(wanted.values())).select_related("equipment")
    cards = {card.number: card for card in found}
    return {asked: cards[number] for asked, number in wanted.items() if number in cards}


def _typed(number: str) -> str:
    return number.replace("\x00", "").strip().upper()


def calls_list(*, actor: Actor, state: str | None = None) -> QuerySet[RepairCall]:
    """The repair call register as the actor may see it, newest first."""
    calls = calls_seen_by(actor).select_related("equipment__model", "company", "opened_by").order_by("-pk")
    return calls.filter(state=state) if state else calls


def repair_card_voidable(card: RepairCard) -> bool:
    """May the card be voided: is nothing ordered or used on it?"""
    return card.is_open and not any(line.ordered or line.used for line in card.lines.all())
