"""What is asked of Elasticsearch is its own language, and says what we mean."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.db import connection
from elasticsearch.dsl import Search

from catalog.models import MarketWarehouse, Warehouse
from catalog.search import search_parts, suggest_parts, weigh
from catalog.search.elastic import index, queries
from catalog.search.elastic.queries import Narrowed
from catalog.search.elastic.words import Known
from tests.catalog.elastic import answers
from tests.catalog.elastic.replay import Script
from tests.factories import make_assembly, make_callout, make_cross_reference, make_model, make_part

pytestmark = pytest.mark.django_db
NOTHING = answers.page()
NO_NUMBERS = answers.several(answers.search(), answers.search())
MENDED = Known("hydrualic", documents=1, weight=2.0, mended="hydraulic")
KNOWN = [Known("pump", documents=5, weight=3.0), Known("seal", documents=50, weight=1.0)]


def sent(elastic: Script) -> dict[str, Any]:
    """The body of the last search."""
    return elastic.to("/portal-parts-[0-9a-f]{8}/_search")[-1].body


QUESTIONS: dict[str, Callable[[], Search]] = {
    "listed": lambda: queries.listed(Narrowed(category="Seals", in_stock=False, among=[1, 2], but=[3])),
    "words": lambda: queries.by_words(KNOWN, Narrowed(in_stock=True, warehouses=[7]), date(2026, 5, 4)),
    "measure": lambda: queries.by_words([Known("2x4x6", documents=1, weight=2.0)], Narrowed(), date(2026, 5, 4)),
    "mended": lambda: queries.by_words([MENDED], Narrowed(), date(2026, 5, 4)),
    "letters": lambda: queries.by_letters(["油圧", "M"], Narrowed()),
    "known": lambda: queries.words_known(KNOWN),
    "begun": lambda: queries.numbers_beginning("HS10", 500),
    "near": lambda: queries.numbers_near("HS1042", 200),
    "own": lambda: queries.own_numbers_beginning(["HS10"], 8),
    "endings": lambda: queries.endings(["hydraulic"], "pu", 8),
}


@pytest.mark.parametrize("name", QUESTIONS)
def test_every_question_is_valid_in_the_servers_language(elastic: Script, name: str):
    """Read back by the DSL, which refuses what it does not know, it is the same."""
    told = QUESTIONS[name]().to_dict()
    assert Search.from_dict(told).to_dict() == told


def test_a_search_asks_our_alias_for_whole_answers_within_the_time_set(elastic: Script, settings: Any):
    elastic.on("POST .*/_search", answers.known((3, 3)), NOTHING)
    search_parts("pump", actor_market=None)
    assert {request.path for request in elastic.sent} == {f"/{index.alias()}/_search"}
    assert {request.params.get("allow_partial_search_results") for request in elastic.sent} == {"false"}
    assert {request.timeout for request in elastic.sent} == {settings.ELASTICSEARCH_TIMEOUT}


def test_category_machine_stock_and_numbers_told_already_narrow_what_is_asked(elastic: Script):
    model, early, late = make_model(), make_part(name="Pump"), make_part(name="Pump")
    figure = make_assembly(model)
    make_callout(figure, early, last=10)
    make_callout(figure, late, first=11)
    seoul = Warehouse.objects.create(code="SEL", name="SEL", country="KR", zone="Asia/Seoul", calendar="KR")
    MarketWarehouse.objects.create(market="KR", warehouse=seoul, rank=1)
    elastic.on("POST .*/_search", NOTHING)
    search_parts("", actor_market="KR", model_id=model.pk, serial_sequence=11, category="Pumps", in_stock=True)
    assert sent(elastic)["query"]["bool"]["filter"] == [
        {"term": {"category": "Pumps"}},
        {"terms": {"id": [late.pk]}},
        {"terms": {"stocked": [seoul.pk]}},
    ]
    search_parts("", actor_market="JP", in_stock=False)
    assert sent(elastic)["query"]["bool"]["must_not"] == [{"exists": {"field": "stocked"}}]


def test_what_fits_the_machine_at_hand_is_put_first_and_nothing_else_left_out(elastic: Script):
    model, early, late = make_model(), make_part(name="Pump"), make_part(name="Pump")
    figure = make_assembly(model)
    make_callout(figure, early, last=10)
    make_callout(figure, late, first=11)
    elastic.on("POST .*/_search", answers.known((3, 3)), NOTHING, answers.known((3, 3)), NOTHING)
    search_parts("pump", actor_market=None, machine=(model.pk, 11))
    asked = sent(elastic)["query"]["function_score"]
    assert {"filter": {"terms": {"id": [late.pk]}}, "weight": weigh.FITS} in asked["functions"]
    assert str(asked["query"]).count(f"[{late.pk}]") == 0
    search_parts("pump", actor_market=None)
    assert "'id'" not in str(sent(elastic)["query"])


def test_a_page_begins_behind_the_hits_by_number(elastic: Script):
    first, second = make_part("30-05"), make_part("300-5")
    make_cross_reference(make_part("X-9"), "3005")
    elastic.on("POST .*/_msearch", NO_NUMBERS)
    found = search_parts("3005", actor_market=None, offset=1, limit=1)
    assert (found.total, len(found.hits), elastic.to(".*/_search")) == (
        3,
        1,
        [],
    )  # a number we know is not read as words
    assert {hit.part_id for hit in search_parts("3005", actor_market=None).hits} >= {first.pk, second.pk}


def test_words_are_weighed_as_postgresql_weighs_them(elastic: Script):
    told = queries.by_words(KNOWN, Narrowed(), date(2026, 5, 4)).to_dict()
    likely = told["query"]["function_score"]
    held = likely["query"]["function_score"]
    boosts = [clause["constant_score"]["boost"] for clause in held["query"]["bool"]["should"][0]["dis_max"]["queries"]]
    assert boosts[:2] == [3.0, 3.0]
    assert max(boosts[2:]) == pytest.approx(2.7)
    assert held["min_score"] == pytest.approx(1.5, rel=0.01)  # half of the rarest word is less than 0.4 of both
    assert likely["functions"][0]["script_score"]["script"]["params"] == {"asked": 4.0, "besides": 0.25}
    assert {"filter": {"term": {"variant": True}}, "weight": weigh.VARIANT} in likely["functions"]
    assert {"filter": {"range": {"superseded_on": {"lte": "2026-05-04"}}}, "weight": 0.5} in likely["functions"]
    assert told["sort"] == ["_score", "number", "id"]


def test_prints_are_not_put_behind_when_they_are_asked_for(elastic: Script):
    told = queries.by_words([Known("printed", documents=1, weight=1.0)], Narrowed(), date(2026, 5, 4)).to_dict()
    assert "variant" not in str(told["query"]["function_score"]["functions"])


def test_a_word_that_nobody_uses_is_asked_for_as_a_beginning_or_as_what_was_meant(elastic: Script):
    elastic.on(
        "POST .*/_search",
        answers.known((0, 4)),
        NOTHING,
        answers.known((0, 0), mended={"hydrualic": "hydraulic"}),
        NOTHING,
    )
    search_parts("thermo", actor_market=None)
    assert "{'prefix': {'terms': {'value': 'thermo'}}}" in str(
        sent(elastic)
    ) or "{'prefix': {'terms': 'thermo'}}" in str(sent(elastic))
    assert search_parts("hydrualic", actor_market=None).suggestion == "hydraulic"
    assert "{'match': {'words_en': 'hydraulic'}}" in str(sent(elastic))


def test_a_number_is_looked_for_by_its_beginning_and_by_one_slip_with_swapped_signs(elastic: Script):
    elastic.on("POST .*/_msearch", NO_NUMBERS).on("POST .*/_search", answers.known((0, 0)))
    search_parts("hs-1402", actor_market=None)
    _, begun, _, near = elastic.to(".*/_msearch")[0].lines
    assert begun["query"]["bool"]["filter"][0]["bool"]["should"] == [
        {"match": {"own.begins": "HS1402"}},
        {"match": {"foreign.begins": "HS1402"}},
    ]
    fuzzy = near["query"]["bool"]["filter"][0]["bool"]["should"][0]["fuzzy"]["own"]
    assert (fuzzy["value"], fuzzy["fuzziness"], fuzzy["transpositions"], fuzzy["prefix_length"]) == (
        "HS1402",
        1,
        True,
        0,
    )


def test_letters_of_languages_without_spaces_are_asked_for_in_the_order_they_stand(elastic: Script):
    elastic.on("POST .*/_search", NOTHING)
    search_parts("ﾎﾟﾝﾌﾟ 油", actor_market=None)
    assert sent(elastic)["query"]["function_score"]["query"]["bool"]["filter"] == [
        {"match_phrase": {"letters": "ポンプ"}},
        {"term": {"letters.one": "油"}},
    ]


def test_suggestions_are_one_question(elastic: Script):
    part = make_part("HS-1042")
    ends = {"endings": {"buckets": [{"key": "1042-pump", "doc_count": 3}]}}
    elastic.on(
        "POST .*/_msearch",
        answers.several(answers.search([answers.hit(part.pk, "HS-1042")]), answers.search(aggregations=ends)),
    )
    found = suggest_parts("hs 10.4")
    assert [(one.text, one.part_id) for one in found] == [("HS-1042", part.pk), ("hs 1042-pump", None)]
    [request] = elastic.sent
    assert request.lines[3]["aggs"]["endings"]["terms"]["include"] == r"10\.4.*"


@pytest.mark.parametrize("text", ["", "  ", "%%", "'; --", "\x00\x00", "a & !", "___", "🙂"])
def test_no_text_is_asked_for_that_says_nothing(elastic: Script, text: str):
    elastic.on(
        "POST .*/_search",
        answers.known((0, 0)),
    ).on("POST .*/_msearch", NO_NUMBERS)
    assert search_parts(text or "%", actor_market=None).hits == []


def test_the_words_dropped_here_are_those_the_database_drops():
    with connection.cursor() as cursor:
        cursor.execute("SELECT word FROM unnest(%s::text[]) AS word WHERE catalog_stem(word) <> ''", [list(index.STOP)])
        assert cursor.fetchall() == []
        cursor.execute("SELECT pg_get_functiondef('catalog_stem'::regproc)")
        assert "{" + ",".join(index.STOP) + "}" in cursor.fetchone()[0]


def test_every_rule_of_synonyms_has_two_words_that_are_kept():
    analysis = index.body()["settings"]["analysis"]["filter"]
    rules = [*analysis["part_synonyms"]["synonyms"], *analysis["part_near_words"]["synonyms"]]
    assert len(rules) > 100
    assert all(len(rule.split(", ")) >= 2 for rule in rules)
    assert not any(word in index.STOP for rule in rules for word in rule.split(", "))


def test_the_index_is_named_by_what_it_is_made_of_and_takes_no_field_it_does_not_know(settings: Any):
    settings.ELASTICSEARCH_INDEX = "workshop"
    assert index.alias() == f"workshop-{index.fingerprint()}"
    assert index.body()["mappings"]["dynamic"] == "strict"
