"""Lists a company keeps, and orders again: into the cart, where every line is judged anew."""

from __future__ import annotations

from functools import partial

import pytest

from catalog.models import Part
from orders.models import SavedList
from orders.selectors.saved_lists import saved_list_get, saved_lists_for
from orders.services.carts import cart_lines
from orders.services.saved_lists import (
    order_again,
    saved_list_change,
    saved_list_drop,
    saved_list_make,
    saved_list_order,
)
from tests import factories as make
from tests.orders.world import World, details, line, lines_of, refused
from tests.people import company_of


def kept(world: World, name: str = "Service 500 h") -> SavedList:
    """A list of the customer."""
    return saved_list_make(
        actor=world.people.customer, name=name, lines=[line("A", 2), line("B", 1, serial="S-1")], now=world.now
    )


def test_a_colleague_sees_the_list_and_puts_it_into_the_own_cart(world: World) -> None:
    made = kept(world)
    colleague = make.make_actor(company_of(world.people.customer))
    assert [(one.name, one.line_count) for one in saved_lists_for(colleague)] == [("Service 500 h", 2)]
    saved_list_order(actor=colleague, list_id=made.pk, now=world.now)
    assert [(one.part_number, one.quantity, one.serial) for one in cart_lines(colleague)] == [
        ("A", 2, ""),
        ("B", 1, "S-1"),
    ]
    assert cart_lines(world.people.customer) == []


def test_another_companys_list_does_not_exist(world: World) -> None:
    made, other = kept(world), world.people.other
    assert list(saved_lists_for(other)) == []
    assert saved_list_get(other, made.pk) is None
    change = partial(saved_list_change, name="X", lines=[line("A")], seen=None, now=world.now)
    for act in (change, saved_list_drop, partial(saved_list_order, now=world.now)):
        assert [code for code, _ in refused(partial(act, actor=other, list_id=made.pk))] == ["NOT_FOUND"]


def test_who_was_second_is_told_who_was_first_and_nothing_is_overwritten(world: World) -> None:
    made = kept(world)
    colleague = make.make_actor(company_of(world.people.customer))
    saved_list_change(
        actor=colleague, list_id=made.pk, name=made.name, lines=[line("C")], seen=made.version, now=world.now
    )
    late = partial(
        saved_list_change, actor=world.people.customer, list_id=made.pk, name="Mine", lines=[line("D")], seen=made.version, now=world.now,
    )  # fmt: skip
    assert details(late)["name"] == colleague.name
    found = saved_list_get(colleague, made.pk)
    assert found is not None
    assert [one.part_number for one in found.lines.all()] == ["C"]


@pytest.mark.parametrize(
    ("name", "wishes", "field"),
    [("", [line("A")], "name"), ("x" * 101, [line("A")], "name"), ("service 500 H", [line("A")], "name"),
     ("New", [], "lines"), ("New", [line("A", 0)], "lines[0].quantity"), ("New", [line("A"), line(" ")], "lines[1].partNumber")],
)  # fmt: skip
def test_what_cannot_be_kept_is_refused_by_its_field(world: World, name: str, wishes: list, field: str) -> None:
    kept(world)
    act = partial(saved_list_make, actor=world.people.customer, name=name, lines=wishes, now=world.now)
    assert refused(act) == [("INVALID", field)]
    assert SavedList.objects.count() == 1


def test_an_order_comes_again_or_some_of_its_lines(world: World, part: Part) -> None:
    other, actor = world.part(home=5), world.people.customer
    order = world.place(line(part, 2), line(other, 3))
    order_again(actor=actor, order_id=order.pk, line_ids=[lines_of(order)[1].pk], now=world.now)
    assert [(one.part_number, one.quantity) for one in cart_lines(actor)] == [(other.number, 3)]
    order_again(actor=actor, order_id=order.pk, line_ids=None, now=world.now)
    assert {one.part_number: one.quantity for one in cart_lines(actor)} == {other.number: 6, part.number: 2}


def test_a_strangers_order_or_line_comes_to_nobody(world: World, part: Part) -> None:
    theirs, mine = world.place(line(part)), world.place(line(part), by=world.people.other)
    again = partial(order_again, actor=world.people.other, now=world.now)
    assert refused(partial(again, order_id=theirs.pk, line_ids=None)) == [("NOT_FOUND", "order")]
    assert refused(partial(again, order_id=mine.pk, line_ids=[lines_of(theirs)[0].pk])) == [("NOT_FOUND", "lines")]
    assert cart_lines(world.people.other) == []
