"""What people do about money in a browser, for the tests of it."""

from __future__ import annotations

import re
import time
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

from tests.browser.looking import sticks_out, violations

if TYPE_CHECKING:
    from playwright.sync_api import Page

PHONE, DESK, INTO = 360, 1280, Path("var/screenshots")
PATIENCE = 60.0  # seconds for the demo's worker


def cart_fill(page: Page, url: str, text: str) -> None:
    """The cart holds this line alone."""
    page.goto(f"{url}cart/")
    while page.locator("button[name=remove]").count():
        page.locator("button[name=remove]").first.click()
    page.goto(f"{url}quick-order/")
    page.fill("textarea[name=text]", text)
    page.click("main form .button")
    page.goto(f"{url}cart/")


def order_one(page: Page, url: str, text: str, payment: str) -> str:
    """Order one line as a person would; its number."""
    cart_fill(page, url, text)
    page.select_option("select[name=payment]", payment)
    page.get_by_role("button", name=re.compile("^Order for")).click()
    page.wait_for_url(re.compile("/orders/[^/]+/"))
    return str(re.findall("/orders/([^/]+)/", page.url)[0])


def card_give(page: Page, card: str) -> None:
    page.fill("#test-number", card)
    with page.expect_navigation():
        page.click("#pay button")


def act(page: Page, name: str, **typed: str) -> None:
    """Open a form of the order's page, fill it in, send it."""
    form = page.locator(f"details#{name}")
    form.locator("summary").click()
    for field, value in typed.items():
        form.locator(f"[name={name}-{field}]").fill(value)
    with page.expect_navigation():
        form.locator("form button").click()
    assert page.locator(".message.success").is_visible()


def until(page: Page, words: str) -> None:
    """Load the page again until what a worker does meanwhile shows."""
    patience = time.monotonic() + PATIENCE
    while not page.get_by_text(words).first.is_visible():
        assert time.monotonic() < patience, f"{page.url} does not say: {words}"
        page.wait_for_timeout(500)
        page.reload()


def look(page: Page, name: str, *, mode: str = "light") -> None:
    """A picture narrow and wide; nothing sticks out, and axe-core has nothing to say."""
    INTO.mkdir(parents=True, exist_ok=True)
    page.emulate_media(color_scheme="dark" if mode == "dark" else "light", reduced_motion="reduce")
    for width in (PHONE, DESK):
        page.set_viewport_size({"width": width, "height": 900})
        page.screenshot(path=INTO / f"money-{name}-{width}-{mode}.png", full_page=True)
        assert sticks_out(page) == []
        assert violations(page) == []


def sum_beside(page: Page, words: str) -> Decimal:
    """The sum in the list of sums that stands beside these words."""
    told = page.locator("dt", has_text=re.compile(f"^{words}$")).first.locator("+ dd").inner_text()
    return Decimal(re.sub(r"[^\d.]", "", told))
