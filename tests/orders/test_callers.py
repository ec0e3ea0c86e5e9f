"""Who calls: found by telephone number however it is written, by company, person or serial, with what stands open on the machines."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from catalog.models import Part
from orders.rules.callers import phone_tail
from orders.selectors.callers import Caller, caller_find
from portal.accounts.models import Company, User
from tests import factories as make
from tests.orders.world import World, line
from tests.people import ADDRESS, company_of
from warranty.models import Equipment
from warranty.services.repair_calls import repair_call_open
from warranty.services.repair_cards import repair_card_open


@pytest.mark.parametrize(
    ("typed", "tail"),
    [
        ("+82 31 555 0110", "15550110"), ("031-555-0110", "15550110"), ("(031) 555.0110", "15550110"), ("555 0110", "5550110"),
        ("12345", ""), ("BX18-10828", ""), ("", ""), ("+", ""), ("031-555-0110 Han", ""),
    ],
)  # fmt: skip
def test_a_telephone_number_is_known_by_its_end(typed: str, tail: str):
    assert phone_tail(typed) == tail


@pytest.fixture
def machine(world: World, part: Part) -> Equipment:
    found = world.machine(part)
    Company.objects.filter(pk=company_of(world.people.customer).pk).update(
        name="Hangyeol Earthworks", address={**ADDRESS, "phone": "+82 31 555 0110"}
    )
    User.objects.filter(pk=world.people.customer.user_id).update(name="Han Byeol")
    return found


def ask(world: World, text: str) -> Caller:
    return caller_find(world.people.desk, text, on=world.now.date())


@pytest.mark.parametrize("typed", ["031-555-0110", "+82315550110", "5550110", "hangyeol", "Han Byeol", "byeol"])
def test_a_caller_is_found_by_number_company_or_person(world: World, machine: Equipment, typed: str):
    found = ask(world, typed)
    assert [one.name for one in found.companies] == ["Hangyeol Earthworks"]
    assert [one.machine.pk for one in found.machines] == [machine.pk]


def test_a_serial_is_found_in_any_dress_from_its_beginning(world: World, machine: Equipment):
    found = ask(world, machine.serial.lower()[:-1])
    assert (found.companies, [one.machine.pk for one in found.machines]) == ([], [machine.pk])


def test_the_number_left_at_a_call_finds_the_machine(world: World, machine: Equipment):
    repair_call_open(
        actor=world.people.customer, serial=machine.serial, fault="Leaks", contact="Site, 010 4455 6677", now=world.now
    )
    assert [one.machine.pk for one in ask(world, "+82 10-4455-6677").machines] == [machine.pk]


@pytest.mark.parametrize("typed", ["", "  ", "---", "ab", "\x00", "nobody at all", "099-999-9999", "😀"])
def test_rubbish_and_strangers_find_nobody(world: World, machine: Equipment, typed: str):
    assert ask(world, typed).machines == []


def test_what_stands_open_is_told_and_what_is_over_is_not(world: World, part: Part, machine: Equipment):
    repair_card_open(actor=world.people.desk, serial=machine.serial, fault="Leaks", now=world.now)
    open_ = world.paid(line(part, serial=machine.serial))
    done = world.paid(line(part, serial=machine.serial))
    world.ship(done)
    (told,) = ask(world, machine.serial).machines
    assert [card.fault for card in told.cards] == ["Leaks"]
    assert [one.order_number for one in told.lines] == [open_.number]
    assert told.lines[0].promise is not None


def test_machines_with_open_cards_come_first_and_the_rest_is_counted(world: World, machine: Equipment):
    owner = company_of(world.people.customer)
    for number in range(14):
        make.make_equipment(f"AA-{number:05d}", model=machine.model, owner=owner)
    repair_card_open(actor=world.people.desk, serial=machine.serial, fault="Leaks", now=world.now)
    found = ask(world, "hangyeol")
    assert found.machines[0].machine.pk == machine.pk
    assert (len(found.machines), found.total) == (12, 15)


def test_a_caller_costs_the_same_for_one_machine_and_for_twelve(world: World, part: Part, machine: Equipment):
    owner = company_of(world.people.customer)

    def asked() -> int:
        with CaptureQueriesContext(connection) as seen:
            ask(world, "hangyeol")
        return len(seen)

    world.paid(line(part, serial=machine.serial))
    before = asked()
    for number in range(8):
        more = make.make_equipment(f"AA-{number:05d}", model=machine.model, owner=owner)
        world.paid(line(part, serial=more.serial))
        repair_card_open(actor=world.people.desk, serial=more.serial, fault="Leaks", now=world.now)
    assert asked() <= before + 2
