"""The cart: wishes as typed, emptied only by a placed order."""

from __future__ import annotations

from functools import partial
from typing import Any

import pytest

from catalog.models import Part
from orders.models import CartLine
from orders.services.carts import MAX_LINES, cart_add, cart_line_change, cart_line_requests, cart_lines, cart_place
from orders.types import LineRequest
from tests.orders.world import World, line, refused, request


def add(world: World, *lines: LineRequest) -> list[CartLine]:
    """The customer puts lines in."""
    return cart_add(actor=world.people.customer, lines=list(lines), now=world.now)


def test_the_same_part_for_the_same_machine_adds_up(world: World) -> None:
    add(world, line("A", 2), line("A", 1, serial="S-1"))
    found = add(world, line("A", 3))
    assert [(one.part_number, one.serial, one.quantity) for one in found] == [("A", "", 5), ("A", "S-1", 1)]


def test_a_cart_is_ones_own(world: World) -> None:
    (mine,) = add(world, line("A"))
    assert cart_lines(world.people.other) == []
    for change in (None, line("B")):
        found = refused(
            partial(cart_line_change, actor=world.people.other, line_id=mine.pk, line=change, now=world.now)
        )
        assert found == [("NOT_FOUND", "line")]


def test_a_line_is_rewritten_or_dropped(world: World) -> None:
    first, second = add(world, line("A"), line("B"))
    cart_line_change(actor=world.people.customer, line_id=first.pk, line=line("A", 7), now=world.now)
    cart_line_change(actor=world.people.customer, line_id=second.pk, line=None, now=world.now)
    assert [(one.part_number, one.quantity) for one in cart_lines(world.people.customer)] == [("A", 7)]


@pytest.mark.parametrize(
    "wish",
    [
        line("A", 0),
        line("A", -1),
        line("A", 1_000_001),
        line(" "),
        line("A" * 61),
        line("A", serial="S" * 61),
        line("A", repair_card="R" * 31),
        line("A", hours=-1),
        line("A", hours=10**12),
    ],
)
def test_what_no_order_could_hold_is_refused(world: World, wish: LineRequest) -> None:
    def codes(act: Any) -> list[str]:
        return [code for code, _ in refused(act)]

    assert codes(lambda: add(world, wish)) == ["INVALID"]
    (there,) = add(world, line("A"))
    actor = world.people.customer
    assert codes(lambda: cart_line_change(actor=actor, line_id=there.pk, line=wish, now=world.now)) == ["INVALID"]
    assert [one.quantity for one in cart_lines(actor)] == [1]


def test_a_cart_holds_as_many_lines_as_an_order(world: World) -> None:
    found = refused(lambda: add(world, *[line(f"A{n}") for n in range(MAX_LINES + 1)]))
    assert found == [("INVALID", "lines")]


def test_a_placed_order_empties_the_cart_and_a_refused_one_does_not(world: World, part: Part) -> None:
    lines = cart_line_requests(add(world, line(part, 10)))
    actor = world.people.customer
    assert refused(lambda: cart_place(actor=actor, request=request(*lines), now=world.now))
    assert len(cart_lines(actor)) == 1
    lines = (line(part, 2),)
    assert cart_place(actor=actor, request=request(*lines), now=world.now).lines.get().quantity == 2
    assert cart_lines(actor) == []
