"""Saved lists and ordering again, as pages: made from cart, order or quick order, one press into the cart."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from catalog.models import Part
from orders.models import CartLine, SavedList
from orders.services.saved_lists import saved_list_make
from tests.frontend.conftest import browser, text
from tests.orders.world import World, line, lines_of


@pytest.fixture
def customer(world: World) -> Client:
    return browser(world.people.customer)


def test_a_cart_is_kept_as_a_list_and_comes_back_with_one_press(customer: Client, part: Part) -> None:
    customer.post("/cart/add/", {"part_number": part.number, "quantity": 3})
    assert f"{part.number}\t3" in text(customer.get("/lists/new/?of=cart"))
    assert customer.post("/lists/new/", {"name": "Each spring", "text": f"{part.number}\t3"})["Location"] == "/lists/"
    CartLine.objects.all().delete()
    kept = SavedList.objects.get()
    assert customer.post(f"/lists/{kept.pk}/", {"cart": "1"})["Location"] == "/cart/"
    assert (CartLine.objects.get().part_number, CartLine.objects.get().quantity) == (part.number, 3)


def test_a_quick_order_is_kept_without_losing_a_line(customer: Client, part: Part) -> None:
    page = text(customer.post("/quick-order/", {"text": f"{part.number} 7", "save": "1"}))
    assert f"{part.number}\t7" in page
    assert not CartLine.objects.exists()


def test_an_order_comes_again_from_its_page(world: World, customer: Client, part: Part) -> None:
    order = world.place(line(part, 2))
    assert f"{part.number}\t2" in text(customer.get(f"/lists/new/?of={order.number}"))
    ticked = {"again-lines": [lines_of(order)[0].pk]}
    assert customer.post(f"/orders/{order.number}/again/", ticked)["Location"] == "/cart/"
    assert CartLine.objects.get().quantity == 2
    refused = customer.post(f"/orders/{order.number}/again/", {})
    assert refused.status_code == 422
    assert "Choose at least one line." in text(refused)
    assert customer.post(f"/orders/{order.number}/again/", {"again-everything": "1"}).status_code == 302
    assert CartLine.objects.get().quantity == 4


def test_a_colleague_who_was_first_is_named_and_what_was_typed_is_kept(world: World, customer: Client) -> None:
    kept = saved_list_make(actor=world.people.customer, name="Spring", lines=[line("A")], now=world.now)
    form = {"name": "Spring", "version": "1"}
    assert customer.post(f"/lists/{kept.pk}/", {**form, "text": "B 2"}).status_code == 302
    late = customer.post(f"/lists/{kept.pk}/", {**form, "text": "my own line,5"})
    assert late.status_code == 422
    assert "my own line,5" in text(late)
    assert world.people.customer.name in text(late)
    assert customer.post(f"/lists/{kept.pk}/", {**form, "version": "2", "text": "B,2"}).status_code == 302


@pytest.mark.parametrize("typed", ["", "A\tmany", "A\t1\t" + "S" * 61])
def test_a_line_that_cannot_be_read_is_named(customer: Client, typed: str) -> None:
    answer = customer.post("/lists/new/", {"name": "X", "text": typed})
    assert answer.status_code == 422
    assert not SavedList.objects.exists()


def test_lists_are_read_with_few_questions_however_many(world: World, customer: Client) -> None:
    counts = []
    for many in (1, 8):
        for number in range(many):
            saved_list_make(actor=world.people.customer, name=f"{many}-{number}", lines=[line("A")], now=world.now)
        with CaptureQueriesContext(connection) as seen:
            assert customer.get("/lists/").status_code == 200
        counts.append(len(seen))
    assert counts[0] == counts[1] <= 12
