"""An accountant's days in a browser: a transfer asked after and ended, and what is overdue."""

from __future__ import annotations

import re
from typing import Any

import pytest
from rich.console import Console

from tests.browser.chromium import People
from tests.browser.money_acts import act, look, order_one, until
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
