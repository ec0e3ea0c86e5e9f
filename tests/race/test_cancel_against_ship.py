"""Cancelled and handed over at one moment: one of them, never both."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from catalog.models import Part
from orders.models import Order
from orders.services.cancelling import order_cancel
from orders.services.shipping import shipment_create
from tests.orders.world import World, level, line, lines_of, promise
from tests.race.conftest import books_agree, codes, race, unlocked


@pytest.fixture
def part(world: World) -> Part:
    return world.part(home=9)


def both(world: World, order: Order) -> list[Callable[[], Any]]:
    """The buyer cancels while the packer hands over."""
    return [
        lambda: order_cancel(actor=world.people.customer, order_id=order.pk, line_ids=None, reason="no", now=world.now),
        lambda: shipment_create(
            actor=world.people.manager, order_id=order.pk, lines=None, carrier="Post", now=world.now
        ),
    ]


def test_without_the_lock_only_the_database_stands_between(
    world: World, part: Part, monkeypatch: pytest.MonkeyPatch
) -> None:
    order = world.paid(line(part, 4))
    with unlocked(monkeypatch, 2):
        results = race(*both(world, order))
    row = lines_of(order)[0]
    both_done = codes(results) == ["done", "done"] and row.shipped and row.cancelled
    saved = {"IntegrityError", "OperationalError"} & set(codes(results))  # its constraint, or its own deadlock
    assert both_done or saved, f"the control did not race: {results} {row.shipped} {row.cancelled}"


def test_with_the_lock_one_wins_and_the_other_hears_why(world: World, part: Part) -> None:
    for _ in range(3):
        order = world.paid(line(part, 3))
        told = codes(race(*both(world, order)))
        row = lines_of(order)[0]
        assert (told, row.shipped, row.cancelled, promise(order).state) in [
            (["TOO_LATE", "done"], 3, 0, "KEPT"),
            (["WRONG_STATE", "done"], 0, 3, "CANCELLED"),
        ]
        assert books_agree()
    assert level(part, world.home)[1] == 0
