"""What a fresh demo has not, made as people make it: carts with good and bad lines, a saved list, a link, a request, an import that waits."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from tests.browser.chromium import People

if TYPE_CHECKING:
    from playwright.sync_api import Page

_PARTS = b"part_number,name,status\nZZ-0001,Pump,\nZZ-0002,Hose,\n,nameless,\nZZ-0003,Bolt,wrong\n"


def prepare(people: People) -> None:
    """Make it, where it is not there yet."""
    for who in ("customer", "dealer"):
        with _page(people, who) as page:
            _cart(page, people.url)
    with _page(people, "customer") as page:
        _list(page, people.url)
        _link(page, people.url)
    with _page(people, "other_dealer") as page:
        _request(page, people.url)
    with _page(people, "parts_manager") as page:
        _import(page, people.url)


@contextmanager
def _page(people: People, who: str) -> Iterator[Page]:
    with people.context(who) as window:
        yield window.new_page()


def _numbers(page: Page, url: str) -> list[str]:
    page.goto(f"{url}search/?q=seal")
    return page.locator(".results td:first-child a").all_inner_texts()[:6]


def _cart(page: Page, url: str) -> None:
    """Some lines as they come out of a spreadsheet: good ones, too many pieces, and a number nobody has."""
    page.goto(f"{url}cart/")
    if page.locator("article.line").count():
        return
    numbers = _numbers(page, url)
    page.goto(f"{url}quick-order/")
    page.fill("textarea[name=text]", "\n".join([*numbers, f"{numbers[0]}\t900", "NO-SUCH-NUMBER 1"]))
    page.click("main form .button")


def _list(page: Page, url: str) -> None:
    page.goto(f"{url}lists/")
    if page.locator("main td a").count():
        return
    numbers = _numbers(page, url)
    page.goto(f"{url}lists/new/")
    page.fill("[name=name]", "Every spring")
    page.fill("[name=text]", "\n".join(f"{one}\t2" for one in numbers))
    page.click("main form .button")


def _link(page: Page, url: str) -> None:
    """For the receiver of the first order of the list."""
    page.goto(f"{url}orders/")
    first = page.locator("a[href^='/orders/1']").first.get_attribute("href")
    page.goto(url + str(first).lstrip("/"))
    if page.locator("#link").count():
        page.click("#link > summary")
        page.click("#link form button")


def _request(page: Page, url: str) -> None:
    """Over one's limit a colleague is asked."""
    page.goto(f"{url}requests/")
    if page.locator("main td a").count():
        return
    page.goto(f"{url}team/")
    own = page.locator("main td a").first.get_attribute("href")
    emptied(page, url)
    page.goto(f"{url}search/?q=seal")
    with page.expect_navigation():
        page.locator(".results .add button").first.click()
    _limit(page, url, own, "1")
    page.goto(f"{url}cart/")
    page.click("button[name=ask]")
    _limit(page, url, own, "")


def emptied(page: Page, url: str) -> None:
    """Take every line out of the cart."""
    page.goto(f"{url}cart/")
    while page.locator("button[name=remove]").count():
        with page.expect_navigation():
            page.locator("button[name=remove]").first.click()


def _limit(page: Page, url: str, own: str | None, limit: str) -> None:
    page.goto(url + str(own).lstrip("/"))
    page.fill("[name=order_limit]", limit)
    with page.expect_navigation():
        page.locator("main form .button").first.click()


def _import(page: Page, url: str) -> None:
    """Judged, and not applied."""
    page.goto(f"{url}imports/")
    if not page.locator("main td a").count():
        page.goto(f"{url}imports/new/")
        page.set_input_files("[type=file]", {"name": "parts.csv", "mimeType": "text/csv", "buffer": _PARTS})
        with page.expect_navigation(wait_until="commit"):  # the page that follows looks again and again by itself
            page.click("main form .button")
        page.goto(f"{url}imports/")
    for _ in range(120):
        if not page.locator("main td .tag.warn").count():
            return
        page.wait_for_timeout(1000)
        page.goto(f"{url}imports/")
