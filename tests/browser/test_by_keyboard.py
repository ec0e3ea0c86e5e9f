"""The stories by keyboard alone and without JavaScript: a part found and ordered, a list ordered, an order shipped, a line decided, a card opened."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest

from tests.browser.chromium import People

if TYPE_CHECKING:
    from playwright.sync_api import Page, Route

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]
MOST_TABS = 150
BOTH = pytest.mark.parametrize("scripts", [True, False], ids=["keyboard", "no JavaScript"])


@contextmanager
def window(people: People, who: str, scripts: bool) -> Iterator[Page]:
    """A page of somebody's; nothing in these tests touches a mouse."""
    with people.context(who, java_script_enabled=scripts) as opened:
        yield opened.new_page()


def tab_to(page: Page, selector: str) -> None:
    """Press Tab until the thing has the focus, as somebody without a mouse does."""
    for _ in range(MOST_TABS):
        if page.locator(selector).first.evaluate("(one) => one === document.activeElement"):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"no way to {selector} by Tab on {page.url}")


def press(page: Page, selector: str, key: str = "Enter") -> None:
    """Go there by Tab and press; the next page is waited for."""
    tab_to(page, selector)
    with page.expect_navigation():
        page.keyboard.press(key)


def type_into(page: Page, selector: str, text: str) -> None:
    tab_to(page, selector)
    page.keyboard.press("Control+a")
    page.keyboard.type(text)


def emptied(page: Page, url: str) -> None:
    page.goto(url + "cart/")
    while page.locator("button[name=remove]").count():
        press(page, "button[name=remove]")


@BOTH
def test_a_part_is_found_and_ordered(people: People, scripts: bool):
    with window(people, "customer", scripts) as page:
        emptied(page, people.url)
        page.goto(people.url)
        type_into(page, "#search", "seal kit arm")
        with page.expect_navigation():
            page.keyboard.press("Enter")
        press(page, ".results .add button")
        page.goto(people.url + "cart/")
        tab_to(page, "select[name=payment]")
        page.keyboard.type("bank transfer")
        press(page, "button:text-matches('^Order for')")
        assert re.search(r"/orders/\d+/", page.url)


@BOTH
def test_a_dealer_orders_a_pasted_list(people: People, scripts: bool):
    with window(people, "dealer", scripts) as page:
        emptied(page, people.url)
        page.goto(people.url + "search/?q=seal")
        numbers = page.locator(".results td:first-child a").all_inner_texts()[:3]
        page.goto(people.url + "quick-order/")
        type_into(page, "textarea[name=text]", "\n".join(numbers))
        press(page, "main form button:not([name])")
        assert page.locator("article.line").count() == 3
        press(page, "button:text-matches('^Order for')")
        assert re.search(r"/orders/\d+/", page.url)


@BOTH
def test_an_order_is_shipped_from_the_queue(people: People, scripts: bool):
    with window(people, "parts_manager", scripts) as page:
        page.goto(people.url + "queue/")
        job = page.locator(".job:has(.ship)").first.get_attribute("id")
        tab_to(page, f"#{job} .ship summary")
        page.keyboard.press("Enter")
        type_into(page, f"#{job} input[name=ship-carrier]", "CJ Logistics")
        press(page, f"#{job} .ship form button")
        assert page.locator(f"#{job}").count() == 0


def test_a_key_pressed_while_the_next_line_is_on_its_way_decides_nothing(people: People):
    with window(people, "approver", scripts=True) as page:
        page.goto(people.url + "reviews/")
        many, first = page.locator("[data-stop]").count(), page.locator("article").get_attribute("id")
        held: list[Route] = []
        page.route("**/reviews/?line=*", lambda route: held.append(route))  # noqa: PLW0108  (Playwright marks its handler)
        with page.expect_request("**/reviews/?line=*"):
            page.keyboard.press("j")
        page.keyboard.press("a")  # meant for the next line, which is not here yet
        with page.expect_navigation():
            held[0].continue_()
        assert page.locator("article").get_attribute("id") != first
        assert page.locator("[data-stop]").count() == many > 1


def test_a_line_is_decided_by_one_key_and_the_next_stands_there(people: People):
    with window(people, "approver", scripts=True) as page:
        page.goto(people.url + "reviews/")
        first = page.locator("article").get_attribute("id")
        page.keyboard.press("r")
        assert page.evaluate("document.activeElement.name").endswith("note")
        page.keyboard.press("Escape")
        with page.expect_navigation():
            page.keyboard.press("a")
        assert page.locator(".message.success").is_visible()
        assert page.locator("article").get_attribute("id") != first


def test_a_line_is_decided_without_javascript(people: People):
    with window(people, "approver", scripts=False) as page:
        page.goto(people.url + "reviews/")
        type_into(page, "#decide [name$=note]", "worn, not broken")
        press(page, "#decide [name=refuse]")
        assert page.locator(".message.success").is_visible()


@BOTH
def test_a_caller_gets_a_card(people: People, scripts: bool):
    with window(people, "service_desk", scripts) as page:
        page.goto(people.url + "desk/")
        type_into(page, "#caller", "031-555-0110")
        with page.expect_navigation():
            page.keyboard.press("Enter")
        press(page, "a:text-is('Open a card')")
        type_into(page, "textarea[name=card-fault]", "Does not turn")
        press(page, "#card form button")
        assert page.get_by_text(re.compile(r"Repair card RC-\d+ is open")).is_visible()


def test_the_board_is_walked_and_a_card_moved_on_by_keys(people: People):
    with window(people, "service_desk", scripts=True) as page:
        page.goto(people.url + "cards/")
        page.keyboard.press("j")
        number = page.locator(".tile:focus-within a").first.inner_text()
        page.keyboard.press("m")
        with page.expect_navigation():
            page.keyboard.press("Enter")
        assert page.url.endswith("/cards/")
        assert page.locator("section[aria-labelledby=CONFIRMED]", has_text=number).count() == 1
        page.keyboard.press("l")
        assert page.evaluate("document.activeElement.className").startswith("number")


def test_a_card_is_one_sheet_of_a4(people: People):
    with window(people, "service_desk", scripts=True) as page:
        page.goto(people.url + "cards/")
        page.goto(people.url + str(page.locator(".tile a").first.get_attribute("href")).lstrip("/") + "sheet/")
        printed = page.pdf(prefer_css_page_size=True)
        assert len(re.findall(rb"/Type\s*/Page\b", printed)) == 1
        assert re.search(rb"/MediaBox\s*\[0 0 59[45][.\d]* 84[12]", printed)
