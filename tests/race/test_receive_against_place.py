"""Goods come in while people buy, cancel and ship: waiting lines first, the books agree, nobody locks anybody out."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import partial
from typing import Any

import pytest

from catalog.models import Part
from orders.models import LineHold, Order
from orders.services.cancelling import order_cancel
from orders.services.placing import order_place
from orders.services.stocking import stock_receive
from tests import factories as make
from tests.orders.world import World, line, request
from tests.race.conftest import books_agree, codes, race, unlocked

COMING = date(2026, 12, 20)
BUYERS = 5


@pytest.fixture
def scarce(world: World) -> Part:
    """Nothing on the shelf, eight pieces on their way."""
    part = world.part()
    make.make_expected(part, world.home, 8, COMING)
    return part


def waiting(world: World, part: Part, quantity: int) -> Order:
    """A paid order that waits."""
    return world.paid(line(part, quantity, accept_expected_on=COMING))


def receive(world: World, part: Part, quantity: int) -> Callable[[], Any]:
    """The truck at the dock."""
    return lambda: stock_receive(
        actor=world.people.manager, part_number=part.number, warehouse="HOME", quantity=quantity, now=world.now
    )


def buyers(world: World, part: Part, accept: date | None) -> list[Callable[[], Order]]:
    """New buyers of one piece each."""
    asked = [request(line(part, accept_expected_on=accept)) for _ in range(BUYERS)]
    return [partial(order_place, actor=world.people.other, request=ask, now=world.now) for ask in asked]


def on_shelf(order: Order) -> int:
    """Pieces it holds on shelves."""
    return sum(LineHold.objects.filter(line__order=order, receipt=None).values_list("quantity", flat=True))


def test_without_the_lock_the_books_no_longer_agree(
    world: World, scarce: Part, monkeypatch: pytest.MonkeyPatch
) -> None:
    waiting(world, scarce, 2)
    with unlocked(monkeypatch, BUYERS + 1):
        results = race(receive(world, scarce, 4), *buyers(world, scarce, COMING))
    accident = {"IntegrityError", "KeyError"} & set(codes(results))
    assert accident or not books_agree(), "the control did not race: the test of the lock would prove nothing"


def test_what_arrives_goes_to_who_waits_however_many_buy_at_that_moment(world: World, scarce: Part) -> None:
    order = waiting(world, scarce, 3)
    results = race(receive(world, scarce, 3), *buyers(world, scarce, None))
    assert codes(results) == ["OUT_OF_STOCK"] * BUYERS + ["done"]
    assert (on_shelf(order), books_agree()) == (3, True)


def test_buyers_who_accept_the_day_and_the_truck_meet_without_harm(world: World, scarce: Part) -> None:
    order = waiting(world, scarce, 2)
    results = race(receive(world, scarce, 4), *buyers(world, scarce, COMING))
    assert codes(results) == ["done"] * (BUYERS + 1)
    assert (on_shelf(order), books_agree()) == (2, True)
    assert sum(LineHold.objects.values_list("quantity", flat=True)) == 2 + BUYERS


def test_who_waits_may_cancel_while_the_goods_come_in(world: World, scarce: Part) -> None:
    for _ in range(4):
        order, other = waiting(world, scarce, 1), waiting(world, scarce, 1)

        def cancel(order: Order = order) -> Order:
            return order_cancel(
                actor=world.people.customer, order_id=order.pk, line_ids=None, reason="no", now=world.now
            )

        assert codes(race(receive(world, scarce, 1), cancel)) == ["done", "done"]
        assert (on_shelf(order), on_shelf(other), books_agree()) == (0, 1, True)
