"""Backorders by line: the day first promised and the one expected now, let go with one press, or replaced."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from catalog.models import ExpectedReceipt, Part
from orders.models import CartLine, Order
from tests import factories as make
from tests.frontend.conftest import browser, text
from tests.orders.world import World, line, lines_of

FIRST = date(2026, 12, 4)


@pytest.fixture
def dealer(world: World) -> Client:
    return browser(world.people.dealer)


@pytest.fixture
def part(world: World) -> Part:
    """Two on the shelf, ten on their way."""
    made = world.part(home=2, name="Filter")
    make.make_expected(made, world.home, 10, FIRST)
    return made


def waits(world: World, part: Part, pieces: int = 5) -> Order:
    return world.place(
        line(part, pieces, accept_expected_on=FIRST), by=world.people.dealer, payment="ACCOUNT", type="STOCK"
    )


def test_a_line_says_how_many_wait_and_until_when(world: World, dealer: Client, part: Part) -> None:
    order = waits(world, part)
    page = text(dealer.get("/backorders/"))
    assert order.number in page
    assert "2 ready, sent without waiting" in page
    assert page.count("4 Dec 2026") == 2
    assert "no day known" not in page


def test_what_lost_its_source_says_so(world: World, dealer: Client, part: Part) -> None:
    waits(world, part)
    order = lines_of(Order.objects.get())[0]
    order.holds.exclude(receipt=None).delete()
    ExpectedReceipt.objects.update(held=0)
    assert "no day known" in text(dealer.get("/backorders/"))


def test_what_waits_is_let_go_and_what_is_ready_is_kept(world: World, dealer: Client, part: Part) -> None:
    (row,) = lines_of(waits(world, part))
    assert dealer.post(f"/backorders/{row.pk}/", {"cancel": "1"}).status_code == 302
    row.refresh_from_db()
    assert (row.cancelled, row.open_quantity) == (3, 2)
    assert ExpectedReceipt.objects.get().held == 0
    twice = dealer.post(f"/backorders/{row.pk}/", {"cancel": "1"})
    assert twice.status_code == 422
    assert "Nothing of this line waits any more." in text(twice)


def test_the_part_that_replaces_it_goes_into_the_cart_instead(world: World, dealer: Client, part: Part) -> None:
    (row,) = lines_of(waits(world, part))
    new = world.part(home=50)
    make.make_supersession(part, new)
    assert f"Take {new.number} instead" in text(dealer.get("/backorders/"))
    assert dealer.post(f"/backorders/{row.pk}/", {"instead": "1"})["Location"] == "/cart/"
    assert (CartLine.objects.get().part_number, CartLine.objects.get().quantity) == (new.number, 3)
    row.refresh_from_db()
    assert row.cancelled == 3


def test_another_companys_line_does_not_exist(world: World, part: Part) -> None:
    (row,) = lines_of(waits(world, part))
    for other in (world.people.other, world.people.manager):
        assert browser(other).post(f"/backorders/{row.pk}/", {"cancel": "1"}).status_code == 404
    row.refresh_from_db()
    assert row.cancelled == 0


def test_many_lines_cost_no_more_questions_than_one(world: World, dealer: Client, part: Part) -> None:
    counts = []
    for many in (1, 3):
        for _ in range(many):
            waits(world, part, 3)
            part = world.part(home=2)
            make.make_expected(part, world.home, 10, FIRST)
        with CaptureQueriesContext(connection) as seen:
            assert dealer.get("/backorders/").status_code == 200
        counts.append(len(seen))
    assert counts[0] == counts[1] <= 22
