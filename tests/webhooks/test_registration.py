"""A token is believed only from the store we expect, once it has proved itself there, and never in place of a living one."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from portal import clock
from portal.saleor import registration, services
from portal.saleor.models import Connection
from portal.saleor.registration import RegistrationRefused, registration_expect
from portal.saleor.secrets import unseal
from portal.webhooks.models import Delivery, DeliveryState
from tests.webhooks.the_store import TheStore


@pytest.fixture
def expected(store: TheStore, settings: Any) -> TheStore:
    """The settings name the store."""
    settings.SALEOR_API_URL = settings.SALEOR_PUBLIC_API_URL = store.api_url
    return store


def register(store: TheStore, token: str, *, ticket: str = "", told: str = "") -> Any:
    """The store's request; it carries no signature."""
    path = "/saleor/register/" + (f"?ticket={ticket}" if ticket else "")
    body = json.dumps({"auth_token": token})
    headers = {"Saleor-Api-Url": told or store.api_url}
    return Client().post(path, body, content_type="application/json", headers=headers)


def code(answer: Any) -> str:
    return answer.json()["error"]["code"]


def refusals() -> list[str]:
    return list(Delivery.objects.filter(state=DeliveryState.REFUSED).values_list("note", flat=True))


def test_a_token_that_proves_itself_is_kept_and_sealed(expected: TheStore):
    answer = register(expected, expected.app_make("good"))
    assert (answer.status_code, answer.json()) == (200, {"success": True})
    kept = Connection.objects.get()
    assert (kept.app_id, kept.version, unseal(kept.token_sealed)) == ("QXBwOjE=", "3.23.28", "good")
    assert services.app_of(services.client())["id"] == "QXBwOjE="


def test_another_store_is_not_even_asked(expected: TheStore):
    answer = register(expected, "good", told="http://elsewhere.test/graphql/")
    assert (answer.status_code, code(answer)) == (403, "UNKNOWN_STORE")
    assert (expected.asked, refusals()) == ([], ["UNKNOWN_STORE"])


def test_without_a_store_in_the_settings_nobody_registers(store: TheStore):
    assert code(register(store, store.app_make("good"))) == "UNKNOWN_STORE"
    assert not Connection.objects.exists()


def test_a_token_the_store_does_not_know_is_refused(expected: TheStore):
    assert code(register(expected, "made up")) == "NOT_PROVEN"
    assert not Connection.objects.exists()


@pytest.mark.parametrize("token", ["", "x" * 201, "two\nlines", "ümlaut"])
def test_what_cannot_be_a_token_never_reaches_the_store(expected: TheStore, token: str):
    assert code(register(expected, token)) == "NOT_PROVEN"
    assert expected.asked == []


def test_the_token_of_another_app_is_refused(expected: TheStore):
    assert code(register(expected, expected.app_make("theirs", "QXBwOjI=", "somebody.else"))) == "OTHER_APP"


def test_a_version_we_do_not_know_is_refused(expected: TheStore):
    expected.version = "3.25.0"
    assert code(register(expected, expected.app_make("good"))) == "VERSION"


def test_a_store_that_does_not_answer_is_asked_to_come_again(expected: TheStore):
    expected.away = True
    answer = register(expected, "good")
    assert (answer.status_code, code(answer)) == (503, "STORE_AWAY")


def test_a_registration_sent_once_more_changes_nothing(expected: TheStore):
    expected.app_make("good")
    register(expected, "good")
    before = Connection.objects.values().get()
    again = register(expected, "good")
    assert (again.status_code, code(again)) == (409, "CONNECTED")
    assert Connection.objects.values().get() == before


def test_a_second_app_does_not_replace_a_living_connection(connection: Connection, expected: TheStore):
    assert code(register(expected, expected.app_make("second", "QXBwOjI="))) == "CONNECTED"
    assert unseal(Connection.objects.get().token_sealed) == "living"


def test_a_second_store_is_refused_while_the_first_lives(connection: Connection, store: TheStore, settings: Any):
    settings.SALEOR_API_URL = settings.SALEOR_PUBLIC_API_URL = "http://second.test/graphql/"
    assert code(register(store, "any", told="http://second.test/graphql/")) == "CONNECTED"


def test_an_app_installed_anew_replaces_a_connection_that_is_dead(connection: Connection, expected: TheStore):
    expected.tokens.clear()
    assert register(expected, expected.app_make("anew", "QXBwOjI=")).status_code == 200
    assert Connection.objects.get().app_id == "QXBwOjI="


def test_a_token_nobody_can_read_any_more_is_replaced(connection: Connection, expected: TheStore, settings: Any):
    settings.SECRET_KEY = "quite another " * 5
    assert register(expected, expected.app_make("anew")).status_code == 200
    assert unseal(Connection.objects.get().token_sealed) == "anew"


class TestTicket:
    """`saleor_connect` needs no setting: its ticket says whom it expects, and is good once."""

    @pytest.fixture
    def ticket(self, store: TheStore) -> str:
        return registration_expect(api_url=store.api_url, public_url="http://store.internal/graphql/", now=clock.now())

    def test_it_is_good_once(self, store: TheStore, ticket: str):
        store.app_make("good")
        assert register(store, "good", ticket=ticket, told="http://store.internal/graphql/").status_code == 200
        assert code(register(store, "good", ticket=ticket)) == "TICKET"

    def test_a_refused_registration_does_not_use_it_up(self, store: TheStore, ticket: str):
        assert code(register(store, "made up", ticket=ticket)) == "NOT_PROVEN"
        assert register(store, store.app_make("good"), ticket=ticket).status_code == 200

    def test_it_is_not_kept_as_it_is(self, ticket: str):
        assert ticket not in str(Connection.objects.values().get())

    def test_it_grows_old(self, store: TheStore, ticket: str, monkeypatch: pytest.MonkeyPatch):
        later = clock.now() + registration.TICKET_GOOD + timedelta(seconds=1)
        monkeypatch.setattr(clock, "now", lambda: later)
        assert code(register(store, store.app_make("good"), ticket=ticket)) == "TICKET"

    def test_another_is_none(self, store: TheStore, ticket: str):
        assert code(register(store, store.app_make("good"), ticket="guessed")) == "TICKET"

    def test_none_is_given_for_a_second_store(self, connection: Connection):
        with pytest.raises(RegistrationRefused):
            registration_expect(api_url="http://second.test/graphql/", public_url="", now=clock.now())


@pytest.mark.parametrize(
    "body", [b"", b"{", b"[]", b'{"auth_token": 5}', b"\xff", b'{"auth_token": "' + b"x" * 9000 + b'"}']
)
def test_rubbish_is_no_registration(expected: TheStore, body: bytes):
    headers = {"Saleor-Api-Url": expected.api_url}
    answer = Client().post("/saleor/register/", body, content_type="application/json", headers=headers)
    assert (answer.status_code, code(answer)) == (400, "INVALID")


def test_refusals_are_kept_once_a_day(expected: TheStore):
    for _ in range(3):
        register(expected, "made up")
    assert refusals() == ["NOT_PROVEN"]
