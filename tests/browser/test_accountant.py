"""An accountant's days in a browser: a bank's file with a sum nobody can place, a transfer asked after and ended, what is overdue, credit paid out."""

from __future__ import annotations

import re
from typing import Any

import pytest
from rich.console import Console

from tests.browser.chromium import People
from tests.browser.money_acts import act, look, order_one, sum_beside, until
from tests.stories.client import Json
from tests.stories.finding import first_part, part_of
from tests.stories.telling import Teller
from tests.stories.world import World, amount, packed

pytestmark = [pytest.mark.browser, pytest.mark.timeout(900)]


@pytest.fixture(scope="module")
def world(demo: dict[str, Any]) -> World:
    return World.of(demo, Teller(Console(quiet=True)), seed="accountant")


@pytest.fixture(scope="module")
def part(world: World) -> Json:
    """A part on the shelf that any quantity is sold of, to a customer and to a dealer."""
    found = first_part(world, "customer", lambda it: packed(it) == 1 and amount(it["price"]) >= 50 and part_of(world, "dealer", it["number"]), drawn="i")  # fmt: skip
    for role in ("customer", "dealer"):
        world.ready_stock(found["number"], role, 20)
    return found


def test_a_banks_file_books_what_fits_and_a_sum_for_nobody_becomes_credit_that_is_paid_out(
    people: People, world: World, part: Json
) -> None:
    with people.context("customer") as window:
        page = window.new_page()
        number = order_one(page, people.url, f"{part['number']} 2", "TRANSFER")
        asked = sum_beside(page, "Amount")  # what credit has paid of it is not asked for
    order = world.order(number, "customer")
    currency, day = order["total"]["currency"], order["placedAt"][:10]
    company = world.who("customer").me["company"]["name"]
    rows = [
        "date,amount,currency,text",
        f"{day},{asked},{currency},{number}",
        f"{day},7000,{currency},a gift",
    ]
    with people.context("accountant") as window:
        page = window.new_page()
        page.goto(f"{people.url}money/")
        page.get_by_text("Read a bank's statement").click()
        file: Any = {"name": "bank.csv", "mimeType": "text/csv", "buffer": "\n".join(rows).encode()}
        page.set_input_files("input[name=file]", file)
        page.get_by_role("button", name="Read it").click()
        page.get_by_text("1 sum is booked, 1 waits for you.").wait_for()
        look(page, "sum-for-nobody")
        sum_ = page.locator("article", has_text="a gift")
        sum_.get_by_text("Keep as credit, or send back").click()
        sum_.locator("select[name$=company]").select_option(label=company)
        sum_.get_by_role("button", name="Keep as credit").click()
        page.get_by_text("The sum is placed.").wait_for()
        look(page, "sums-placed")
        page.goto(f"{people.url}books/")
        look(page, "accounts")
        page.get_by_role("link", name=company, exact=True).first.click()
        before = sum_beside(page, "Spendable credit")
        act(page, "payout", amount="7000", reason="Bank order 12")
        assert sum_beside(page, "Spendable credit") == before - 7000 >= 0
        look(page, "paid-out")
    assert world.order(number, "customer")["paymentState"] == "PAID"


def test_a_transfer_that_does_not_come_is_asked_after_then_the_order_ends(
    people: People, world: World, part: Json
) -> None:
    number = _by_transfer(people, part)
    world.clock.advance(4 * 24)
    with people.context("customer") as window:
        page = window.new_page()
        page.goto(f"{people.url}notices/")
        until(page, number)
        reminder = (
            page.locator("main").get_by_text(re.compile(f"{number}.*transfer|transfer.*{number}", re.IGNORECASE)).first
        )
        assert reminder.is_visible()
        look(page, "transfer-asked-after")
        world.clock.advance(5 * 24)
        page.goto(f"{people.url}orders/{number}/")
        until(page, "the transfer did not come")
        look(page, "transfer-ended")
    assert world.order(number, "customer")["state"] == "CANCELLED"


def test_what_is_overdue_stands_first_among_the_accounts(people: People, world: World, part: Json) -> None:
    with people.context("dealer") as window:
        number = order_one(window.new_page(), people.url, f"{part['number']} 1", "ACCOUNT")
    with people.context("parts_manager") as window:
        page = window.new_page()
        page.goto(f"{people.url}orders/{number}/")
        if page.locator("details#approve").count():
            act(page, "approve", note="Good payer")
        act(page, "ship", carrier="CJ Logistics")
    world.clock.advance(24 * 70)
    company = world.who("dealer").me["company"]["name"]
    with people.context("accountant") as window:
        page = window.new_page()
        page.goto(f"{people.url}books/")
        row = page.locator("tbody tr").first
        assert company in row.inner_text()
        assert row.locator(".tag.bad").first.is_visible()
        look(page, "overdue")
        row.get_by_role("link").first.click()
        assert page.get_by_text("overdue").first.is_visible()
        look(page, "overdue-account")


def _by_transfer(people: People, part: Json) -> str:
    with people.context("customer") as window:
        return order_one(window.new_page(), people.url, f"{part['number']} 2", "TRANSFER")
