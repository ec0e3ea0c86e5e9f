"""The dealer's restock page: proposed from the own history, told in words, two hundred lines into the cart with one press."""

from __future__ import annotations

import gzip
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from catalog.models import Part
from orders.models import CartLine, Order, OrderLine
from tests import factories as make
from tests.frontend.conftest import browser, hidden, text
from tests.graphql.client import api
from tests.orders.world import World, line, lines_of
from tests.people import company_of


@pytest.fixture
def dealer(world: World) -> Client:
    return browser(world.people.dealer)


def bought(
    world: World, *parts: Part, pieces: int = 20, weeks: tuple[int, ...] = (20, 10), delivered: bool = True
) -> None:
    """The dealer ordered so many of each, so many weeks ago, and they came."""
    for ago in weeks:
        order = world.place(
            *[line(part, pieces) for part in parts], by=world.people.dealer, payment="ACCOUNT", type="STOCK"
        )
        Order.objects.filter(pk=order.pk).update(placed_at=world.now - timedelta(weeks=ago))
        if delivered:
            OrderLine.objects.filter(order=order).update(shipped=pieces, delivered=pieces)


def test_the_readers_own_menu_leads_dealers_to_restock_and_buyers_to_the_quick_order(world: World) -> None:
    people = world.people
    for reader, restock, quick in (
        (people.dealer, True, True), (people.customer, False, True), (people.manager, False, False),
    ):  # fmt: skip
        menu = text(browser(reader).get("/notices/")).split('<details class="who">')[1].split("</details>")[0]
        assert ('href="/restock/"' in menu, 'href="/quick-order/"' in menu) == (restock, quick)


def test_the_reason_and_the_reckoning_stand_beside_the_quantity(world: World, dealer: Client) -> None:
    part = world.part(home=500, name="Oil filter")
    bought(world, part)
    page = text(dealer.get("/restock/"))
    assert "20 from 6 Jul 2026 lasted until 14 Sept 2026, 10 weeks: 2 a week." in page
    assert "need 10.9 − left about 0 = 10.9 →&nbsp;<b>11</b>" in page  # four weeks, and ten days to come as promised
    assert 'value="11"' in page
    assert 'value="15"' in text(dealer.get("/restock/?weeks=6"))


def test_one_press_puts_the_good_lines_into_the_cart_and_leaves_the_others_with_what_was_typed(
    world: World, dealer: Client
) -> None:
    good, short, packed = world.part(home=500), world.part(home=41), world.part(home=500, pack_quantity=5)
    bought(world, good, short, packed)
    page = text(dealer.get("/restock/"))
    assert "only 1 free" in page
    form = {
        "weeks": "4",
        "cart": hidden(page, "cart"),
        f"pieces_{good.pk}": "7",
        f"pieces_{short.pk}": "11",
        f"pieces_{packed.pk}": "13",
    }
    answer = dealer.post("/restock/", form)
    assert [(one.part_number, one.quantity) for one in CartLine.objects.all()] == [(good.number, 7)]
    assert f"pieces_{short.pk}=11" in answer["Location"]
    rest = text(dealer.get(answer["Location"]))
    assert "packs of 5" in rest
    assert 'value="13"' in rest
    again = dealer.post("/restock/", {**form, f"pieces_{good.pk}": "0", "cart": hidden(rest, "cart"), "all": "1"})
    assert again["Location"] == "/cart/"
    assert CartLine.objects.count() == 3


def test_a_form_sent_twice_fills_the_cart_once(world: World, dealer: Client) -> None:
    part = world.part(home=500)
    bought(world, part)
    form = {"cart": hidden(text(dealer.get("/restock/")), "cart"), f"pieces_{part.pk}": "11"}
    assert dealer.post("/restock/", form)["Location"] == "/cart/"
    twice = dealer.post("/restock/", form)
    assert twice.status_code == 422
    assert "pressed twice" in text(twice)
    assert CartLine.objects.get().quantity == 11
    assert "in the cart 11" in text(dealer.get("/restock/"))


def test_a_replaced_number_counts_for_its_successor(world: World, dealer: Client) -> None:
    old, new = world.part(home=100), world.part(home=100)
    bought(world, old)
    make.make_supersession(old, new)
    page = text(dealer.get("/restock/"))
    assert f"replaces {old.number}" in page
    assert f"pieces_{new.pk}" in page


def test_what_went_into_a_machine_is_no_shelf(world: World, dealer: Client) -> None:
    part = world.part(home=100)
    machine = world.machine(part, owner=world.people.dealer)
    world.place(line(part, 4, serial=machine.serial), by=world.people.dealer, payment="ACCOUNT")
    assert "Nothing to propose yet." in text(dealer.get("/restock/"))


def test_goods_on_their_way_are_not_proposed_again(world: World, dealer: Client) -> None:
    part = world.part(home=500)
    bought(world, part)
    bought(world, part, pieces=30, weeks=(0,), delivered=False)
    row = api(world.people.dealer).data("{ restock { partNumber quantity onOrder } }")["restock"]
    assert row == [{"partNumber": part.number, "quantity": 0, "onOrder": 30}]


def test_another_companys_history_is_not_read(world: World) -> None:
    part = world.part(home=500)
    bought(world, part)
    other = make.make_actor(make.make_company("Far dealer", kind="DEALER", market="KR", zone="Asia/Seoul"))
    assert part.number not in text(browser(other).get("/restock/"))


def test_two_hundred_lines_ask_as_little_as_two_and_go_with_one_press(world: World, dealer: Client) -> None:
    counts = []
    for many in (2, 198):
        bought(world, *world.parts([(f"Filter {number}", 500) for number in range(many)]), weeks=(20,))
        with CaptureQueriesContext(connection) as seen:
            page = text(dealer.get("/restock/"))
        counts.append(len(seen))
    assert counts[0] == counts[1] <= 26
    assert len(gzip.compress(page.encode())) < 45_000
    fields = {f"pieces_{part.pk}": "3" for part in Part.objects.all()}
    answer = dealer.post("/restock/", {**fields, "cart": hidden(page, "cart")})
    assert answer["Location"] == "/cart/"
    assert CartLine.objects.count() == 200
    assert company_of(world.people.dealer).orders.count() == 2
    assert lines_of(Order.objects.latest("pk"))
