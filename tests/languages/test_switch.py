"""The switch of languages: pressed once, remembered on pages and in letters; a first visit reads what the browser asks for."""

from __future__ import annotations

import pytest
from django.test import Client

from tests.frontend.conftest import browser, person, text, world  # noqa: F401  a fixture
from tests.orders.world import World


def _press(client: Client, code: str) -> None:
    assert client.post("/i18n/setlang/", {"language": code, "next": "/orders/"}).headers["Location"] == "/orders/"


def _reads(client: Client, address: str = "/orders/", **headers: str) -> str:
    page = text(client.get(address, headers=headers))
    return page.split('<html lang="')[1][:2]


@pytest.mark.django_db
@pytest.mark.parametrize(("asked", "read"), [("ja,en;q=0.5", "ja"), ("ko-KR", "ko"), ("de", "en"), ("", "en")])
def test_a_first_visit_reads_what_the_browser_asks_for(asked: str, read: str):
    assert _reads(Client(), "/accounts/login/", accept_language=asked) == read


@pytest.mark.django_db
def test_a_visitors_choice_is_kept_by_a_cookie():
    client = Client()
    client.post("/i18n/setlang/", {"language": "ko", "next": "/accounts/login/"})
    assert _reads(client, "/accounts/login/", accept_language="ja") == "ko"


def test_a_choice_is_kept_in_the_account_and_follows_to_another_device(world: World):  # noqa: F811
    _press(browser(world.people.customer), "ja")
    assert person(world.people.customer).language == "ja"
    assert _reads(browser(world.people.customer), accept_language="ko") == "ja"


def test_the_account_rules_over_what_somebody_pressed_before_on_this_device(world: World):  # noqa: F811
    first = browser(world.people.customer)
    _press(first, "ja")
    second = browser(world.people.other)
    second.cookies["django_language"] = first.cookies["django_language"].value
    assert _reads(second) == "en"


def test_what_is_pressed_on_the_log_in_page_is_kept_in_the_account(world: World):  # noqa: F811
    user = person(world.people.customer)
    user.set_password("a long enough secret")
    user.save()
    client = Client()
    client.post("/i18n/setlang/", {"language": "ko", "next": "/accounts/login/"})
    client.post("/accounts/login/", {"login": user.email, "password": "a long enough secret"})
    assert _reads(client) == "ko"
    user.refresh_from_db()
    assert user.language == "ko"


def test_a_language_the_portal_does_not_speak_changes_nothing(world: World):  # noqa: F811
    client = browser(world.people.customer)
    _press(client, "de")
    assert person(world.people.customer).language == "en"
    assert _reads(client) == "en"


@pytest.mark.parametrize("signed_in", [True, False])
def test_every_page_offers_each_language_in_its_own_name(world: World, signed_in: bool):  # noqa: F811
    page = text(browser(world.people.customer).get("/orders/") if signed_in else Client().get("/accounts/login/"))
    assert [name in page for name in ("English", "한국어", "日本語")] == [True] * 3
