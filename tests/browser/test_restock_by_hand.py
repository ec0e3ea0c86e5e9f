"""A dealer's restock of two hundred lines, pasted from a spreadsheet: mended by the page's own presses and ordered in less than a minute."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from tests.browser.chromium import People
from tests.browser.prepared import emptied

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]
LINES, WITHIN, MOST_PRESSES = 200, 60.0, 9
# Seconds as the keystroke-level model has them (Card, Moran, Newell 1980): point and press, a key, a thought before each press; and a
# look over the whole before it is ordered.
POINT, KEY, THOUGHT, LOOK = 1.1, 0.28, 1.35, 5.0


class Hand:
    """Presses and counts; `spent`: seconds of the person, waiting for pages included."""

    def __init__(self, page: Page) -> None:
        self.page, self.presses, self.spent = page, 0, 0.0

    def press(self, thing: Locator) -> None:
        """Point at it and press; the page that follows is waited for."""
        self.presses += 1
        self.spent += POINT + THOUGHT
        self._waiting(thing.click)

    def paste(self, thing: Locator, text: str) -> None:
        """Press into the box, then the two keys; it comes as one change, as from a clipboard."""
        self.presses += 1
        self.spent += POINT + 2 * KEY
        thing.click()
        thing.evaluate(
            "(one, text) => { one.value = text; one.dispatchEvent(new Event('input', { bubbles: true })) }", text
        )

    def _waiting(self, act: Callable[[], None]) -> None:
        began = time.perf_counter()
        with self.page.expect_navigation(timeout=120_000):
            act()
        self.spent += time.perf_counter() - began


def test_two_hundred_lines_are_ordered_within_a_minute_of_a_persons_time(people: People) -> None:
    with people.context("other_dealer") as window:
        page = window.new_page()
        emptied(page, people.url)
        numbers: list[str] = []
        for place in range(1, 12):
            page.goto(f"{people.url}search/?page={place}")
            numbers += page.locator(".results td:first-child a").all_inner_texts()
        wanted = [f"{number}\t{1 + place % 5}" for place, number in enumerate(numbers[: LINES - 2])]
        rows = [
            *wanted,
            "NO-SUCH-NUMBER\t2",
            f"{numbers[0]}\t5000",
        ]  # one is mistyped, of one more is wanted than there is
        assert len(rows) == LINES
        page.goto(people.url)
        hand = Hand(page)
        hand.press(page.locator("nav a[href='/quick-order/']"))
        hand.paste(page.locator("textarea[name=text]"), "\n".join(rows))
        hand.press(page.locator("main form button:not([name])"))
        while page.locator("button[name=kind]").count():  # all lines of a kind are mended with one press
            hand.press(page.locator("button[name=kind]").first)
        assert not page.locator("article.line .error").count()
        hand.spent += LOOK
        hand.press(page.get_by_role("button", name=re.compile("^Order for")))
        assert re.search(r"/orders/\d+/", page.url)
        assert page.locator("main table td.wide .number").count() > LINES * 0.8
        assert hand.presses <= MOST_PRESSES
        assert hand.spent < WITHIN
