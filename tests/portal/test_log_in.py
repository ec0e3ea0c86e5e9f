"""Log-in is by e-mail; guessing is slowed for all workers together; nobody signs up by himself."""

from __future__ import annotations

import pytest
from django.contrib.auth import get_user_model
from django.core.cache import cache
from django.db import connection
from django.test import Client

pytestmark = pytest.mark.django_db
PASSWORD = "correct horse battery"
LOGIN = "/accounts/login/"


@pytest.fixture(autouse=True)
def person():
    cache.clear()
    yield get_user_model().objects.create_user("mina@example.com", PASSWORD)
    cache.clear()


def _log_in(password: str, email: str = "mina@example.com", address: str = "10.0.0.1") -> Client:
    """Try once, as a browser of its own."""
    client = Client(REMOTE_ADDR=address)
    client.post(LOGIN, {"login": email, "password": password})
    return client


def _is_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


def test_the_right_password_opens_whatever_the_case_of_the_address():
    assert _is_in(_log_in(PASSWORD, "Mina@Example.com"))


def test_a_wrong_password_does_not():
    assert not _is_in(_log_in("wrong"))


def test_after_five_wrong_guesses_even_the_right_one_waits():
    for _ in range(5):
        _log_in("wrong")
    assert not _is_in(_log_in(PASSWORD))


def test_changing_the_address_one_guesses_from_does_not_help():
    for number in range(5):
        _log_in("wrong", address=f"10.0.0.{number}")
    assert not _is_in(_log_in(PASSWORD, address="10.0.9.9"))


def test_guesses_at_one_person_do_not_shut_out_another():
    get_user_model().objects.create_user("jun@example.com", PASSWORD)
    for _ in range(5):
        _log_in("wrong")
    assert _is_in(_log_in(PASSWORD, "jun@example.com", address="10.0.0.2"))


def test_guesses_are_counted_where_every_worker_sees_them():
    _log_in("wrong")
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM portal_cache")
        assert cursor.fetchone()[0] > 0


def test_a_forged_address_header_is_not_believed():
    for number in range(20):
        client = Client(REMOTE_ADDR="10.0.0.1", headers={"X-Forwarded-For": f"10.1.0.{number}"})
        client.post(LOGIN, {"login": f"nobody{number}@example.com", "password": "wrong"})
    assert not _is_in(_log_in(PASSWORD))


def test_an_unknown_address_answers_like_a_wrong_password(client):
    known = client.post(LOGIN, {"login": "mina@example.com", "password": "wrong"})
    unknown = client.post(LOGIN, {"login": "nobody@example.com", "password": "wrong"})
    errors = [list(answer.context["form"].non_field_errors()) for answer in (known, unknown)]
    assert known.status_code == unknown.status_code == 200
    assert errors[0] == errors[1] != []


def test_nobody_signs_up(client):
    fields = {"email": "new@example.com", "password1": PASSWORD, "password2": PASSWORD}
    client.post("/accounts/signup/", fields)
    assert not get_user_model().objects.filter(email="new@example.com").exists()
