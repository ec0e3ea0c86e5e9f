"""What is typed on the order form outlives a fix, a log-out, another window; it goes when the order is placed."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from catalog.models import Part
from orders.models import Cart, Order
from portal.accounts.actor import Actor
from tests.frontend.conftest import browser, hidden, person, text
from tests.orders.world import World

CHOICES = {"type": "CUSTOMER", "payment": "TRANSFER"}


@pytest.fixture
def customer(world: World, part: Part) -> Client:
    client = browser(world.people.customer)
    client.post("/cart/add/", {"part_number": part.number, "quantity": 1})
    return client


def test_what_is_typed_is_there_after_a_log_out(world: World, customer: Client) -> None:
    assert customer.post("/cart/keep/", {"po_number": "PO-7", "street": "Road 1"}).status_code == 204
    customer.post("/accounts/logout/")
    page = text(browser(world.people.customer).get("/cart/"))
    assert 'value="PO-7"' in page
    assert 'value="Road 1"' in page
    assert "<details open>" in page


def test_what_is_kept_in_the_background_says_nothing_to_a_stranger_and_begins_no_session(customer: Client) -> None:
    customer.post("/accounts/logout/")
    customer.cookies.clear()
    answer = customer.post("/cart/keep/", {"po_number": "PO-7"}, headers={"X-Background": "1"})
    assert (answer.status_code, dict(answer.cookies)) == (401, {})


def test_two_windows_do_not_wipe_out_each_others(customer: Client) -> None:
    customer.post("/cart/keep/", {"po_number": "PO-7"})
    customer.post("/cart/keep/", {"deliver_on": "2026-12-24"})
    page = text(customer.get("/cart/"))
    assert 'value="PO-7"' in page
    assert 'value="2026-12-24"' in page


def test_what_cannot_be_meant_is_shown_as_typed_and_counts_for_nothing(customer: Client) -> None:
    customer.post("/cart/keep/", {"deliver_on": "soon", "payment": "BEADS", "use_credit": "0"})
    page = text(customer.get("/cart/"))
    assert 'value="soon"' in page
    assert "disabled" not in page.split("Order for")[0].rsplit("<button", 1)[1]


def test_half_an_address_that_was_kept_says_what_it_lacks(customer: Client) -> None:
    customer.post("/cart/keep/", {"street": "Road 1", "name": "Works", "country": "KR"})
    page = text(customer.get("/cart/"))
    order = page[page.index("data-keep") :]
    assert 'id="id_city_error"' in order[: order.index("Order for")]
    assert "disabled" in order.split("Order for")[0].rsplit("<button", 1)[1]


def test_a_kept_day_that_is_over_is_told_beside_its_field_in_the_readers_manner(customer: Client) -> None:
    customer.post("/cart/keep/", {"deliver_on": "2026-11-20"})
    page = text(customer.get("/cart/"))
    beside = page[page.index('id="id_deliver_on_error"') :]
    assert beside.split("</p>")[0].endswith("Choose a day of delivery from 24 Nov 2026 to 25 Nov 2029.")
    assert "Mend what is marked first" in page
    assert "marked lines" not in page  # no line is


def test_looking_without_javascript_keeps_it_and_a_placed_order_forgets_it(customer: Client) -> None:
    page = text(customer.get("/cart/"))
    form = {**CHOICES, "reference": hidden(page, "reference"), "shown": hidden(page, "shown"), "po_number": "PO-8"}
    customer.post("/cart/", {**form, "look": "1"})
    again = text(customer.get("/cart/"))
    assert 'value="PO-8"' in again
    customer.post("/cart/", {**form, "shown": hidden(again, "shown")})
    assert Order.objects.get().po_number == "PO-8"
    assert Cart.objects.get().draft == {}


def test_a_list_being_typed_is_kept_until_it_is_in_the_cart(customer: Client, part: Part) -> None:
    customer.post("/cart/keep/", {"text": f"{part.number} 2\nand the n"})
    assert "and the n" in text(customer.get("/quick-order/"))
    customer.post("/quick-order/", {"text": f"{part.number} 2"})
    assert "and the n" not in text(customer.get("/quick-order/"))


def test_what_no_field_holds_is_not_kept_and_nothing_grows_without_end(customer: Client) -> None:
    customer.post("/cart/keep/", {"evil": "x", "reference": "r", "po_number": "P" * 500, "name": "a\x00b"})
    assert Cart.objects.get().draft == {"po_number": "P" * 60, "name": "ab"}


def test_after_the_log_in_one_is_back_where_the_form_was_sent(customer: Client) -> None:
    there = Client(headers={"referer": "http://testserver/cart/?page=2"}).post("/cart/", {"po_number": "PO-9"})
    assert there["Location"] == "/accounts/login/?next=/cart/%3Fpage%3D2"
    elsewhere = Client(headers={"referer": "https://evil.example/cart/"}).post("/cart/", {})
    assert elsewhere["Location"] == "/accounts/login/?next=/"


def sent_too_late(customer: Client, address: str, typed: dict[str, str]) -> Client:
    """A browser whose session had ended sends the form of a page it has still open."""
    page = text(customer.get(address))
    stranger = Client()
    answer = stranger.post(address, {"keeper": hidden(page, "keeper"), **typed})
    assert answer["Location"].startswith("/accounts/login/")
    assert "What you typed is kept" in text(stranger.get(answer["Location"]))
    return stranger


def logged_in(client: Client, actor: Actor) -> Client:
    client.force_login(person(actor), backend="django.contrib.auth.backends.ModelBackend")
    return client


def test_what_was_sent_after_the_session_ended_is_there_after_the_log_in(world: World, customer: Client) -> None:
    typed = {"shown": "x", "po_number": "PO-10", "street": "Road 10", "note": "ring twice", "allow_substitute": "on"}
    page = text(logged_in(sent_too_late(customer, "/cart/", typed), world.people.customer).get("/cart/"))
    assert all(f'value="{said}"' in page for said in ("PO-10", "Road 10", "ring twice"))
    assert re.search(r'name="allow_substitute"[^>]* checked', page)
    assert not re.search(r'name="use_credit"[^>]* checked', page)  # was not ticked, so it was not sent
    assert not Order.objects.exists()


def test_a_list_sent_after_the_session_ended_is_there_too(world: World, customer: Client) -> None:
    stranger = sent_too_late(customer, "/quick-order/", {"text": "AB-1 2\nAB-2 3", "serial": "SN-1"})
    page = text(logged_in(stranger, world.people.customer).get("/quick-order/"))
    assert "AB-1 2\nAB-2 3</textarea>" in page
    assert 'value="SN-1"' in page


def test_what_was_typed_is_shown_to_nobody_else(world: World, customer: Client) -> None:
    stranger = sent_too_late(customer, "/cart/", {"po_number": "PO-11"})
    assert "PO-11" not in text(logged_in(stranger, world.people.other).get("/cart/"))
    stranger.logout()
    assert "PO-11" not in text(logged_in(stranger, world.people.customer).get("/cart/"))


@pytest.mark.parametrize("keeper", ["", "7", "x:y:z", "\x00"])
def test_who_cannot_say_whose_form_it_is_fills_no_session(world: World, keeper: str) -> None:
    stranger = Client()
    stranger.post("/cart/", {"keeper": keeper, "po_number": "PO-12"})
    assert "typed" not in stranger.session
