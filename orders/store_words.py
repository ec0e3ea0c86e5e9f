"""Figures on which the store's copy of an order and ours disagree, in words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

# By the code of `orders.rules.mirror.Gap`.
_FIGURES: Mapping[str, Promise | str] = {
    "lines": _("lines we do not know"),
    "quantity": _("pieces of line {place}"),
    "returned": _("returned, cancelled of line {place}"),
    "hand-overs": _("hand-overs"),
    "cancelled": _("cancelled"),
    "paid": _("paid"),
    "reserved": _("reserved on cards"),
    "order": _("the order itself"),
}
_APART = "; "


def figure_words(what: str, place: int) -> str:
    """A figure in the reader's language; the code itself where a version that is gone found it."""
    return str(_FIGURES.get(what, what)).format(place=place)


def figures_told(figures: Iterable[tuple[str, int]]) -> str:
    """Figures and their lines (0: the order) as one value of a notice: `quantity 3; hand-overs`."""
    return _APART.join(dict.fromkeys(f"{what} {place}" if place else what for what, place in figures))


def figures_words(told: str) -> str:
    """Such a value in the reader's language."""
    read = (one.rsplit(" ", 1) if one[-1:].isdigit() else (one, "0") for one in told.split(_APART) if one)
    return _APART.join(figure_words(what, int(place)) for what, place in read)
