"""Every page: accessible in light and dark, narrow and wide; light, still, quiet, and no wider than a phone."""

from __future__ import annotations

import pytest

from tests.browser.chromium import People
from tests.browser.looking import PHONE, Watch, accessible, sticks_out, violations
from tests.browser.sights import SIGHTS, Sight

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600), pytest.mark.usefixtures("prepared")]
MOST_BYTES, MOST_SHIFT = 60_000, 0.02


@pytest.mark.parametrize("sight", SIGHTS, ids=lambda one: one.name)
def test_a_page_is_light_still_and_quiet_when_first_seen_and_accessible_in_every_dress(people: People, sight: Sight):
    with people.context(sight.who, width=PHONE) as window:
        page = window.new_page()
        sight.open(page, people.url)
        address = page.url
        page.close()
        page = window.new_page()
        watch = Watch(page)
        page.goto(address, wait_until="networkidle")
        expected = [f"status of {sight.status}"] if sight.status != 200 else []
        assert [said for said in watch.complaints if not any(one in said for one in expected)] == []
        assert watch.weight < MOST_BYTES
        assert watch.shift < MOST_SHIFT
        assert accessible(page) == {}


def test_the_rules_find_what_is_wrong(people: People):
    with people.context("", width=PHONE) as window:
        page = window.new_page()
        page.goto(people.url + "accounts/login/")
        page.evaluate("document.querySelector('main').insertAdjacentHTML('beforeend', '<img src=\"/x\"><input><div>')")
        page.evaluate(
            "document.querySelector('main > div:last-child').setAttribute('style', 'width: 500px; height: 9px')"
        )
        found = " ".join(violations(page))
        assert "image-alt" in found
        assert "label" in found
        assert sticks_out(page)
