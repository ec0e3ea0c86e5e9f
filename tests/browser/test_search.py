"""Search by keyboard: results while typing, number first, back again, and into the cart in three inputs."""

from __future__ import annotations

import pytest

from tests.browser.chromium import People
from tests.browser.looking import sticks_out, violations

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]


def test_from_any_page_a_number_is_suggested_while_it_is_typed(people: People):
    with people.context("customer", width=360) as window:
        page = window.new_page()
        page.goto(people.url + "search/?q=seal")
        number = page.locator(".results .number").first.inner_text()
        page.goto(people.url + "orders/")
        page.keyboard.press("/")
        page.keyboard.type(number[:-1], delay=20)
        page.locator("#suggestions a").first.wait_for()
        assert violations(page) == []
        assert sticks_out(page) == []
        page.keyboard.press("ArrowDown")
        page.keyboard.press("Enter")
        page.wait_for_url("**/parts/*/**")
        page.go_back()
        assert page.url.endswith("/orders/")


def test_the_search_page_shows_results_while_typing_and_back_leads_where_one_was(people: People):
    with people.context("customer") as window:
        page = window.new_page()
        page.goto(people.url + "orders/")
        page.goto(people.url + "search/")
        page.keyboard.press("/")
        page.keyboard.type("seal kit", delay=60)
        page.wait_for_url(lambda url: url.endswith("?q=seal%20kit"))
        page.get_by_role("heading", name="seal kit").wait_for()
        assert page.evaluate("document.activeElement.id") == "search"
        page.go_back()
        assert page.url.endswith("/orders/")


def test_a_part_is_in_the_cart_after_three_inputs(people: People):
    with people.context("customer") as window:
        page = window.new_page()
        page.goto(people.url)
        page.fill("#search", "seal kit arm")  # one: typed
        page.keyboard.press("Enter")  # two
        page.locator(".results .add button").first.wait_for()
        with page.expect_navigation():
            page.locator(".results .add button").first.click()  # three
        assert page.locator(".message.success").is_visible()


def test_arrows_walk_the_results_and_enter_adds_the_part(people: People):
    with people.context("customer") as window:
        page = window.new_page()
        page.goto(people.url + "search/?q=seal")
        second = page.locator(".results .number").nth(1).inner_text()
        page.keyboard.press("/")
        page.keyboard.press("ArrowDown")
        page.keyboard.press("ArrowDown")
        assert second in (page.evaluate("document.activeElement.getAttribute('aria-label')") or "")
        with page.expect_navigation():
            page.keyboard.press("Enter")
        assert second in page.locator(".message.success").inner_text()


def test_a_search_that_takes_longer_is_seen_to_be_on_its_way(people: People):
    with people.context("customer") as window:
        page, held = window.new_page(), []
        page.goto(people.url + "orders/")
        page.route("**/search/suggest**", lambda route: held.append(route))  # noqa: PLW0108  Playwright marks the function
        page.fill("#search", "seal")
        page.locator("#search").press_sequentially("s")
        page.wait_for_function("Number(getComputedStyle(document.getElementById('search')).opacity) < 1")
        held[-1].continue_()
        page.wait_for_function("Number(getComputedStyle(document.getElementById('search')).opacity) === 1")


def test_search_works_without_javascript(people: People):
    with people.context("customer", java_script_enabled=False) as window:
        page = window.new_page()
        page.goto(people.url)
        page.fill("#search", "seal")
        with page.expect_navigation():
            page.keyboard.press("Enter")
        assert page.locator(".results .number").count()
        with page.expect_navigation():
            page.locator(".results .add button").first.click()
        assert page.locator(".message.success").is_visible()
