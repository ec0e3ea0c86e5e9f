"""Pages after something went wrong: refused forms, wrong codes, nothing typed. Accessible too, narrow and wide, in light and dark."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from tests.browser.chromium import People
from tests.browser.looking import PHONE, accessible

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600), pytest.mark.usefixtures("prepared")]


def _send(page: Page, form: str = "main form", **typed: str) -> None:
    """Fill the fields and send the form, past the browser's own checks."""
    for name, value in typed.items():
        page.fill(f"{form} [name={name}]", value)
    with page.expect_navigation():
        page.eval_on_selector(
            form, "(one) => { one.noValidate = true; one.querySelector('button:not([type=button])').click() }"
        )


def _address(page: Page) -> None:
    """Half an address, in a country that there is not."""
    with page.expect_navigation():
        page.locator(".results .add button").first.click()
    page.goto(page.url.split("/search/")[0] + "/cart/")
    page.locator("details summary", has_text="another address").click()
    page.select_option("[name=company]", index=1)
    page.fill("[name=street]", "x")
    page.fill("[name=country]", "XX")
    with page.expect_navigation():
        page.click("button[name=look]")


STATES: dict[str, tuple[str, str, Callable[[Page], None]]] = {
    "wrong password": ("", "/accounts/login/", lambda page: _send(page, login="parts@hangyeol.example", password="no")),
    "list unreadable": ("other_dealer", "/quick-order/", lambda page: _send(page, text="A-1 many\nB-2 none")),
    "question empty": ("customer", "/ask/", lambda page: _send(page, words="")),
    "list without name": ("customer", "/lists/new/", lambda page: _send(page, name="", text="A-1 2")),
    "machine unknown": ("customer", "/machines/register/", _send),
    "address wrong": ("admin", "/search/?q=seal", _address),
    "member without e-mail": ("customer", "/team/", lambda page: _send(page, "main aside form")),
    "code nobody has": ("parts_manager", "/scan/", lambda page: _send(page, "main form", carrier="CJ", code="99999-XXX")),
    "import without file": ("parts_manager", "/imports/new/", _send),
    "goods of no part": ("parts_manager", "/goods-in/", _send),
    "refused without reason": ("approver", "/reviews/", lambda page: _send(page, "#decide")),
    "sum of no order": ("accountant", "/money/", lambda page: _send(page, "article form")),
    "card without machine": ("service_desk", "/cards/", lambda page: _send(page, "details.act form")),
}  # fmt: skip


@pytest.mark.parametrize("name", STATES)
def test_a_refusal_is_as_good_a_page_as_any(people: People, name: str) -> None:
    who, path, act = STATES[name]
    with people.context(who, width=PHONE) as window:
        page = window.new_page()
        page.goto(people.url + path.lstrip("/"))
        act(page)
        assert page.locator(".error, .message").count()
        assert accessible(page) == {}
