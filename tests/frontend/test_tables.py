"""Tables as files: whose they are, in whose words, and that nothing in them runs."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.test import Client

from catalog.models import Part
from frontend.exports import batched, safe
from frontend.views.exports import EXPORTS
from orders.services.holding import order_hold
from portal.accounts.models import Company, User
from tests.frontend.conftest import browser
from tests.many_orders import orders_copied
from tests.orders.world import World, line, promise

PEOPLE = ("customer", "dealer", "manager", "desk", "approver", "accountant", "technician", "admin")
HOUSE = {
    "queue": {"manager", "admin"},
    "holds": {"manager", "desk", "accountant", "admin"},
    "stock": {"manager", "admin"},
    "movements": {"manager", "admin"},
    "reorder": {"manager", "admin"},
    "promises": {"manager", "admin"},
    "accounts": {"manager", "desk", "approver", "accountant", "admin"},
    "reviews": {"approver", "admin"},
    "refusals": {"manager", "admin"},
    "sums": {"accountant", "admin"},
    "imports": {"manager", "admin"},
    "store": {"manager", "admin"},
    "enquiries": {"customer", "dealer", "manager", "desk", "admin"},
    "ledger": {"customer", "dealer", "manager", "desk", "approver", "accountant", "admin"},
}

OF_WORK = {
    "reviews",
    "refusals",
    "sums",
    "enquiries",
    "requests",
    "backorders",
    "restock",
    "imports",
    "store",
    "ledger",
    "people",
    "tokens",
    "lists",
}


def rows(client: Client, address: str) -> list[list[str]]:
    answer: Any = client.get(address)
    assert answer.status_code == 200, address
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    body = b"".join(answer.streaming_content).decode()
    assert body.startswith("\ufeff")
    return list(csv.reader(io.StringIO(body[1:])))


@pytest.mark.parametrize("role", PEOPLE)
def test_a_table_is_there_for_whom_its_page_is(world: World, part: Part, role: str) -> None:
    client = browser(getattr(world.people, role))
    seen = {name: client.get(f"/tables/{name}.csv").status_code == 200 for name in EXPORTS}
    assert seen == {name: role in HOUSE.get(name, PEOPLE) for name in EXPORTS}
    assert client.get("/tables/nothing.csv").status_code == 404


def test_every_table_has_a_heading_for_every_cell(world: World, part: Part) -> None:
    world.machine(part)
    held = world.paid(line(part))
    order_hold(actor=world.people.manager, order_id=held.pk, reason="CUSTOMER_ASKED", note="=1+1", now=world.now)
    world.ship(world.paid(line(part)))
    world.place(line(part), by=world.people.dealer, payment="ACCOUNT")
    world.days(4)
    manager, full = browser(world.people.admin), []
    for name in EXPORTS:
        table = rows(manager, f"/tables/{name}.csv")
        assert {len(row) for row in table} == {len(EXPORTS[name].columns)}, name
        full += [name] * (len(table) > 1)
    assert set(EXPORTS) - set(full) <= {"cards", "reorder"} | OF_WORK  # nothing of these is in this world


def test_a_buyer_gets_its_own_rows_alone(world: World, part: Part) -> None:
    mine, theirs = world.paid(line(part)), world.paid(line(part), by=world.people.other)
    world.ship(mine)
    world.ship(theirs)
    for name, column in (("orders", 0), ("invoices", 4)):
        found = {row[column] for row in rows(browser(world.people.customer), f"/tables/{name}.csv")[1:]}
        assert found == {mine.number}, name
        everything = {row[column] for row in rows(browser(world.people.accountant), f"/tables/{name}.csv")[1:]}
        assert everything == {mine.number, theirs.number}


def test_it_is_written_in_the_readers_words(world: World, part: Part) -> None:
    world.ship(world.paid(line(part)))
    heads = {}
    for code in ("en", "ko", "ja"):
        User.objects.update(language=code)
        table = rows(browser(world.people.customer), "/tables/orders.csv")
        heads[code] = (table[0][0], table[1][3])
    assert heads["en"] == ("Order", "shipped")
    assert len(set(heads.values())) == 3


def test_moments_are_those_of_the_readers_zone(world: World, part: Part) -> None:
    world.paid(line(part))
    assert rows(browser(world.people.customer), "/tables/orders.csv")[1][1] == "2026-11-23 10:00"
    Company.objects.update(zone="UTC")
    assert rows(browser(world.people.customer), "/tables/orders.csv")[1][1] == "2026-11-23 01:00"


def test_a_cell_that_begins_like_a_formula_is_text() -> None:
    assert safe("　=1") == "'　=1"


def test_numbers_stay_numbers() -> None:
    assert [safe(one) for one in (-3, 0, None, "x-1")] == [-3, 0, "", "x-1"]
    assert [safe(Decimal(one)) for one in ("1E+4", "-0.10", "5", "9000.000", "0.000")] == [
        "10000",
        "-0.1",
        "5",
        "9000",
        "0",
    ]


def test_a_name_that_would_run_does_not(world: World, part: Part) -> None:
    Company.objects.filter(pk=world.people.customer.company_id).update(name="=cmd|' /C calc'!A0")
    world.paid(line(part))
    assert rows(browser(world.people.manager), "/tables/orders.csv")[1][2].startswith("'=cmd")


def test_a_table_is_sent_while_it_is_read(world: World, part: Part) -> None:
    order = world.paid(line(part))
    orders_copied(order, 450)
    answer: Any = browser(world.people.manager).get("/tables/queue.csv")
    stream: Iterator[bytes] = iter(answer.streaming_content)
    next(stream)
    assert len(list(stream)) == 451


def test_a_table_is_narrowed_as_its_page_is(world: World, part: Part) -> None:
    late = world.paid(line(part))
    world.days(4)
    world.paid(line(part))
    assert [row[0] for row in rows(browser(world.people.manager), "/tables/queue.csv?group=late")[1:]] == [late.number]
    assert rows(browser(world.people.manager), "/tables/stock.csv?q=none")[1:] == []


def test_a_table_names_the_day_a_promise_is_due_not_the_midnight_after_it(world: World, part: Part) -> None:
    order = world.paid(line(part))
    due = promise(order)
    [head, row] = rows(browser(world.people.manager), "/tables/queue.csv")
    assert due.due_at is not None
    assert (
        row[head.index("Due")] == (due.due_at - timedelta(seconds=1)).astimezone(ZoneInfo(due.zone)).date().isoformat()
    )


def test_rows_come_in_lists() -> None:
    assert list(batched(range(5), 2)) == [[0, 1], [2, 3], [4]]
