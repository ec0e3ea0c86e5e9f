"""What leaves when: the cart's lines by the day their goods are promised to leave."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import TYPE_CHECKING

from django.utils.text import capfirst
from django.utils.translation import gettext as _

from frontend.bars import promise_words
from frontend.formats import day
from orders.services.planning import SHIP, Plan
from orders.types import DraftLine

if TYPE_CHECKING:
    from frontend.carts import CartRow

Days = Mapping[str, list[tuple[date, int]]]
_MEND, _DAY, _DECISION = range(3)  # the turn of the groups


def days_of(plans: Iterable[Plan]) -> Days:
    """Per draft's key the days its pieces leave, and how many, the first day first."""
    found: dict[str, list[tuple[date, int]]] = {}
    for plan in sorted((one for one in plans if one.offer.policy == SHIP), key=lambda one: one.offer.day):
        for line in plan.lines:
            found.setdefault(line.ref, []).append((plan.offer.day, line.quantity))
    return found


def by_day(rows: Iterable[CartRow], days: Days) -> list[tuple[str, CartRow]]:
    """The rows with the words they stand under: what needs the buyer first, then by day, at last what a person decides.

    In the order they were typed, and under no words, when all that is good leaves together.
    """
    turns = [(_turn(row, days), row) for row in rows]
    together = len({turn for turn, _row in turns if turn[0] != _MEND}) < 2
    in_turn = sorted(turns, key=lambda one: one[0][0] != _MEND if together else one[0])
    return [("" if together else _words(turn), row) for turn, row in in_turn]


def parted(drafts: Iterable[DraftLine], days: Days) -> str:
    """How many pieces of a line leave when, where they do not leave together; else empty."""
    drafts = [one for one in drafts if not one.cover.needs_review]
    if len({on for one in drafts for on, _pieces in days.get(one.key, ())}) < 2:
        return ""
    told: dict[date, int] = {}
    for one in drafts:
        for on, pieces in days.get(one.key, ()):
            told[on] = told.get(on, 0) + pieces
    return ", ".join(_("%(pieces)s by %(day)s") % {"pieces": told[on], "day": day(on)} for on in sorted(told))


def _turn(row: CartRow, days: Days) -> tuple[int, date]:
    if row.problems:
        return _MEND, date.min
    if any(one.cover.needs_review for one in row.drafts):
        return _DECISION, date.min
    return _DAY, min((on for one in row.drafts for on, _pieces in days.get(one.key, ())), default=date.max)


def _words(turn: tuple[int, date]) -> str:
    kind, on = turn
    if kind == _MEND:
        return _("Needs you first")
    if kind == _DECISION:
        return _("Once it is decided who pays")
    return capfirst(promise_words(SHIP, on)) if on < date.max else ""
