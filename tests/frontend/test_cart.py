"""From a part to an order: judged before it is ordered, ordered once."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from html import unescape
from typing import Any

import pytest
from django.test import Client

from catalog.models import Part
from orders.models import CartLine, Order
from tests import factories as make
from tests.frontend.conftest import browser, hidden, text
from tests.orders.world import World
from warranty.models import NoteKind

CHOICES = {"type": "CUSTOMER", "payment": "TRANSFER"}


@pytest.fixture
def customer(world: World) -> Client:
    return browser(world.people.customer)


def _add(client: Client, part: Part | str, quantity: int = 1, **extra: Any) -> None:
    number = part if isinstance(part, str) else part.number
    assert client.post("/cart/add/", {"part_number": number, "quantity": quantity, **extra}).status_code == 302


def _form(client: Client, **extra: str) -> dict[str, str]:
    """The order form as the cart's page offers it."""
    page = text(client.get("/cart/"))
    return {**CHOICES, "reference": hidden(page, "reference"), "shown": hidden(page, "shown"), **extra}


def test_a_cart_becomes_an_order_and_is_empty(customer: Client, part: Part):
    _add(customer, part, 2)
    answer = customer.post("/cart/", _form(customer, po_number="PO-7"))
    order = Order.objects.get()
    assert answer["Location"] == f"/orders/{order.number}/"
    assert (order.po_number, order.lines.get().quantity, CartLine.objects.count()) == ("PO-7", 2, 0)


def test_a_form_sent_twice_makes_one_order(customer: Client, part: Part):
    _add(customer, part)
    form = _form(customer)
    first, second = customer.post("/cart/", form), customer.post("/cart/", form)
    assert first["Location"] == second["Location"]
    assert Order.objects.count() == 1


def test_a_form_sent_twice_after_more_was_put_in_the_cart_makes_one_order(customer: Client, part: Part):
    _add(customer, part)
    form = _form(customer)
    customer.post("/cart/", form)
    _add(customer, part)
    customer.post("/cart/", form)
    assert (Order.objects.count(), CartLine.objects.count()) == (1, 1)


def test_a_second_window_is_told_that_the_first_has_ordered(customer: Client, part: Part):
    _add(customer, part)
    first, second = _form(customer), _form(customer)
    customer.post("/cart/", first)
    answer = customer.post("/cart/", second, follow=True)
    assert "Nothing was ordered: the lines are gone" in text(answer)
    assert Order.objects.count() == 1


def test_a_price_that_changed_since_it_was_shown_is_shown_first(customer: Client, part: Part):
    _add(customer, part)
    form = _form(customer)
    part.prices.update(amount=12000)
    answer = customer.post("/cart/", form)
    assert answer.status_code == 422
    assert not Order.objects.exists()
    assert "₩12,000" in text(answer)
    form["shown"] = hidden(text(answer), "shown")
    assert customer.post("/cart/", form).status_code == 302
    assert Order.objects.get().total == 12000


def test_a_refusal_keeps_what_was_typed(customer: Client, part: Part):
    _add(customer, part)
    form = _form(
        customer,
        po_number="PO-kept",
        name="Yard",
        street="Road 1",
        city="Busan",
        postal_code="48000",
        country="KOREA"[:2],
    )
    answer = customer.post("/cart/", form | {"deliver_on": "2020-01-01"})
    page = text(answer)
    assert answer.status_code == 422
    assert all(f'value="{typed}"' in page for typed in ("PO-kept", "Yard", "Road 1", "Busan", "2020-01-01"))
    assert hidden(page, "reference") == form["reference"]
    assert not Order.objects.exists()


def test_a_line_that_is_short_offers_the_day_and_a_press_takes_it(world: World, customer: Client):
    part = world.part(home=2)
    make.make_expected(part, world.home, 10, date(2026, 12, 4))
    _add(customer, part, 5)
    page = text(customer.get("/cart/"))
    assert "Wait until 4 Dec 2026" in page
    assert "disabled" in page
    line = CartLine.objects.get()
    customer.post(f"/cart/lines/{line.pk}/", {"accept_expected_on": hidden(page, "accept_expected_on")})
    line.refresh_from_db()
    assert (line.accept_expected_on, line.quantity) == (date(2026, 12, 4), 5)
    assert customer.post("/cart/", _form(customer)).status_code == 302


def test_a_pack_is_rounded_up_with_the_buyers_press(world: World, customer: Client):
    part = world.part(home=20, pack_quantity=5)
    _add(customer, part, 3)
    page = text(customer.get("/cart/"))
    assert "Make it 5" in page
    line = CartLine.objects.get()
    customer.post(f"/cart/lines/{line.pk}/", {"quantity": "5"})
    assert customer.post("/cart/", _form(customer)).status_code == 302


def test_every_bad_line_is_marked_at_once(world: World, customer: Client, part: Part):
    _add(customer, "NO-SUCH-1")
    _add(customer, part, 500)
    _add(customer, world.part(home=1), 1, serial="NOT-MINE")
    page = text(customer.get("/cart/"))
    assert page.count("line wrong") == 2
    assert "We know no part of this number" in page
    assert "Not enough is free" in page


def test_a_free_line_offers_the_open_card_of_its_machine(world: World, customer: Client, part: Part):
    make.make_warranty_term(months=24)
    machine = world.machine(part)
    card = world.card(machine)
    _add(customer, part, 1, serial=machine.serial)
    page = text(customer.get("/cart/"))
    assert f"Order on card {card.number}" in page
    line = CartLine.objects.get()
    customer.post(f"/cart/lines/{line.pk}/", {"repair_card": card.number})
    customer.post("/cart/", _form(customer))
    order = Order.objects.get()
    assert (order.total, order.lines.get().payer, order.state) == (Decimal(0), "WARRANTY", "READY")


def test_a_free_line_without_an_open_card_leads_to_the_request_for_a_repair(world: World, customer: Client, part: Part):
    make.make_warranty_term(months=24)
    machine = world.machine(part)
    _add(customer, part, 1, serial=machine.serial)
    way = re.search(r'href="(/machines/[^"]+)"[^>]*>Request a repair', text(customer.get("/cart/")))
    assert way is not None
    page = text(customer.get(unescape(way[1])))
    assert '<details class="act" id="call" open>' in page
    assert f"Part needed: {part.number}" in page


def test_a_dealer_opens_the_card_a_free_line_wants(world: World, part: Part):
    make.make_warranty_term(months=24)
    machine = world.machine(part, owner=world.people.dealer)
    dealer = browser(world.people.dealer)
    _add(dealer, part, 1, serial=machine.serial)
    page = text(dealer.get("/cart/"))
    assert "Open a repair card" in page
    assert "act=card" in page


def test_a_line_is_changed_and_removed(customer: Client, part: Part):
    _add(customer, part)
    line = CartLine.objects.get()
    assert part.number in text(customer.get(f"/cart/lines/{line.pk}/"))
    refused = customer.post(f"/cart/lines/{line.pk}/", {"quantity": "0"})
    assert refused.status_code == 422
    customer.post(f"/cart/lines/{line.pk}/", {"quantity": "4"})
    line.refresh_from_db()
    assert (line.quantity, line.part_number) == (4, part.number)
    customer.post(f"/cart/lines/{line.pk}/", {"remove": "1"})
    assert not CartLine.objects.exists()


def test_the_service_desk_orders_for_a_company_it_names(world: World, part: Part):
    desk = browser(world.people.desk)
    _add(desk, part)
    assert desk.post("/cart/", _form(desk)).status_code == 422
    company = str(world.people.customer.company_id)
    look = desk.post("/cart/", _form(desk, company=company, look="1"))
    form = _form(desk, company=company) | {"shown": hidden(text(look), "shown")}
    assert desk.post("/cart/", form).status_code == 302
    assert Order.objects.get().company_id == world.people.customer.company_id


def test_people_who_do_not_buy_place_nothing(world: World, part: Part):
    technician = browser(world.people.technician)
    _add(technician, part)
    assert (
        technician.post(
            "/cart/", {**CHOICES, "reference": "r-1", "company": world.people.customer.company_id}
        ).status_code
        == 403
    )
    assert not Order.objects.exists()


def test_a_pasted_list_fills_the_cart_and_names_lines_it_cannot_read(customer: Client, part: Part):
    refused = customer.post("/quick-order/", {"text": f"{part.number}\t2\nX\tmany\n"})
    assert refused.status_code == 422
    assert "Line 2 cannot be read" in text(refused)
    assert "many" in text(refused)
    assert customer.post("/quick-order/", {"text": f"{part.number}\t2\n"}).status_code == 302
    assert CartLine.objects.get().quantity == 2


def test_the_owner_of_the_machine_is_who_the_desk_orders_for(world: World, part: Part):
    machine = world.machine(part)
    desk = browser(world.people.desk)
    _add(desk, part, serial=machine.serial)
    chosen = f'<option value="{machine.owner_id}" selected>'
    assert chosen in text(desk.get("/cart/"))
    _add(desk, part)  # for nobody's machine: then it is asked
    assert chosen not in text(desk.get("/cart/"))


def test_an_order_that_costs_something_says_how_much_when_nothing_is_chosen_to_pay_it(customer: Client, part: Part):
    _add(customer, part)
    page = text(customer.post("/cart/", _form(customer, payment="NONE", look="1")))
    assert "This order costs ₩10,000: choose how it is paid." in page


def _undecided_cart(world: World, customer: Client, part: Part) -> None:
    """A cart with a free line that a person has to look at."""
    make.make_warranty_term(months=24)
    machine = world.machine(part)
    machine.notes.create(kind=NoteKind.MISUSE, recorded_on=date(2026, 11, 1), note="dropped")
    _add(customer, part, 2, serial=machine.serial, repair_card=world.card(machine).number)


def test_what_happens_next_waits_for_the_decision_and_says_what_is_at_stake(world: World, customer: Client, part: Part):
    _undecided_cart(world, customer, part)
    page = unescape(text(customer.get("/cart/")))
    assert "Nothing to pay now: the clock starts with the decision who pays." in page
    assert "Nothing to pay: the clock starts at once." not in page
    assert "Should you have to pay, it is ₩20,000 more, without tax" in page
    assert "if ordered and decided now" in page


def test_beside_a_line_that_waits_the_others_start_with_their_money(world: World, customer: Client, part: Part):
    _undecided_cart(world, customer, part)
    _add(customer, part)
    page = text(customer.get("/cart/"))
    assert "A person decides who pays for 1 line" in page
    assert "if ordered and paid now" in page


def _in_turn(page: str) -> list[str]:
    """The headings over the cart's lines, and the lines."""
    judged = page[page.index('id="judged"') : page.index("<aside>")]
    return [one.strip() for found in re.findall(r"<h2>(.*?)</h2>|id=\"(line\d+)\"", judged) for one in found if one]


def _awaited(world: World, customer: Client, quantity: int = 3) -> CartLine:
    """A line in the cart that waits for goods of 4 December, of which two are there."""
    part = world.part(home=2)
    make.make_expected(part, world.home, 10, date(2026, 12, 4))
    _add(customer, part, quantity, accept_expected_on="2026-12-04")
    return CartLine.objects.get(part_number=part.number)


def test_lines_stand_under_the_day_they_leave_the_first_day_first(world: World, customer: Client, part: Part):
    late = world.part()
    make.make_expected(late, world.home, 10, date(2026, 12, 11))
    _add(customer, late, 1, accept_expected_on="2026-12-11")
    waits = CartLine.objects.get()
    both = _awaited(world, customer)
    _add(customer, part)
    here = CartLine.objects.exclude(pk__in=[waits.pk, both.pk]).get()
    page = text(customer.get("/cart/"))
    assert _in_turn(page) == [
        "Ships by Wed 25 Nov", f"line{both.pk}", f"line{here.pk}",
        "Ships by Fri 11 Dec", f"line{waits.pk}",
    ]  # fmt: skip
    assert "2 by Wed 25 Nov, 1 by Fri 4 Dec" in page
    bars = page[page.index('id="next"') :]
    assert re.findall(r"ships by (.*?)<", bars) == ["Wed 25 Nov", "Fri 4 Dec", "Fri 11 Dec"]


def test_lines_that_leave_together_stand_as_they_were_typed_under_no_heading(world: World, customer: Client):
    for number in ("ZZ-9", "AA-1"):
        _add(customer, world.part(home=9, number=number))
    assert _in_turn(text(customer.get("/cart/"))) == [f"line{one.pk}" for one in CartLine.objects.order_by("pk")]


def test_what_needs_the_buyer_stands_before_the_days_and_what_waits_for_a_decision_after_them(
    world: World, customer: Client, part: Part
):
    _undecided_cart(world, customer, part)
    undecided = CartLine.objects.get()
    _add(customer, part)
    paid = CartLine.objects.exclude(pk=undecided.pk).get()
    _add(customer, "NO-SUCH-NUMBER")
    wrong = CartLine.objects.get(part_number="NO-SUCH-NUMBER")
    assert _in_turn(text(customer.get("/cart/"))) == [
        "Needs you first", f"line{wrong.pk}",
        "Ships by Wed 25 Nov", f"line{paid.pk}",
        "Once it is decided who pays", f"line{undecided.pk}",
    ]  # fmt: skip


def test_a_choice_shows_at_once_what_it_changes(customer: Client, part: Part):
    _add(customer, part)
    page = text(customer.get("/cart/"))
    for mark in ("judged", "sums", "next-step", "id_shown"):
        assert f'id="{mark}"' in page
        assert f"#{mark}" in re.search(r'hx-select-oob="([^"]*)"', page)[1]  # type: ignore[index]
    answer = customer.post("/cart/", _form(customer, look="1", deliver_on="2026-01-01"), headers={"HX-Request": "true"})
    assert 'role="alert">Deliver on: ' in text(answer)
