"""The machine's page: cover and history on one line, what is due, and the kit for it into the cart; and the first page with both."""

from __future__ import annotations

import re
from datetime import date

import pytest
from django.test import Client

from catalog.models import Part
from orders.models import CartLine
from tests import factories as make
from tests.frontend.conftest import browser, text
from tests.orders.world import World, line
from warranty.models import Equipment, ServiceInterval
from warranty.services.readings import reading_record


@pytest.fixture
def machine(world: World, part: Part) -> Equipment:
    """In warranty and under contract, its 500 h service due, once repaired, once ordered for."""
    make.make_warranty_term(months=24)
    made = world.machine(part)
    make.make_contract(made, number="MC-77")
    make.make_campaign(made.model, part)
    ServiceInterval.objects.create(
        model=made.model, name="Service, 500 h", kit=part, every_hours=500, every_months=6, source="Manual, chapter 6"
    )
    reading_record(actor=world.people.desk, serial=made.serial, hours=520, now=world.now)
    card = world.card(made)
    world.place(line(world.part(home=3), 1, serial=made.serial, repair_card=card.number))
    return made


@pytest.fixture
def customer(world: World) -> Client:
    return browser(world.people.customer)


def test_cover_campaign_repairs_and_orders_stand_on_one_line(customer: Client, machine: Equipment) -> None:
    page = text(customer.get(f"/machines/{machine.normalised}/"))
    for told in (
        "Warranty: 4 May 2026 to 3 May 2028",
        "MC-77: 1 Jan 2026 to 31 Dec 2026",
        "Campaign: Recall",
        "Repairs: 23 Nov 2026",
        "Orders: 23 Nov 2026",
    ):
        assert told in page, told
    places = [float(one) for one in re.findall(r'(?:cx|x)="([\d.]+)%"', page)]
    assert places
    assert all(0 <= one <= 100 for one in places)
    assert "style=" not in page


@pytest.mark.parametrize("language", ["ko", "ja"])
def test_drawings_keep_their_numbers_in_every_language(customer: Client, machine: Equipment, language: str) -> None:
    page = text(customer.get(f"/machines/{machine.normalised}/", headers={"accept-language": language}))
    assert not re.findall(r'(?:cx|x|width)="[^"]*,[^"]*%"', page)


def test_a_service_that_is_due_goes_into_the_cart_for_that_machine(
    customer: Client, machine: Equipment, part: Part
) -> None:
    page = text(customer.get(f"/machines/{machine.normalised}/"))
    assert "at 500 h, by 4 Nov 2026 at the latest · Manual, chapter 6" in page
    customer.post("/cart/add/", {"part_number": part.number, "quantity": 1, "serial": machine.serial})
    assert CartLine.objects.get().serial == machine.serial


def test_the_first_page_says_what_is_due_and_orders_again_with_one_press(
    world: World, customer: Client, machine: Equipment
) -> None:
    world.paid(line(world.part(home=3), 2))
    page = text(customer.get("/"))
    assert "Service, 500 h: due" in page
    again = re.search(r'action="(/orders/[^/]+/again/)"', page)
    assert again
    assert customer.post(again[1], {"again-everything": "1"})["Location"] == "/cart/"
    assert CartLine.objects.count() == 1


def test_a_machine_of_which_no_day_is_known_has_no_line(world: World, customer: Client) -> None:
    bare = make.make_equipment(in_service=None, owner_id=world.people.customer.company_id)
    page = text(customer.get(f"/machines/{bare.normalised}/"))
    assert 'id="life"' not in page


def test_very_old_machines_keep_a_line_that_can_be_read(world: World, customer: Client) -> None:
    make.make_warranty_term(months=24)
    old = make.make_equipment(in_service=date(1985, 1, 1), owner_id=world.people.customer.company_id)
    page = text(customer.get(f"/machines/{old.normalised}/"))
    assert page.count("<text ") <= 14
