"""The queue by keyboard alone: an order is shipped in three keystrokes once the carrier is known."""

from __future__ import annotations

import pytest

from tests.browser.chromium import People
from tests.browser.looking import sticks_out, violations

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]


def test_an_order_is_shipped_by_j_s_and_enter(people: People):
    with people.context("parts_manager") as window:
        page = window.new_page()
        page.goto(people.url + "queue/")
        page.evaluate("localStorage.setItem('carrier', 'CJ Logistics')")
        page.reload()
        before = page.locator(".job").count()
        page.keyboard.press("j")
        while not page.locator(".job.here .ship").count():
            page.keyboard.press("j")
        number = page.locator(".job.here .what a").inner_text()
        page.keyboard.press("s")
        assert violations(page) == []
        with page.expect_navigation():
            page.keyboard.press("Enter")
        assert page.url.endswith("/queue/")  # back in the queue, not on the order
        assert page.locator(".job").count() == before - 1
        assert page.locator(f"#job-{number}").count() == 0


def test_an_order_that_cannot_leave_points_at_its_reason(people: People):
    with people.context("parts_manager") as window:
        page = window.new_page()
        page.goto(people.url + "queue/")
        page.keyboard.press("j")
        while page.locator(".job.here .ship").count():
            page.keyboard.press("j")
        page.keyboard.press("s")
        assert page.evaluate(
            "document.activeElement.matches('.job.here .why') && document.activeElement.innerText.length > 3"
        )


def test_what_is_to_pick_opens_by_p_on_a_phone_too(people: People):
    with people.context("parts_manager", width=360) as window:
        page = window.new_page()
        page.goto(people.url + "queue/")
        page.keyboard.press("j")
        page.keyboard.press("p")
        assert page.locator(".job.here .picks").is_visible()
        assert sticks_out(page) == []
        page.keyboard.press("p")
        assert not page.locator(".job.here .picks").is_visible()


def test_an_order_is_handed_over_by_one_scan(people: People):
    with people.context("parts_manager") as window:
        page = window.new_page()
        page.goto(people.url + "queue/")
        ready = page.locator(".job:has(details.ship) input[name=order]")
        ready.nth(0).check()
        ready.nth(1).check()
        page.locator("#batch button:not([name])").click()
        codes = page.locator(".slip .coded figcaption").all_inner_texts()
        assert len(codes) > 1
        page.goto(people.url + "scan/")
        page.fill("input[name=carrier]", "CJ Logistics")  # once a day
        page.fill("input[name=code]", codes[0])
        with page.expect_navigation():
            page.keyboard.press("Enter")
        assert "Handed over" in page.locator(".message.success").inner_text()
        page.goto(people.url + "queue/")
        page.keyboard.type(
            codes[1]
        )  # a scanner is a keyboard: it types the code, then Enter, and nobody points at a box before
        with page.expect_navigation():
            page.keyboard.press("Enter")
        assert page.url.endswith("/queue/")
        assert codes[1].split("-")[0] in page.locator(".message.success").inner_text()
        page.goto(people.url + "scan/")
        page.keyboard.type(codes[0])
        with page.expect_navigation():
            page.keyboard.press("Enter")
        assert "already" in page.locator(".error:visible").first.inner_text()
        assert page.input_value("input[name=code]") == codes[0]
        marked = "one => one.value.slice(one.selectionStart, one.selectionEnd)"
        assert page.locator("input[name=code]").evaluate(marked) == codes[0]  # the next scan takes its place
        assert violations(page) == []


def test_bars_are_asked_for_again_while_the_page_is_looked_at(people: People):
    with people.context("customer") as window:
        page = window.new_page()
        page.clock.install()
        page.goto(people.url + "orders/")
        with page.expect_response(lambda one: "/promises/now/" in one.url) as asked:
            page.clock.run_for(61_000)
        assert asked.value.status == 200
        assert page.locator("[data-promise]").count()
