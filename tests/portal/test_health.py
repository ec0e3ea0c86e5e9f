"""GET /health/ answers ready, or what is not."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.db.migrations.executor import MigrationExecutor

from portal import health
from portal.clock import real_now
from tests.portal.helpers import message

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def forget():
    cache.delete(health.HEARTBEAT)


def test_with_a_worker_alive_it_is_ready(client):
    health.heartbeat_write()
    answer = client.get("/health/")
    assert (answer.status_code, answer.json()["ready"]) == (200, True)
    assert {name: check["ok"] for name, check in answer.json()["checks"].items()} == dict.fromkeys(health.CHECKS, True)


def test_without_a_worker_it_is_not_and_says_so(client):
    answer = client.get("/health/")
    assert (answer.status_code, answer.json()["ready"]) == (503, False)
    assert answer.json()["checks"]["worker"] == {"ok": False, "heartbeatSecondsAgo": None}


def test_a_worker_silent_for_a_minute_is_missed(client):
    cache.set(health.HEARTBEAT, (real_now() - timedelta(seconds=health.HEARTBEAT_LATE + 1)).isoformat())
    assert client.get("/health/").status_code == 503


def test_a_load_balancer_asks_for_the_pages_alone(client):
    answer = client.get("/health/?for=web")
    assert answer.status_code == 200
    assert set(answer.json()["checks"]) == {"database", "migrations"}


def test_a_late_outbox_is_shown_but_takes_nothing_out_of_service(client):
    health.heartbeat_write()
    message()
    answer = client.get("/health/")
    assert answer.json()["checks"]["outbox"]["ok"] is False
    assert answer.status_code == 200


def test_missing_migrations_are_not_ready(client, monkeypatch):
    monkeypatch.setattr(health, "_migrated", [])
    monkeypatch.setattr(MigrationExecutor, "migration_plan", lambda self, targets: ["one"])
    assert client.get("/health/?for=web").json()["checks"]["migrations"] == {"ok": False, "missing": 1}


def test_what_breaks_is_named_by_its_kind_and_nothing_more(client, monkeypatch):
    def broken():
        raise ConnectionError("postgresql://portal:password@db.internal/portal")

    monkeypatch.setitem(health.CHECKS, "database", broken)
    answer = client.get("/health/?for=web")
    assert answer.status_code == 503
    assert answer.json()["checks"]["database"] == {"ok": False, "error": "ConnectionError"}
    assert "password" not in answer.content.decode()
