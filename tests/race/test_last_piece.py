"""The last piece, many buyers: without the lock it is sold many times, with it once."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import pytest

from catalog.models import Part
from orders.models import LineHold, Order
from orders.services.placing import order_place
from portal.errors import PortalError
from tests.orders.world import World, level, line, request
from tests.race.conftest import books_agree, codes, race, unlocked

BUYERS = 8


def buyers(world: World, part: Part, count: int = BUYERS) -> list[Callable[[], Order]]:
    """So many orders of one piece, by two companies."""
    people = (world.people.customer, world.people.other)
    asked = [(people[n % 2], request(line(part))) for n in range(count)]
    return [partial(order_place, actor=by, request=ask, now=world.now) for by, ask in asked]


def sold(part: Part) -> int:
    """Pieces that lines think they have."""
    return sum(LineHold.objects.filter(line__part=part).values_list("quantity", flat=True))


def test_without_the_lock_the_last_piece_is_sold_more_than_once(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    part = world.part(home=1)
    with unlocked(monkeypatch, BUYERS):
        race(*buyers(world, part))
    assert sold(part) > 1, "the control did not race: the test of the lock would prove nothing"
    assert not books_agree()


def test_with_the_lock_exactly_one_buyer_gets_the_last_piece(world: World) -> None:
    part = world.part(home=1)
    results = race(*buyers(world, part))
    assert codes(results) == ["OUT_OF_STOCK"] * (BUYERS - 1) + ["done"]
    assert (sold(part), level(part, world.home), Order.objects.count()) == (1, (1, 1), 1)
    assert books_agree()
    told = [one.problems[0].details["free"] for one in results if isinstance(one, PortalError)]
    assert told == [0] * (BUYERS - 1)


def test_ten_pieces_in_two_warehouses_are_ten_orders(world: World) -> None:
    part = world.part(home=4, away=6)
    assert codes(race(*buyers(world, part, 16))) == ["OUT_OF_STOCK"] * 6 + ["done"] * 10
    assert (sold(part), books_agree()) == (10, True)


def test_orders_that_name_parts_in_opposite_order_do_not_lock_each_other_out(world: World) -> None:
    first, second = world.part(home=50), world.part(home=50)

    def order(*parts: Part) -> Callable[[], Any]:
        asked = request(*[line(part) for part in parts])
        return lambda: order_place(actor=world.people.customer, request=asked, now=world.now)

    acts = [order(first, second) if n % 2 else order(second, first) for n in range(BUYERS)]
    assert codes(race(*acts)) == ["done"] * BUYERS
    assert (sold(first), sold(second)) == (BUYERS, BUYERS)
