"""What cannot be ordered, and how all of it is said at once; nothing is held or written then."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from catalog.models import Part
from orders.services.placing import order_place
from orders.types import LineRequest
from portal.accounts.actor import Actor
from tests import factories as make
from tests.orders.world import World, details, free, line, refused, request
from tests.people import ADDRESS, company_of

MANY = 1_000_001


def ask(world: World, *lines: LineRequest, by: Actor | None = None, **extra: Any) -> list[tuple[str, str]]:
    """The problems of an order that must be refused."""
    asked = request(*lines, **extra)
    return refused(lambda: order_place(actor=by or world.people.customer, request=asked, now=world.now))


def test_every_bad_line_is_reported_at_once(world: World) -> None:
    good, stopped = world.part(home=5), world.part(home=5, stop_sale=True)
    packed, scarce = world.part(home=50, pack_quantity=10), world.part(home=1)
    found = ask(world, line(good), line("NO-SUCH"), line(stopped), line(packed, 3), line(scarce, 2), line(good, 0))
    assert sorted(found, key=lambda one: one[1]) == [
        ("UNKNOWN_PART", "lines[1].partNumber"),
        ("STOP_SALE", "lines[2].partNumber"),
        ("PACK_QUANTITY", "lines[3].quantity"),
        ("OUT_OF_STOCK", "lines[4].quantity"),
        ("INVALID", "lines[5].quantity"),
    ]


def test_a_bad_head_does_not_hide_a_bad_line(world: World) -> None:
    found = ask(world, line("NO-SUCH"), deliver_to={**ADDRESS, "city": " "}, payment="CARD")
    assert ("INVALID", "deliverTo.city") in found
    assert ("UNKNOWN_PART", "lines[0].partNumber") in found


@pytest.mark.parametrize("quantity", [0, -1, MANY, 10**30])
def test_a_quantity_is_from_one_to_a_million(world: World, quantity: int) -> None:
    assert ask(world, line(world.part(home=5), quantity)) == [("INVALID", "lines[0].quantity")]


@pytest.mark.parametrize("hours", [-1, MANY])
def test_an_hour_meter_shows_a_number_from_zero_on(world: World, hours: int) -> None:
    assert ask(world, line(world.part(home=5), hours=hours)) == [("INVALID", "lines[0].hours")]


def test_no_failure_lies_in_the_future_and_the_buyers_day_counts(world: World) -> None:
    part = world.part(home=5)
    assert ask(world, line(part, failed_on=date(2026, 11, 24))) == [("INVALID", "lines[0].failedOn")]
    assert world.place(line(part, failed_on=date(2026, 11, 23))).number


@pytest.mark.parametrize("count", [0, 2001])
def test_an_order_has_one_to_two_thousand_lines(world: World, count: int) -> None:
    assert ask(world, *[line("X")] * count) == [("INVALID", "lines")]


@pytest.mark.parametrize("name", ["name", "street", "city", "postalCode", "country"])
def test_an_address_without_what_a_carrier_needs_is_refused(world: World, name: str) -> None:
    assert ("INVALID", f"deliverTo.{name}") in ask(world, line(world.part(home=5)), deliver_to={**ADDRESS, name: ""})


def test_a_country_is_two_letters(world: World) -> None:
    found = ask(world, line(world.part(home=5)), deliver_to={**ADDRESS, "country": "Korea"})
    assert found == [("INVALID", "deliverTo.country")]


def test_a_day_of_delivery_comes_after_today(world: World) -> None:
    part = world.part(home=5)
    assert ask(world, line(part), deliver_on=date(2026, 11, 23)) == [("INVALID", "deliverOn")]


def test_an_order_needs_a_reference(world: World) -> None:
    assert ask(world, line(world.part(home=5)), reference="") == [("INVALID", "reference")]
    assert ask(world, line(world.part(home=5)), reference="x" * 121) == [("INVALID", "reference")]


def test_a_number_of_two_makers_is_ambiguous_and_both_are_named(world: World) -> None:
    for maker in ("A", "B"):
        world.part(home=5, number="OR-12", maker=maker)
    asked = request(line("or12"))
    assert ask(world, *asked.lines) == [("AMBIGUOUS_PART", "lines[0].partNumber")]
    told = details(lambda: order_place(actor=world.people.customer, request=asked, now=world.now))
    assert told == {"candidates": ["OR-12", "OR-12"]}


def test_a_part_without_a_published_price_is_not_sold(world: World) -> None:
    part = make.make_part()
    make.make_stock(part, world.home, 5)
    assert ask(world, line(part)) == [("INVALID", "lines[0].partNumber")]


def test_a_pack_is_not_opened_and_the_quantity_that_works_is_named(world: World) -> None:
    part = world.part(home=50, pack_quantity=10, minimum_quantity=20)
    asked = request(line(part, 15))
    told = details(lambda: order_place(actor=world.people.customer, request=asked, now=world.now))
    assert told == {"partNumber": part.number, "quantity": 20, "pack": 10, "minimum": 20}


def test_a_short_part_names_what_is_free_and_when_the_rest_comes(world: World) -> None:
    part = world.part(home=2, away=1)
    make.make_expected(part, world.away, 4, date(2026, 12, 3))
    asked = request(line(part, 5))
    told = details(lambda: order_place(actor=world.people.customer, request=asked, now=world.now))
    assert ask(world, *asked.lines) == [("OUT_OF_STOCK", "lines[0].quantity")]
    assert told == {"partNumber": part.number, "free": 3, "expectedOn": "2026-12-03"}
    asked = request(line(part, 8))
    told = details(lambda: order_place(actor=world.people.customer, request=asked, now=world.now))
    assert told == {"partNumber": part.number, "free": 3, "expectedOn": None}


def test_an_expected_day_that_moved_is_told_again(world: World) -> None:
    part = world.part()
    make.make_expected(part, world.home, 4, date(2026, 12, 3))
    asked = request(line(part, accept_expected_on=date(2026, 12, 1)))
    told = details(lambda: order_place(actor=world.people.customer, request=asked, now=world.now))
    assert ask(world, *asked.lines) == [("EXPECTED_CHANGED", "lines[0].acceptExpectedOn")]
    assert told["expectedOn"] == "2026-12-03"


def test_two_lines_of_one_part_do_not_get_one_piece_twice(world: World) -> None:
    part = world.part(home=3)
    assert ask(world, line(part, 2), line(part, 2)) == [("OUT_OF_STOCK", "lines[1].quantity")]


def test_a_known_misfit_is_refused_and_the_right_part_named(world: World) -> None:
    wrong, right = world.part(home=5), world.part(home=5)
    machine = world.machine(right)
    make.make_fitment(wrong, machine.model, fits=False, instead=right)
    asked = request(line(wrong, serial=machine.serial))
    told = details(lambda: order_place(actor=world.people.customer, request=asked, now=world.now))
    assert ask(world, *asked.lines) == [("DOES_NOT_FIT", "lines[0].partNumber")]
    assert told == {"partNumber": wrong.number, "insteadUse": right.number}


def test_a_free_line_needs_an_open_card_of_that_machine(world: World) -> None:
    part = world.part(home=5)
    make.make_warranty_term()
    machine, second = world.machine(part), world.machine(part)
    assert ask(world, free(part, machine, None), payment="NONE") == [("CARD_REQUIRED", "lines[0].repairCard")]
    wrong = free(part, machine, world.card(second))
    assert ask(world, wrong, payment="NONE") == [("INVALID", "lines[0].repairCard")]
    unknown = replace(wrong, repair_card="RC-999999")
    assert ask(world, unknown, payment="NONE") == [("NOT_FOUND", "lines[0].repairCard")]
    closed = world.card(machine)
    type(closed).objects.filter(pk=closed.pk).update(state="VOID")
    assert ask(world, free(part, machine, closed), payment="NONE") == [("CARD_REQUIRED", "lines[0].repairCard")]


def test_a_paid_line_on_a_closed_card_is_refused_too(world: World) -> None:
    part = world.part(home=5)
    machine = world.machine(part)
    card = world.card(machine)
    type(card).objects.filter(pk=card.pk).update(state="VOID")
    assert ask(world, free(part, machine, card)) == [("WRONG_STATE", "lines[0].repairCard")]


def test_another_companys_card_is_not_there(world: World) -> None:
    part = world.part(home=5)
    machine = world.machine(part, owner=world.people.other)
    theirs = line(part, repair_card=world.card(machine).number)
    assert ask(world, theirs) == [("NOT_FOUND", "lines[0].repairCard")]


def test_a_machine_down_order_names_the_machine(world: World) -> None:
    part = world.part(home=5)
    assert ask(world, line(part), type="MACHINE_DOWN") == [("CARD_REQUIRED", "lines[0].repairCard")]
    machine = world.machine(part)
    assert world.place(line(part, serial=machine.serial), type="MACHINE_DOWN").type == "MACHINE_DOWN"


def test_a_way_of_paying_must_be_open_for_the_sum(world: World, part: Part) -> None:
    buyer = world.people.customer
    assert ask(world, line(part), payment="NONE") == [("PAYMENT_UNAVAILABLE", "payment")]
    assert ask(world, line(part), payment="CARD") == [("PAYMENT_UNAVAILABLE", "payment")]
    assert ask(world, line(part), payment="ACCOUNT", by=buyer) == [("PAYMENT_UNAVAILABLE", "payment")]


def test_a_stopped_account_buys_nothing_on_account_but_in_advance(world: World, part: Part) -> None:
    dealer = company_of(world.people.dealer)
    dealer.credit_stopped = True
    dealer.save()
    assert ask(world, line(part), payment="ACCOUNT", by=world.people.dealer) == [("CREDIT_STOPPED", "payment")]
    assert world.place(line(part), by=world.people.dealer).state == "AWAITING_PAYMENT"


def test_only_buyers_order_and_only_for_their_own_company(world: World, part: Part) -> None:
    people = world.people
    powerless = replace(people.customer, roles=frozenset())
    assert ask(world, line(part), by=powerless) == [("NOT_ALLOWED", "")]
    other = people.other.company_id
    assert ask(world, line(part), company_id=other) == [("NOT_FOUND", "company")]
    assert ask(world, line(part), type="INTERNAL") == [("NOT_ALLOWED", "type")]
    assert ask(world, line(part), by=people.technician, company_id=other) == [("NOT_ALLOWED", "")]
    assert ask(world, line(part), by=people.desk) == [("INVALID", "company")]
    assert ask(world, line(part), by=people.desk, company_id=10**15) == [("NOT_FOUND", "company")]


def test_what_cannot_be_found_or_is_too_long_to_store_is_no_accident(world: World, part: Part) -> None:
    assert ask(world, line("A\x00B")) == [("UNKNOWN_PART", "lines[0].partNumber")]
    assert ask(world, line("")) == [("UNKNOWN_PART", "lines[0].partNumber")]
    assert ask(world, line(part, repair_card="RC\x00")) == [("NOT_FOUND", "lines[0].repairCard")]
    assert ask(world, line(part), po_number="P" * 61) == [("INVALID", "poNumber")]
    assert world.place(line(part, serial="S" * 99)).lines.get().serial == "S" * 60


def test_a_price_too_small_for_the_currency_is_still_a_price(world: World) -> None:
    order = world.place(line(world.part(home=5, price="0.4")))
    assert order.total == Decimal(0)  # rounds to nothing: nothing to pay, nothing awaited
    assert order.state == "READY"
