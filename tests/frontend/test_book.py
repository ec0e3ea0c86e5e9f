"""A long parts book is narrowed by name or number; a part used on many models says that there are more."""

from __future__ import annotations

import pytest

from catalog.models import Part
from tests import factories as make
from tests.frontend.conftest import browser, text
from tests.orders.world import World
from warranty.models import Equipment


@pytest.fixture
def machine(world: World, part: Part) -> Equipment:
    found = world.machine(part)
    for number in range(1, 12):
        figure = make.make_assembly(found.model, name=f"Cover {number}")
        make.make_callout(figure, world.part(home=1, name=f"Ring {number}"), label="1")
    return found


def _book(world: World, machine: Equipment, typed: str = "") -> str:
    return text(browser(world.people.customer).get(f"/machines/{machine.normalised}/", {"book": typed})).split(
        'id="book"'
    )[1]


def test_the_whole_book_is_a_list_of_figures(world: World, machine: Equipment):
    page = _book(world, machine)
    assert page.count("/figures/") == 12
    assert "12 figures" in page


def test_a_book_is_narrowed_by_an_assembly_a_parts_name_or_a_number_in_any_dress(
    world: World, machine: Equipment, part: Part
):
    assert _book(world, machine, "cover 7").count("/figures/") == 1
    assert _book(world, machine, "RING 7").count("/figures/") == 1
    dressed = " ".join(part.number.lower())
    found = _book(world, machine, dressed)
    assert (found.count("/figures/"), found.count(f"/parts/{part.pk}/")) == (1, 1)


def test_what_the_book_does_not_hold_is_said(world: World, machine: Equipment):
    page = _book(world, machine, "nothing <b>like</b> this")
    assert "Nothing in this book matches." in page
    assert "<b>like" not in page


def test_a_part_used_on_very_many_models_says_that_there_are_more(world: World, part: Part):
    client = browser(world.people.customer)
    for _ in range(41):
        make.make_callout(make.make_assembly(make.make_model()), part)
    assert "and more models" in text(client.get(f"/parts/{part.pk}/"))
