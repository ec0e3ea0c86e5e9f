"""Do an order's cards cover what shall leave? Nothing is shipped unpaid."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from orders.models import Order
from orders.rules.card_amounts import card_amount
from orders.selectors.cards import cards_held
from orders.services.advancing import paid_so_far, payable_now
from orders.services.card_waking import card_standing, cards_wake, value_of


def cards_cover(order: Order, more: Mapping[int, int], now: datetime) -> bool:
    """Is what left and what shall leave (line to pieces) paid, or reserved and not lapsed?"""
    lines = list(order.lines.all())
    pieces = [(line, line.shipped + more.get(line.pk, 0)) for line in lines]
    missing = value_of(order, pieces) - paid_so_far(order) - cards_held(order, now)[0]
    return card_amount(missing, order.currency) <= 0


def cards_wake_now(order: Order, *, now: datetime) -> bool:
    """The same as `cards_wake`, for who has not counted the order himself."""
    lines = list(order.lines.all())
    return cards_wake(order, lines, due=payable_now(order, lines), settled=paid_so_far(order), now=now)


def cards_suffice(order: Order, now: datetime) -> bool:
    """Is all that was promised covered?"""
    lines = list(order.lines.all())
    standing = card_standing(order, lines, due=payable_now(order, lines), settled=paid_so_far(order))
    return cards_held(order, now)[0] >= standing.to_reserve
