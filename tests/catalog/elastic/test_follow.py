"""The index is kept in step with the database: through the outbox, by checksums, without losing a change while it is away."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import connection, transaction
from elastic_transport import ConnectionError as NoConnection

from catalog.models import Part
from catalog.rules.stock import Want
from catalog.search.changes import parts_changed
from catalog.search.count import terms_count
from catalog.search.elastic import client
from catalog.search.elastic.breaker import Breaker
from catalog.search.elastic.documents import documents_of
from catalog.search.elastic.index import alias, body
from catalog.services.stock import Held, Movement, stock_hold, stock_post, stock_release
from portal.outbox.models import OutboxMessage
from portal.outbox.services import outbox_drain
from tests.catalog.elastic.answers import bulk, hit, search
from tests.catalog.elastic.replay import Answer, Script
from tests.factories import make_cross_reference, make_part, make_stock, make_supersession, make_warehouse

pytestmark = pytest.mark.django_db(transaction=True)
NOW = datetime(2026, 5, 4, tzinfo=UTC)


def waiting() -> list[Any]:
    """What the messages not done name."""
    return [
        one.payload["parts"] for one in OutboxMessage.objects.filter(kind="search.changed", done_at=None).order_by("pk")
    ]


def document(part: Part) -> dict[str, Any]:
    return json.loads(documents_of([part.pk])[part.pk].body)


def checksums(*parts: Part, **changed: str) -> Answer:
    """What the index holds of these parts."""
    told = documents_of([part.pk for part in parts])
    rows = [
        hit(
            part.pk,
            part.number,
            fields={"checksum": [changed.get(part.number, told[part.pk].checksum)]},
            sort=[part.pk],
        )
        for part in parts
    ]
    return Answer(search(rows))


def written(elastic: Script) -> list[dict[str, Any]]:
    """The lines of all bulk requests."""
    return [line for request in elastic.to(".*/_bulk") for line in request.lines]


def test_a_document_holds_what_search_needs_of_a_part_and_only_fields_the_index_knows():
    part, old = (
        make_part("HS-1042", name="Plate 2 X 4 with holes", category="Plates", material="NBR"),
        make_part("OLD-1"),
    )
    part.names.create(language="ja", name="ﾎﾟﾝﾌﾟ")
    make_cross_reference(part, "YY 55/9")
    make_supersession(old, part)
    warehouse = make_warehouse()
    with transaction.atomic():
        stock_post(movements=[Movement(part.pk, warehouse.pk, 3, "OPENING")], now=NOW, actor="system")
    terms_count()
    told = document(part)
    assert told.keys() <= body()["mappings"]["properties"].keys()
    assert (told["own"], told["foreign"], told["written"]) == ("HS1042", ["YY559"], {"numbers": ["YY 55/9"]})
    assert (told["words_en"], told["words"], told["letters"]) == (
        "plate 2x4 with holes",
        ["ポンプ"],
        ["PLATE 2 X 4 WITH HOLES", "ポンプ"],
    )
    assert (told["terms"], told["sides"]) == (["2x4", "holes", "plate", "with"], ["=2x4"])
    assert (told["names"]["ja"], told["category_words"], told["stocked"]) == ("ﾎﾟﾝﾌﾟ", "plates", [warehouse.pk])
    assert (told["head"], told["weight"] > 0, told["boost"]) == ("plate", True, 1)
    assert "superseded_on" not in told
    assert document(old)["superseded_on"] == "2020-01-01"
    assert document(make_part("!!"))["length"] == 0


def test_only_a_first_or_last_free_piece_is_news(elastic: Script):
    part, warehouse = make_part(), make_warehouse()
    make_stock(part, warehouse, 3)
    assert waiting() == [[part.pk]]

    def held(quantity: int) -> list[Held]:
        with transaction.atomic():
            return stock_hold(wants=[Want(key="a", part_id=part.pk, quantity=quantity)], warehouses=[warehouse.pk])[0]

    some = held(1)
    assert len(waiting()) == 1
    rest = held(2)
    assert len(waiting()) == 2
    with transaction.atomic():
        stock_release(held=some)
    assert len(waiting()) == 3
    with transaction.atomic():
        stock_release(held=rest)
    assert len(waiting()) == 3


def test_nothing_is_told_while_postgresql_searches():
    part, warehouse = make_part(), make_warehouse()
    make_stock(part, warehouse, 3)
    terms_count()
    assert waiting() == []


def test_what_is_rolled_back_tells_nothing(elastic: Script):
    with transaction.atomic():
        parts_changed([1])
        transaction.set_rollback(True)
    assert waiting() == []


def test_an_import_tells_once_that_any_part_may_have_changed(elastic: Script):
    terms_count()
    with transaction.atomic():
        parts_changed(range(100_000))
    assert waiting() == [None, None]


def test_a_changed_part_is_written_as_it_is_now_and_a_part_that_is_gone_is_taken_away(elastic: Script):
    part, gone = make_part("HS-1042", name="Pump"), make_part("GO-1")
    with transaction.atomic():
        parts_changed([part.pk, gone.pk])
    key = gone.pk
    gone.delete()
    elastic.on("PUT /.*/_bulk", bulk(("index", part.pk, 201), ("delete", key, 404)))
    assert outbox_drain() == 1
    [request] = elastic.sent
    assert (request.path, request.params["require_alias"]) == (f"/{alias()}/_bulk", "true")
    assert [line for line in request.lines if "index" in line or "delete" in line] == [
        {"index": {"_id": str(part.pk)}},
        {"delete": {"_id": str(key)}},
    ]
    assert request.lines[1] == {**document(part), "checksum": documents_of([part.pk])[part.pk].checksum}
    assert waiting() == []


def test_comparing_writes_only_what_differs_and_one_comparison_serves_all_that_wait(elastic: Script):
    same, stale, missing = make_part("A-1"), make_part("B-1"), make_part("C-1")
    for _ in range(3):
        terms_count()
    extra = Answer(search([hit(999_999, "X", fields={"checksum": ["x"]}, sort=[999_999])]))
    elastic.on("POST .*/_refresh", Answer({"_shards": {"total": 1, "successful": 1, "failed": 0}}))
    elastic.on("POST .*/_search", checksums(same, stale, **{"B-1": "another"}), extra)
    elastic.on(
        "PUT .*/_bulk", bulk(("index", stale.pk, 200), ("index", missing.pk, 201)), bulk(("delete", 999_999, 200))
    )
    outbox_drain()
    assert [line for line in written(elastic) if len(line) == 1] == [
        {"index": {"_id": str(stale.pk)}},
        {"index": {"_id": str(missing.pk)}},
        {"delete": {"_id": "999999"}},
    ]
    assert (waiting(), len(elastic.to(".*/_search"))) == ([], 2)


def test_while_it_is_away_messages_do_not_pile_up_and_one_comparison_catches_up(
    elastic: Script, monkeypatch: pytest.MonkeyPatch
):
    parts = [make_part(f"P-{index}") for index in range(3)]
    for part in parts:
        with transaction.atomic():
            parts_changed([part.pk])
    elastic.on("PUT .*/_bulk", Answer(error=NoConnection("Connection refused")))
    assert outbox_drain() == 3
    assert waiting() == [None]
    assert OutboxMessage.objects.get(done_at=None).attempts == 0
    tried = len(elastic.sent)
    assert tried <= 3  # the first with its retries; the others did not wait for a server that is away
    monkeypatch.setattr(client, "breaker", Breaker())
    OutboxMessage.objects.filter(done_at=None).update(due_at=NOW)
    elastic.on("POST .*/_refresh", Answer({"_shards": {"total": 1, "successful": 1, "failed": 0}}))
    elastic.on("POST .*/_search", Answer(search()))
    elastic.on("PUT .*/_bulk", bulk(*(("index", part.pk, 201) for part in parts)))
    assert outbox_drain() == 1
    assert len([line for line in written(elastic)[-6:] if "index" in line]) == 3
    assert waiting() == []


def test_without_an_index_none_is_made_by_a_write(elastic: Script):
    part = make_part()
    with transaction.atomic():
        parts_changed([part.pk])
    elastic.on("PUT .*/_bulk", bulk(("index", part.pk, 404), kind="index_not_found_exception"))
    outbox_drain()
    assert waiting() == [None]


def test_a_document_that_is_rejected_stays_with_its_reason(elastic: Script):
    part = make_part()
    with transaction.atomic():
        parts_changed([part.pk])
    elastic.on("PUT .*/_bulk", bulk(("index", part.pk, 400)))
    outbox_drain()
    message = OutboxMessage.objects.get(done_at=None)
    assert (message.payload["parts"], message.attempts) == ([part.pk], 1)
    assert "strict_dynamic_mapping_exception" in message.last_error


def test_the_server_is_spoken_to_outside_any_transaction(elastic: Script):
    inside = []

    def reply(sent: Any) -> Answer:
        inside.append(connection.in_atomic_block)
        return bulk(("index", 1, 201))

    with transaction.atomic():
        parts_changed([make_part().pk])
    elastic.on("PUT .*/_bulk", reply)
    outbox_drain()
    assert inside == [False]
