"""Logged out in the middle, no connection, pressed twice: the page says what happened, and nothing is lost or done twice."""

from __future__ import annotations

import re

import pytest

from tests.browser.chromium import People
from tests.browser.looking import violations

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]


def _line_in_cart(page, url: str) -> None:
    page.goto(url + "search/?q=seal")
    page.locator(".results .add button").first.click()
    page.goto(url + "cart/")
    page.select_option("select[name=payment]", "TRANSFER")


def test_logged_out_in_checkout_one_comes_back_to_the_cart_and_nothing_is_ordered(people: People):
    with people.context("other_customer") as window:
        page = window.new_page()
        _line_in_cart(page, people.url)
        lines = page.locator("article.line").count()
        window.clear_cookies(name="sessionid")
        with page.expect_navigation():
            page.get_by_role("button", name=re.compile("^Order for")).click()
        assert "/accounts/login/" in page.url
        assert page.get_by_text("You were logged out").is_visible()
        account = people.account("other_customer")
        page.fill("input[name=login]", account["email"])
        page.fill("input[name=password]", account["password"])
        with page.expect_navigation():
            page.click("main button[type=submit], main form .button")
        assert page.url.endswith("/cart/")
        assert page.locator("article.line").count() == lines


def test_logged_out_while_typing_leads_to_the_log_in_and_back(people: People):
    with people.context("customer") as window:
        page = window.new_page()
        page.goto(people.url + "orders/")
        window.clear_cookies(name="sessionid")
        page.fill("#search", "seal")
        page.wait_for_url("**/accounts/login/?next=/orders/")


def test_without_a_connection_the_page_says_so_and_keeps_what_was_typed(people: People):
    with people.context("customer", width=360) as window:
        page = window.new_page()
        page.goto(people.url + "quick-order/")
        page.fill("textarea[name=text]", "3110-51238 2")
        window.set_offline(True)
        page.keyboard.press("Tab")
        page.click("main form button:not([name])")
        assert page.locator("#lost").is_visible()
        assert page.input_value("textarea[name=text]") == "3110-51238 2"
        assert violations(page) == []
        page.fill("#search", "seal")  # typed into what asks by itself
        page.wait_for_timeout(600)
        assert page.locator("#lost").is_visible()
        window.set_offline(False)
        page.fill("#search", "seal kit")
        page.locator("#suggestions a").first.wait_for()
        assert not page.locator("#lost").is_visible()
        with page.expect_navigation():
            page.click("main form button:not([name])")


def test_pressed_twice_it_is_ordered_once(people: People):
    with people.context("other_customer") as window:
        page = window.new_page()
        page.goto(people.url + "orders/")
        before = set(re.findall(r"/orders/(\d+)/", page.content()))
        _line_in_cart(page, people.url)
        button = page.get_by_role("button", name=re.compile("^Order for"))
        button.evaluate("(one) => { one.click(); one.click(); }")
        page.wait_for_url(re.compile(r"/orders/\d+/"))
        page.goto(people.url + "orders/")
        assert len(set(re.findall(r"/orders/(\d+)/", page.content())) - before) == 1
