"""Whatever happens to Elasticsearch, who searches gets PostgreSQL's answer, and who runs the portal is told what is wrong."""

from __future__ import annotations

import logging
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client
from elastic_transport import ConnectionError as NoConnection
from elastic_transport import ConnectionTimeout, TlsError

from catalog.search import health, search_parts, suggest_parts
from catalog.search.count import terms_count
from catalog.search.elastic import client
from catalog.search.elastic.breaker import Breaker
from catalog.search.elastic.client import ADVICE, Trouble
from portal import clock
from portal import health as portal_health
from tests.catalog.elastic.answers import SHARDS, error, page, search
from tests.catalog.elastic.replay import HEADERS, Answer, Script
from tests.factories import make_part

pytestmark = pytest.mark.django_db
JSON = {"content-type": "application/json"}

TROUBLES: dict[str, tuple[Trouble, Answer]] = {
    "nobody listens": (Trouble.AWAY, Answer(error=NoConnection("Connection refused"))),
    "it takes too long": (Trouble.LATE, Answer(error=ConnectionTimeout("Read timed out"))),
    "a certificate nobody knows": (Trouble.REFUSED, Answer(error=TlsError("self signed"))),
    "too many requests": (Trouble.BUSY, error("es_rejected_execution_exception", 429)),
    "no master": (Trouble.UNWELL, error("cluster_block_exception", 503)),
    "a red index": (Trouble.UNWELL, error("search_phase_execution_exception", 503, "all shards failed")),
    "a broken gateway": (Trouble.UNWELL, Answer(b"<html>Bad Gateway</html>", 502, {"content-type": "text/html"})),
    "no index": (Trouble.NO_INDEX, error("index_not_found_exception", 404, "no such index")),
    "a mapping of another kind": (
        Trouble.REJECTED,
        error("search_phase_execution_exception", 400, "failed to create query"),
    ),
    "a version that does not speak 9": (Trouble.REJECTED, error("media_type_header_exception", 400)),
    "wrong credentials": (Trouble.REFUSED, error("security_exception", 401)),
    "no right to search": (Trouble.REFUSED, error("security_exception", 403)),
    "half a JSON": (Trouble.GARBLED, Answer(b'{"took": 1, "hits": {"tot', 200)),
    "JSON of another shape": (Trouble.GARBLED, Answer({"took": 1, "timed_out": False, "_shards": SHARDS})),
    "a list": (Trouble.GARBLED, Answer([1, 2])),
    "HTML of a proxy": (Trouble.STRANGER, Answer(b"<html>Log in</html>", 200, {"content-type": "text/html"})),
    "another product": (Trouble.STRANGER, Answer(search(), 200, JSON)),
    "a page cut short by time": (Trouble.LATE, Answer({**search(), "timed_out": True})),
    "a shard that failed": (Trouble.UNWELL, Answer({**search(), "_shards": {**SHARDS, "failed": 1}})),
}


@pytest.fixture(params=TROUBLES)
def trouble(request: pytest.FixtureRequest, elastic: Script) -> Trouble:
    """Elasticsearch in one of its bad states."""
    kind, answer = TROUBLES[request.param]
    elastic.on("(POST|GET) .*", answer)
    for method in ("POST", "GET"):
        elastic.on(f"{method} .*", answer)
    return kind


def test_who_searches_gets_postgresqls_answer(trouble: Trouble):
    part = make_part("HS-1042", name="Hydraulic pump")
    terms_count()
    assert [(hit.part_id, hit.found_as) for hit in search_parts("hydraulic", actor_market=None).hits] == [
        (part.pk, "WORDS")
    ]
    assert [hit.part_id for hit in search_parts("HS-1402", actor_market=None).hits] == [part.pk]
    assert [one.text for one in suggest_parts("hydr")] == ["hydraulic"]
    assert client.breaker.why == trouble


def test_who_runs_the_portal_is_told_what_is_wrong_and_what_to_do(
    trouble: Trouble, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    monkeypatch.setenv("COLUMNS", "300")
    monkeypatch.setitem(portal_health.CHECKS, "search", health.search_check)
    with pytest.raises(SystemExit):
        call_command("doctor")
    told = " ".join(capsys.readouterr().out.split())
    assert f"trouble {trouble.value}" in told
    assert " ".join(str(ADVICE[trouble]).split()) in told


def test_health_shows_it_as_lesser_and_stays_in_service(
    elastic: Script, client: Client, monkeypatch: pytest.MonkeyPatch
):
    elastic.on("POST .*", TROUBLES["nobody listens"][1])
    portal_health.heartbeat_write()
    monkeypatch.setattr(portal_health, "CHECKS", dict(portal_health.CHECKS))
    monkeypatch.setattr(portal_health, "DISPENSABLE", set(portal_health.DISPENSABLE))
    portal_health.check_register("search", health.search_check)
    answer = client.get("/health/")
    assert (answer.status_code, answer.json()["ready"]) == (200, True)
    assert answer.json()["checks"]["search"] == {"ok": False, "trouble": "away", "answers": "PostgreSQL"}
    assert set(client.get("/health/?for=web").json()["checks"]) == {"database", "migrations"}


def test_a_well_server_is_shown_so(elastic: Script):
    elastic.on("POST .*/_search", Answer(search()))
    assert health.search_check() == {"ok": True}


def test_an_outage_is_logged_once_costs_one_wait_and_ends_by_itself(
    elastic: Script, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
):
    now = datetime(2026, 5, 4, tzinfo=UTC)
    monkeypatch.setattr(clock, "real_now", lambda: now)
    caplog.set_level(logging.INFO, logger="catalog.search.elastic.client")
    elastic.on("POST .*/_search", Answer(error=ConnectionTimeout("Read timed out")))
    for _ in range(3):
        search_parts("", actor_market=None)
    assert len(elastic.sent) == 1
    now += timedelta(seconds=6)
    search_parts("", actor_market=None)
    search_parts("", actor_market=None)
    assert len(elastic.sent) == 2
    elastic.on("POST .*/_search", page())
    now += timedelta(seconds=11)
    search_parts("", actor_market=None)
    search_parts("", actor_market=None)
    assert len(elastic.sent) == 4
    assert [record.levelname for record in caplog.records] == ["WARNING", "INFO"]
    assert "since 2026-05-04T00:00:00" in caplog.records[1].getMessage()


def test_while_it_is_away_one_tries_and_the_others_do_not_wait_behind():
    now, breaker = datetime(2026, 5, 4, tzinfo=UTC), Breaker()
    assert breaker.allows(now)
    assert breaker.failed("away", now)
    assert not breaker.allows(now + timedelta(seconds=4))
    assert [breaker.allows(now + timedelta(seconds=5)) for _ in range(3)] == [True, False, False]
    assert not breaker.failed("away", now + timedelta(seconds=6))
    assert breaker.worked() == now
    assert breaker.worked() is None
    assert breaker.allows(now)


def test_the_pause_doubles_up_to_a_minute():
    now, breaker, pauses = datetime(2026, 5, 4, tzinfo=UTC), Breaker(), []
    for _ in range(6):
        breaker.failed("away", now)
        pauses.append(next(second for second in range(1, 100) if breaker.allows(now + timedelta(seconds=second))))
        now += timedelta(seconds=200)
    assert pauses == [5, 10, 20, 40, 60, 60]


def test_the_key_and_the_certificate_go_to_the_client(elastic: Script, settings: Any, tmp_path: Any):
    settings.ELASTICSEARCH_API_KEY = "aWQ6a2V5"
    elastic.on("POST .*/_search", page())
    search_parts("", actor_market=None)
    assert HEADERS["x-elastic-product"] == "Elasticsearch"
    assert client.client()._headers["authorization"] == "ApiKey aWQ6a2V5"
