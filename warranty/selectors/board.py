"""Repair cards as a board: a column a state, the longest open first; what is closed, newest first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, F, Q, QuerySet

from catalog.rules.numbers import normalise
from portal.accounts.actor import Actor
from warranty.models import CardState, RepairCard
from warranty.selectors.cards import cards_list

PER_COLUMN = 15
CLOSED_SHOWN = timedelta(days=30)
COLUMNS = (CardState.OPEN, CardState.WORKING, CardState.CONFIRMED, CardState.CLOSED)


@dataclass(frozen=True)
class Column:
    """A state with its first cards and how many there are in all."""

    state: CardState
    cards: list[RepairCard]
    total: int


def cards_board(*, actor: Actor, text: str = "", now: datetime) -> list[Column]:
    """The columns; two queries and one a column. Closed cards are those of the last thirty days."""
    cards = cards_matching(cards_list(actor=actor), text)
    shown = cards.filter(~Q(state=CardState.CLOSED) | Q(closed_at__gte=now - CLOSED_SHOWN))
    counts = dict(shown.order_by().values_list("state").annotate(Count("pk")))
    return [Column(state, _first(shown, state) if counts.get(state) else [], counts.get(state, 0)) for state in COLUMNS]


def cards_matching(cards: QuerySet[RepairCard], text: str) -> QuerySet[RepairCard]:
    """Cards whose number, machine, owner or fault the text names; all for no text."""
    word = text.replace("\x00", "").strip()
    if not word:
        return cards
    named = Q(number__iexact=word) | Q(fault__icontains=word) | Q(equipment__owner__name__icontains=word)
    bare = normalise(word)
    return cards.filter(named | Q(equipment__normalised__startswith=bare) if bare else named)


def _first(cards: QuerySet[RepairCard], state: CardState) -> list[RepairCard]:
    order = (F("closed_at").desc(nulls_last=True), "-pk") if state == CardState.CLOSED else ("pk",)
    return list(cards.filter(state=state).order_by(*order)[:PER_COLUMN])
