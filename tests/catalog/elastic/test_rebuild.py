"""A new index takes the place of the old one without a pause; a run cut short goes on; checking prints what differs."""

from __future__ import annotations

from datetime import UTC, datetime
from threading import Thread
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connections, transaction
from elastic_transport import ConnectionError as NoConnection

from catalog.search.changes import parts_changed
from catalog.search.elastic import rebuild
from catalog.search.elastic.documents import documents_of
from catalog.search.elastic.index import alias, body
from portal.locks import key_lock_session_try
from portal.outbox.services import outbox_drain
from tests.catalog.elastic.answers import bulk, error, hit, search
from tests.catalog.elastic.replay import Answer, Script
from tests.factories import make_part

pytestmark = pytest.mark.django_db(transaction=True)
NOW = datetime(2026, 5, 4, 10, tzinfo=UTC)
DONE = Answer({"acknowledged": True, "shards_acknowledged": True})
REFRESHED = Answer({"_shards": {"total": 1, "successful": 1, "failed": 0}})
STRANGERS = {"portal-parts-of-somebody": {"aliases": {}}, "portal-parts-backup-20200101000000": {"aliases": {}}}


def new() -> str:
    return f"{alias()}-20260504100000"


def there(**indices: bool) -> dict[str, Any]:
    """The answer of `GET index`: names with whether they serve, among indices of others."""
    return STRANGERS | {name: {"aliases": {alias(): {}} if serves else {}} for name, serves in indices.items()}


def checksums(*parts: Any) -> Answer:
    told = documents_of([part.pk for part in parts])
    return Answer(
        search([hit(part.pk, "", fields={"checksum": [told[part.pk].checksum]}, sort=[part.pk]) for part in parts])
    )


@pytest.fixture
def server(elastic: Script) -> Script:
    """A server that takes everything; what it holds is said by each test."""
    elastic.on(f"PUT /{alias()}-[0-9]*", DONE).on("PUT .*/_bulk", bulk()).on("POST .*/_refresh", REFRESHED)
    return elastic.on("POST /_aliases", DONE).on("DELETE /.*", DONE).on("POST .*/_search", Answer(search()))


def test_a_new_index_is_filled_put_in_place_in_one_step_and_the_old_ones_dropped(server: Script):
    make_part(name="Pump")
    old, other = f"{alias()}-20260101000000", "portal-parts-0a0a0a0a-20250101000000"
    before, after = there(**{old: True, other: True}), there(**{old: False, other: True, new(): True})
    server.on(r"GET /portal-parts-\*", Answer(before), Answer(before), Answer(after))
    name, filled = rebuild.index_rebuild(now=NOW)
    assert (name, filled.parts, filled.missing) == (new(), 1, 1)
    [made] = server.to(f"/{new()}")
    assert made.body == body()
    [swapped] = server.to("/_aliases")
    assert swapped.body == {
        "actions": [{"remove": {"index": old, "alias": alias()}}, {"add": {"index": new(), "alias": alias()}}]
    }
    [dropped] = [request for request in server.sent if request.method == "DELETE"]
    assert sorted(dropped.path.strip("/").replace("%2C", ",").split(",")) == sorted([old, other])
    order = [request.path for request in server.sent]
    assert order.index("/_aliases") < order.index(dropped.path)


def test_what_changes_meanwhile_waits_and_goes_into_the_new_index(server: Script):
    """While the new index is put in place, messages are held back: none is written to an index about to be dropped."""
    part = make_part()
    with transaction.atomic():
        parts_changed([part.pk])
    handled = []

    def swap(sent: Any) -> Answer:
        handled.append(_drained_elsewhere())
        return DONE

    server.on(r"GET /portal-parts-\*", Answer(there())).on("POST /_aliases", swap)
    rebuild.index_rebuild(now=NOW)
    assert handled == [0]
    server.on("PUT .*/_bulk", bulk(("index", part.pk, 201)))
    assert outbox_drain() == 1
    assert server.sent[-1].path == f"/{alias()}/_bulk"


def _drained_elsewhere() -> int:
    """What another process could handle now."""
    done: list[int] = []

    def run() -> None:
        done.append(outbox_drain())
        connections.close_all()

    worker = Thread(target=run)
    worker.start()
    worker.join()
    return done[0]


def test_a_run_cut_short_goes_on_with_its_half_filled_index(server: Script):
    first, second = make_part(), make_part()
    half = f"{alias()}-20260504090000"
    server.on(r"GET /portal-parts-\*", Answer(there(**{half: False})))
    server.on("POST .*/_search", checksums(first), Answer(search()), checksums(first, second), Answer(search()))
    name, filled = rebuild.index_rebuild(now=NOW)
    assert (name, filled.parts, filled.missing) == (half, 2, 1)
    assert [line for request in server.to(".*/_bulk") for line in request.lines if "index" in line] == [
        {"index": {"_id": str(second.pk)}}
    ]
    assert server.to(f"/{new()}") == []


def test_cut_short_before_the_swap_nothing_has_changed_for_who_searches(server: Script):
    make_part()
    server.on(r"GET /portal-parts-\*", Answer(there())).on("PUT .*/_bulk", Answer(error=NoConnection("reset")))
    with pytest.raises(Exception, match="away"):
        rebuild.index_rebuild(now=NOW)
    assert server.to("/_aliases") == []
    assert not [request for request in server.sent if request.method == "DELETE"]


def test_the_command_rebuilds_and_shows_what_is_there(server: Script, capsys: Any, monkeypatch: Any):
    monkeypatch.setenv("COLUMNS", "200")
    make_part()
    server.on(r"GET /portal-parts-\*", Answer(there()), Answer(there()), Answer(there(**{new(): True})))
    call_command("search_index", "--rebuild")
    told = capsys.readouterr().out
    assert "serves: 1 parts, 1 written now." in told
    assert new() in told


def test_two_rebuilds_at_once_are_refused(server: Script):
    refused = []

    def run() -> None:
        try:
            call_command("search_index", "--rebuild")
        except CommandError as told:
            refused.append(str(told))
        connections.close_all()

    with key_lock_session_try("search_index") as ours:
        assert ours
        other = Thread(target=run)
        other.start()
        other.join()
    assert refused == ["Another rebuild is running. Wait until it is done."]


def test_commands_say_when_there_is_no_index_to_speak_of(capsys: Any):
    with pytest.raises(CommandError, match="ELASTICSEARCH_URL"):
        call_command("search_index", "--rebuild")
    call_command("search_check")
    assert "nothing to compare" in " ".join(capsys.readouterr().out.split())


def test_a_check_prints_each_kind_of_difference_and_ends_with_1(server: Script, capsys: Any, monkeypatch: Any):
    monkeypatch.setenv("COLUMNS", "200")
    same, stale, _ = make_part("A-1"), make_part("B-1"), make_part("C-1")
    told = documents_of([same.pk])[same.pk].checksum
    rows = [
        hit(same.pk, "", fields={"checksum": [told]}, sort=[1]),
        hit(stale.pk, "", fields={"checksum": ["x"]}, sort=[2]),
    ]
    extra = Answer(search([hit(999_999, "", fields={"checksum": ["x"]}, sort=[3])]))
    server.on("POST .*/_search", Answer(search(rows)), extra)
    with transaction.atomic():
        parts_changed([stale.pk])
    with pytest.raises(SystemExit) as ended:
        call_command("search_check")
    assert ended.value.code == 1
    lines = [" ".join(line.split()) for line in capsys.readouterr().out.splitlines()]
    shown = [line.replace("│", "").strip() for line in lines]
    assert [" ".join(line.split()) for line in shown if "index" in line or "part" in line or "date" in line][-6:] == [
        "parts in the database 3",
        "documents in the index 3",
        "missing in the index 1 C-1",
        "no part any more 1 #999999",
        "not up to date 1 B-1",
        "1 changes are on their way to the index.",
    ]
    assert server.to(".*/_bulk") == []


def test_a_check_of_equal_ends_well_and_repair_writes_what_differs(server: Script, capsys: Any):
    part = make_part()
    server.on("POST .*/_search", checksums(part), Answer(search()))
    call_command("search_check")
    server.on("POST .*/_search", Answer(search()))
    call_command("search_check", "--repair")
    assert "Repaired." in capsys.readouterr().out
    assert [line for line in server.to(".*/_bulk")[0].lines if "index" in line] == [{"index": {"_id": str(part.pk)}}]


def test_a_check_while_the_server_is_away_or_empty_says_what_to_do(server: Script):
    server.on("POST .*/_refresh", error("index_not_found_exception", 404))
    with pytest.raises(CommandError, match="search_index --rebuild"):
        call_command("search_check")
    server.on("POST .*/_refresh", Answer(error=NoConnection("refused")))
    with pytest.raises(CommandError, match="Nothing answers"):
        call_command("search_check")
