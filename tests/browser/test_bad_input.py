"""What people send by mistake, in a real browser: the page says what happened, and what was typed is still there."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from openpyxl import Workbook

from tests.browser.chromium import People
from tests.browser.looking import sticks_out, violations
from tests.browser.prepared import emptied

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
TYPED = "AB-1 2"
SEND = "main form button:not([name])"
RIGHT_TO_LEFT = "طلب \u202e0815\u202c 🚜"


@pytest.fixture
def page(people: People) -> Iterator[Page]:
    """A quick order with a line typed already."""
    with people.context("other_dealer", width=360) as window:
        opened = window.new_page()
        opened.goto(people.url + "quick-order/")
        opened.fill("textarea[name=text]", TYPED)
        yield opened
        emptied(opened, people.url)


def sheet(*rows: tuple[Any, ...]) -> bytes:
    """A workbook of these rows."""
    book, out = Workbook(), BytesIO()
    for row in rows:
        book.active.append(row)
    book.save(out)
    return out.getvalue()


def bomb() -> bytes:
    """A workbook whose sheet unpacks to two gigabytes of blanks."""
    out = BytesIO()
    with zipfile.ZipFile(BytesIO(sheet(("A-1", 1)))) as given, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for name in given.namelist():
            if not name.startswith("xl/worksheets/"):
                made.writestr(name, given.read(name))
        with made.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as into:
            for _ in range(512):
                into.write(b" " * (4 << 20))
    return out.getvalue()


def refused(page: Page, words: str) -> None:
    """The page says so, keeps what was typed, and is still a good page."""
    assert re.search(words, " ".join(page.locator(".error").all_inner_texts())), page.locator("main").inner_text()[:600]
    assert page.input_value("textarea[name=text]") == TYPED
    assert violations(page) == []
    assert sticks_out(page) == []


def sent(page: Page, file: Any, *, field: str = "file") -> None:
    page.set_input_files(f"input[name={field}]", file)
    with page.expect_navigation(timeout=120_000):
        page.click(SEND)


def test_a_file_of_the_wrong_type_is_named_and_the_list_stays(page: Page) -> None:
    sent(page, {"name": "list.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7\n\x00\xff\x9c binary \x00"})
    refused(page, "table|read")


def test_fifty_megabytes_are_not_kept_and_the_list_stays(page: Page, tmp_path: Path) -> None:
    large = tmp_path / "large.csv"
    large.write_bytes(b"AB-1,2\n" * ((52 << 20) // 7))
    sent(page, large)
    refused(page, "larger than 5 MB")


def test_an_archive_made_to_hurt_is_refused(page: Page) -> None:
    sent(page, {"name": "bomb.xlsx", "mimeType": XLSX, "buffer": bomb()})
    refused(page, ".")


def test_formula_cells_are_told_by_their_place_and_never_run(page: Page) -> None:
    sent(page, {"name": "formula.xlsx", "mimeType": XLSX, "buffer": sheet(("part", "quantity"), ("AB-1", "=1+1"))})
    assert "AB-1 =1+1" in page.locator(".error:visible").first.inner_text()
    assert page.input_value("textarea[name=text]") == f"{TYPED}\nAB-1\t=1+1"


def test_ten_thousand_rows_are_more_than_a_cart_holds_and_stay_to_be_cut(page: Page) -> None:
    rows = "\n".join(f"AB-{number} 1" for number in range(10_000))
    pasted = "(one, text) => { one.value = text; one.dispatchEvent(new Event('input', { bubbles: true })) }"
    page.eval_on_selector("textarea[name=text]", pasted, rows)
    with page.expect_navigation(timeout=120_000):
        page.click(SEND)
    assert "2000" in page.locator(".error:visible").first.inner_text()
    assert page.input_value("textarea[name=text]").replace("\r\n", "\n") == rows


def test_emoji_and_right_to_left_stay_what_they_are(people: People) -> None:
    with people.context("other_dealer", width=360) as window:
        page = window.new_page()
        page.goto(people.url + "search/?q=" + RIGHT_TO_LEFT)
        assert (violations(page), sticks_out(page)) == ([], [])
        emptied(page, people.url)
        page.goto(people.url + "search/?q=seal")
        page.locator(".results .add button").first.click()
        page.goto(people.url + "cart/")
        page.select_option("select[name=payment]", "TRANSFER")
        page.fill("[name=po_number]", RIGHT_TO_LEFT)
        with page.expect_navigation():
            page.get_by_role("button", name=re.compile("^Order for")).click()
        assert RIGHT_TO_LEFT in page.locator("main").inner_text()
        assert (violations(page), sticks_out(page)) == ([], [])


def test_what_is_typed_in_checkout_is_there_after_logging_in_again(people: People) -> None:
    for scripts in (True, False):
        with people.context("other_customer", java_script_enabled=scripts) as window:
            page = window.new_page()
            emptied(page, people.url)
            page.goto(people.url + "search/?q=seal")
            with page.expect_navigation():
                page.locator(".results .add button").first.click()
            page.goto(people.url + "cart/")
            window.clear_cookies(name="sessionid")
            page.fill("[name=po_number]", f"PO-LATE-{scripts}")
            if not page.locator("[name=street]").is_visible():
                page.locator("details summary", has_text="another address").click()
            page.fill("[name=street]", "Late Road 9")
            with page.expect_navigation():
                page.get_by_role("button", name=re.compile("^Order for")).click()
            assert page.get_by_text("What you typed is kept").is_visible()
            account = people.account("other_customer")
            page.fill("input[name=login]", account["email"])
            page.fill("input[name=password]", account["password"])
            with page.expect_navigation():
                page.click("main button[type=submit], main form .button")
            assert page.url.endswith("/cart/")
            assert page.input_value("[name=po_number]") == f"PO-LATE-{scripts}"
            assert page.input_value("[name=street]") == "Late Road 9"
            page.fill("[name=street]", "")  # who comes after begins anew
            with page.expect_navigation():
                page.click("button[name=look]")
            emptied(page, people.url)


def test_who_ships_second_is_told_who_was_first_and_keeps_what_was_typed(people: People) -> None:
    with people.context("parts_manager") as mine, people.context("admin") as theirs:
        slow, quick = mine.new_page(), theirs.new_page()
        slow.goto(people.url + "queue/?group=time")
        job = slow.locator(".job:has(.ship)").first
        number = job.locator(".what a").inner_text()
        job.locator(".ship summary").click()
        job.locator("[name=ship-carrier]").fill("CJ Logistics")
        job.locator("[name=ship-tracking_number]").fill("6301 4482 9910")
        quick.goto(people.url + "queue/?group=time")
        quick.locator(f"#job-{number} .ship summary").click()
        quick.locator(f"#job-{number} [name=ship-carrier]").fill("Hanjin")
        with quick.expect_navigation():
            quick.locator(f"#job-{number} .ship form button").click()
        with slow.expect_navigation():
            job.locator(".ship form button").click()
        told = slow.locator("main").inner_text()
        assert "Administrator" in told
        assert slow.locator("[name=ship-tracking_number]").input_value() == "6301 4482 9910"
        assert violations(slow) == []
