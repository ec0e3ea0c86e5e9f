"""Nothing typed on the cart is lost: not by a log-out, not by a crash, not in another window; and three inputs fill it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.browser.chromium import People

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]


class Hand:
    """Somebody's hand on a page; counts what it does: text typed at one go, a key, a press."""

    def __init__(self, page: Page) -> None:
        self.page, self.inputs = page, 0

    def type(self, words: str) -> None:
        self.inputs += 1
        self.page.keyboard.type(words)

    def key(self, name: str) -> None:
        self.inputs += 1
        self.page.keyboard.press(name)

    def press(self, selector: str) -> None:
        self.inputs += 1
        with self.page.expect_navigation():
            self.page.locator(selector).first.click()


def filled(page: Page, people: People) -> None:
    """A cart with a line in it, open."""
    page.goto(people.url + "search/?q=seal")
    with page.expect_navigation():
        page.locator(".results .add button").first.click()
    page.goto(people.url + "cart/")


def kept(page: Page) -> None:
    """Wait until the server has what was typed."""
    page.wait_for_function("!Object.keys(localStorage).some((one) => one.startsWith('keep:'))")


def test_a_choice_shows_at_once_what_it_changes(people: People) -> None:
    """And what was wrong with the choice before is said no more; the field keeps its focus."""
    with people.context("customer") as window:
        page = window.new_page()
        filled(page, people)
        page.select_option("#id_payment", "NONE")
        page.locator("#next-step .error").first.wait_for()
        page.reload()
        assert page.locator(".field.wrong #id_payment").count() == 1
        page.focus("#id_payment")
        page.select_option("#id_payment", "TRANSFER")
        page.get_by_text("with the reference on the order’s page").wait_for()
        assert page.locator("form[data-keep] .error").count() == 0
        assert page.evaluate("document.activeElement.id") == "id_payment"
        page.locator("#next-step button").first.click()
        page.wait_for_url("**/orders/*/")


def test_a_part_is_found_and_in_the_cart_from_the_first_page_in_three_inputs(people: People) -> None:
    with people.context("customer") as window:
        page = window.new_page()
        page.goto(people.url)
        page.evaluate("document.getElementById('search').focus()")  # where the hand rests: / puts it there
        hand = Hand(page)
        hand.type("seal kit arm")
        hand.key("Enter")
        page.locator(".results .add button").first.wait_for()
        hand.press(".results .add button")
        assert page.locator(".message.success").is_visible()
        assert hand.inputs <= 3


def test_what_is_typed_outlives_a_crash_and_is_there_in_another_window(people: People) -> None:
    with people.context("customer") as window:
        page = window.new_page()
        filled(page, people)
        page.fill("[name=po_number]", "PO-CRASH-1")
        kept(page)
        page.fill("[name=deliver_on]", "2031-05-06")
        page.close(run_before_unload=False)  # gone in the middle of it, before the server heard of the day
        other = window.new_page()
        other.goto(people.url + "cart/")
        assert other.input_value("[name=po_number]") == "PO-CRASH-1"
        assert other.input_value("[name=deliver_on]") == "2031-05-06"
        assert other.locator("#id_deliver_on_error").is_visible()  # nobody promises a day so far away
        other.fill("[name=deliver_on]", "")  # who comes after orders for any day
        kept(other)


def test_two_windows_keep_both_what_was_typed(people: People) -> None:
    with people.context("customer") as window:
        one, two = window.new_page(), window.new_page()
        filled(one, people)
        two.goto(people.url + "cart/")
        one.fill("[name=po_number]", "PO-ONE")
        kept(one)
        two.locator("details summary", has_text="another address").click()
        two.fill("[name=street]", "Road of two 2")
        kept(two)
        one.reload()
        assert one.input_value("[name=po_number]") == "PO-ONE"
        assert one.input_value("[name=street]") == "Road of two 2"
        one.fill("[name=street]", "")  # half an address can be ordered with by nobody who comes after
        kept(one)


def test_a_fix_and_a_session_that_ended_lose_nothing(people: People) -> None:
    with people.context("customer") as window:
        page = window.new_page()
        filled(page, people)
        page.fill("[name=po_number]", "PO-FIX")
        with page.expect_navigation():
            page.locator("article.line button[name=remove]").first.click()
        filled(page, people)
        assert page.input_value("[name=po_number]") == "PO-FIX"
        cookies = window.cookies()
        window.clear_cookies(name="sessionid")
        page.fill("[name=po_number]", "PO-AFTER-THE-END")
        page.wait_for_timeout(900)  # tried, and not taken
        window.add_cookies(cookies)  # type: ignore[arg-type]  # logged in again
        page.goto(people.url + "cart/")
        assert page.input_value("[name=po_number]") == "PO-AFTER-THE-END"
        kept(page)
        page.reload()
        assert page.input_value("[name=po_number]") == "PO-AFTER-THE-END"
