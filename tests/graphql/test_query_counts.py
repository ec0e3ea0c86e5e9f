"""However many things an answer holds, the database is asked the same number of questions."""

from __future__ import annotations

import json
import re
from collections import Counter
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from catalog.models import Part
from portal.accounts.actor import Actor
from portal.schema import schema_build
from tests import factories as make
from tests.graphql.client import api
from tests.matrix.deep import everything_below
from tests.orders.world import World, line, lines_of
from tests.people import company_of
from warranty.models import Equipment
from warranty.services.readings import reading_record

SCHEMA = schema_build(demo=True).graphql_schema
LISTED = """{ parts(search: "pump", first: FIRST) { totalCount edges { node { number name group price { amount } prices { amount }
  availability { available expected { date quantity } } availabilities { warehouse } promise { day }
  fits(serial: SERIAL) { verdict callout quantity insteadUse { name price { amount } } } } } } }"""


def questions(actor: Actor, document: str) -> list[str]:
    """The SQL behind an answer that must hold data."""
    caller = api(actor)
    caller.data("{ me { email } }")  # the first call of a token notes that it was used
    with CaptureQueriesContext(connection) as seen:
        caller.data(document)
    return [one["sql"] for one in seen.captured_queries]


def grown(few: list[str], many: list[str]) -> dict[str, int]:
    """What was asked more often for many than for few, to read in a failure."""
    return dict(Counter(map(_shape, many)) - Counter(map(_shape, few)))


def _shape(sql: str) -> str:
    """The table asked, and by what."""
    tables = re.findall(r'FROM "?(\w+)"?', sql)
    return " ".join([*tables[:1], *re.findall(r'"\w+"\."(\w+)"', sql.rsplit("WHERE", 1)[-1])[:3]])


def story(world: World, part: Part, count: int) -> None:
    """Machines with all their papers, and for each an order that is late, paid, partly shipped."""
    people = world.people
    for _ in range(count):
        machine = world.machine(part, held=9)
        make.make_dealer_link(machine, company_of(people.dealer))
        make.make_contract(machine, start=date(2020, 1, 1), end=date(2020, 2, 1))
        reading_record(actor=people.desk, serial=machine.serial, hours=50, now=world.now)
        card = world.card(machine)
        order = world.paid(*[line(part, 2, serial=machine.serial, repair_card=card.number) for _ in range(2)])
        world.ship(order, (lines_of(order)[0], 1))


@pytest.mark.parametrize("root", ["orders", "equipments", "repairCards", "promises", "notices"])
@pytest.mark.parametrize("who", ["customer", "manager"])
def test_a_long_list_asks_no_more_than_a_short_one(world: World, no_limits: None, root: str, who: str) -> None:
    part = world.part(home=500)
    document = everything_below(SCHEMA, root, "(first: 100)", depth=4)
    actor = getattr(world.people, who)
    story(world, part, 2)
    world.days(5)
    few = questions(actor, document)
    story(world, part, 4)
    world.days(5)
    many = questions(actor, document)
    assert grown(few, many) == {}, f"{len(few)} became {len(many)}"
    assert len(many) <= 90


@pytest.mark.parametrize("who", ["customer", "manager"])
def test_a_page_of_parts_with_price_stock_promise_and_fit(world: World, who: str) -> None:
    actor = getattr(world.people, who)
    machine = world.machine(owner=world.people.customer)
    document = LISTED.replace("SERIAL", json.dumps(machine.serial))
    shelf(world, machine, 24)
    few = questions(actor, document.replace("FIRST", "24"))
    shelf(world, machine, 24)
    many = questions(actor, document.replace("FIRST", "48"))
    assert grown(few, many) == {}
    assert len(few) <= 35


def shelf(world: World, machine: Equipment, count: int) -> None:
    """Pumps in stock and on their way, that fit, do not fit, or nobody knows. Each distinct day on its way costs two questions more."""
    for number in range(count):
        part = world.part(home=number % 3, name=f"Pump {number}")
        if number % 2:
            make.make_fitment(part, machine.model, fits=number % 4 == 1, instead=world.part(home=1, name="Seal"))
        make.make_expected(part, world.home, 5, (world.now + timedelta(days=9)).date())


def test_an_order_of_two_hundred_lines(world: World, no_limits: None) -> None:
    def asked(count: int) -> list[str]:
        wanted = [line(world.part(home=9)) for _ in range(count)]
        order = world.place(*wanted, by=world.people.dealer, payment="ACCOUNT")
        document = everything_below(SCHEMA, "order", f"(number: {json.dumps(order.number)})", depth=3)
        return questions(world.people.dealer, document)

    few, many = asked(3), asked(200)
    assert grown(few, many) == {}
    assert len(many) <= 45
