"""Money as people meet it: a card refused, good and released; an account over its limit; late days spent; papers and books that agree."""

from __future__ import annotations

import re
import subprocess
import sys
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from pypdf import PdfReader
from rich.console import Console

from tests.browser.chromium import People
from tests.browser.money_acts import act, card_give, cart_fill, look, order_one, sum_beside, until
from tests.stories.client import Json
from tests.stories.demo import environment
from tests.stories.finding import first_part, part_of
from tests.stories.telling import Teller
from tests.stories.world import World, amount, instant, packed, promise_of

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = [pytest.mark.browser, pytest.mark.timeout(900)]
GOOD, REFUSED = "4242 4242 4242 4242", "4000 0000 0000 0341"
LANGUAGES = ("en", "ko", "ja")


@dataclass
class Late:
    """An order shipped three days late: its number, its invoice's, and the credit it earned."""

    number: str
    invoice: str
    credit: Decimal


@pytest.fixture(scope="module")
def world(demo: dict[str, Any]) -> World:
    return World.of(demo, Teller(Console(quiet=True)), seed="money")


@pytest.fixture(scope="module")
def part(world: World) -> Json:
    """A part on the shelf that any quantity is sold of."""
    found = first_part(world, "customer", lambda it: packed(it) == 1 and amount(it["price"]) >= 50, drawn="i")
    world.ready_stock(found["number"], "customer", 50)
    return found


@pytest.fixture(scope="module")
def late(people: People, world: World, part: Json) -> Late:
    """Ordered by transfer on the page, paid, and handed over in the third day after the promised one."""
    world.ready_stock(part["number"], "customer", 50)
    with people.context("customer") as window:
        page = window.new_page()
        number = order_one(page, people.url, f"{part['number']} 20", "TRANSFER")
        page.get_by_role("heading", name="Pay by transfer").wait_for()
        look(page, "transfer")
    with people.context("accountant") as window:
        page = window.new_page()
        page.goto(f"{people.url}orders/{number}/")
        act(page, "paid")
    due = instant(promise_of(world.order(number), "ship")["dueAt"])
    world.clock.past(due + timedelta(days=2, hours=1))
    with people.context("parts_manager") as window:
        page = window.new_page()
        page.goto(f"{people.url}orders/{number}/")
        act(page, "ship", carrier="CJ Logistics")
    world.clock.advance(1)
    seen = world.order(number, "customer")
    assert promise_of(seen, "ship")["daysLate"] == 3
    with people.context("customer") as window:
        page = window.new_page()
        page.goto(f"{people.url}orders/{number}/")
        look(page, "late-order")
        invoice = page.locator("a[href^='/papers/']").filter(has_text="INV").first.inner_text()
    return Late(number, invoice, amount(seen["creditBalance"]))


def test_a_card_is_refused_then_good_then_released(people: People, part: Json) -> None:
    with people.context("customer") as window:
        page = window.new_page()
        number = order_one(page, people.url, f"{part['number']} 5", "CARD")
        assert page.url.endswith(f"/orders/{number}/pay/")
        look(page, "card-asked")
        card_give(page, REFUSED)
        page.get_by_text("Nothing was charged.").wait_for()
        look(page, "card-refused")
        card_give(page, GOOD)
        page.get_by_text("Your card is accepted.").wait_for()
        assert page.url.endswith(f"/orders/{number}/")
        assert page.get_by_text("nothing charged yet").is_visible()
        look(page, "card-reserved")
        act(page, "cancel", reason="Found one in the store room")
        until(page, "released, not charged")
        look(page, "card-released")


def test_an_order_over_the_limit_waits_until_the_manager_approves_it(people: People, world: World, part: Json) -> None:
    with people.context("dealer") as window:
        page = window.new_page()
        page.goto(f"{people.url}account/")
        free = sum_beside(page, "Still free")
        sold = part_of(world, "dealer", part["number"])
        assert sold
        wanted = int(2 * free / amount(sold["price"]))  # many pieces may cost less each
        world.ready_stock(part["number"], "dealer", wanted)
        number = order_one(page, people.url, f"{part['number']} {wanted}", "ACCOUNT")
        assert page.get_by_text("waiting for credit approval").is_visible()
        look(page, "over-the-limit")
    with people.context("parts_manager") as window:
        page = window.new_page()
        page.goto(f"{people.url}orders/{number}/")
        look(page, "to-approve")
        act(page, "approve", note="Good payer")
    order = world.order(number, "dealer")
    assert (order["state"], promise_of(order, "dealer-delivery")["state"]) == ("READY", "RUNNING")
    with people.context("dealer") as window:
        page = window.new_page()
        page.goto(f"{people.url}account/")
        look(page, "account-used")
        look(page, "account-used", mode="dark")


def test_credit_of_late_days_pays_a_part_of_the_next_order(
    people: People, world: World, part: Json, late: Late
) -> None:
    assert late.credit == sum(amount(one["amount"]) for one in world.order(late.number)["credits"]) > 0
    with people.context("customer") as window:
        page = window.new_page()
        page.goto(f"{people.url}account/")
        look(page, "account-with-credit")
        credit = sum_beside(page, "Spendable credit")
        assert credit >= late.credit
        cart_fill(page, people.url, f"{part['number']} 5")
        assert sum_beside(page, "Paid with your credit") == credit
        look(page, "cart-with-credit")
        look(page, "cart-with-credit", mode="dark")
        number = order_one(page, people.url, f"{part['number']} 5", "TRANSFER")
        open_sum = sum_beside(page, "Open")
        look(page, "paid-in-part")
        page.goto(f"{people.url}account/")
        assert sum_beside(page, "Spendable credit") == 0
        look(page, "account")
    assert open_sum == amount(world.order(number, "customer")["total"]) - credit > 0


def test_an_invoice_says_the_same_sums_in_three_languages(people: People, world: World, late: Late) -> None:
    with people.context("customer") as window:
        page = window.new_page()
        page.goto(f"{people.url}invoices/")
        look(page, "invoices")
        told = {one: _printed(page, f"{people.url}papers/{late.invoice}.pdf?language={one}") for one in LANGUAGES}
    sums = {language: sorted(re.findall(r"\d[\d,.]*\d{3}\b", text)) for language, text in told.items()}
    assert sums["en"] == sums["ko"] == sums["ja"] != []
    total = f"{amount(world.order(late.number)['total']):,.0f}"
    assert total in sums["en"]
    assert len(set(told.values())) == len(LANGUAGES)


def test_the_books_agree_after_all_of_it(demo: dict[str, Any]) -> None:
    asked = subprocess.run(
        [sys.executable, "-m", "portal", "ledger_check"],
        env=environment(Path(demo["data"])),
        capture_output=True,
        text=True,
        check=False,
    )
    assert asked.returncode == 0, asked.stdout + asked.stderr
    assert asked.stdout.count(": agrees") == len(asked.stdout.splitlines()) > 0


def _printed(page: Page, address: str) -> str:
    answer = page.request.get(address)
    assert (answer.status, answer.headers["content-type"]) == (200, "application/pdf")
    return " ".join(one.extract_text() for one in PdfReader(BytesIO(answer.body())).pages)
