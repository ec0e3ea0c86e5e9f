"""What Elasticsearch answers is told as PostgreSQL's answers are."""

from __future__ import annotations

from typing import Any

import pytest

from catalog.models import Part
from catalog.search import search_parts
from tests.catalog.elastic.answers import hit, known, page, search, several
from tests.catalog.elastic.replay import Script
from tests.factories import make_cross_reference, make_part

pytestmark = pytest.mark.django_db


def test_a_hit_by_words_tells_the_name_in_the_language_that_did_it(elastic: Script):
    names = {"de": "Dichtung", "en": "Seal", "ja": "シール"}
    source: dict[str, Any] = {
        "names": names,
        "words": ["dichtung", "シール"],
        "letters": ["DICHTUNG", "SEAL", "シール"],
    }
    elastic.on(
        "POST .*/_search",
        known((3, 3)),
        page(
            hit(1, "A", 0.9, **source, highlight={"words_en": ["seal"]}),
            hit(2, "B", 0.8, **source, highlight={"words": ["dichtung"]}),
            hit(3, "C", 0.7, **source),  # by its family or category
            hit(4, "D", 0.6),  # without any name
            total=40,
            Seals=30,
            Hoses=10,
        ),
    )
    found = search_parts("seal", actor_market=None, limit=4)
    assert [(one.part_id, one.found_as, one.matched) for one in found.hits] == [
        (1, "WORDS", "Seal"),
        (2, "WORDS", "Dichtung"),
        (3, "WORDS", "Seal"),
        (4, "WORDS", "D"),
    ]
    assert (found.total, found.facets, found.suggestion) == (40, {"category": [("Seals", 30), ("Hoses", 10)]}, None)


def test_a_hit_by_letters_tells_the_name_that_holds_them(elastic: Script):
    source: dict[str, Any] = {
        "names": {"en": "pump", "ja": "油圧ポンプ"},
        "words": ["油圧ポンプ"],
        "letters": ["PUMP", "油圧ポンプ"],
    }
    lit = ({"letters": ["油圧ポンプ"]}, {"letters.one": ["油圧ポンプ"]})
    elastic.on("POST .*/_search", *(page(hit(1, "A", 0.1, **source, highlight=one)) for one in lit))
    assert [search_parts(typed, actor_market=None).hits[0].matched for typed in ("油圧", "油")] == ["油圧ポンプ"] * 2


def test_a_listing_tells_numbers(elastic: Script):
    elastic.on("POST .*/_search", page(hit(1, "A-1", sort=["A-1", 1]), hit(2, "B-1", sort=["B-1", 2]), total=76_083))
    found = search_parts("", actor_market=None, limit=2)
    assert [(one.found_as, one.matched) for one in found.hits] == [("LISTED", "A-1"), ("LISTED", "B-1")]
    assert found.total == 76_083


def test_numbers_come_before_words_page_after_page_and_count_together(elastic: Script):
    one, two = make_part("12-34", category="Seals"), make_part("1-234", category="Seals")
    words = page(hit(900, "W-1", 0.5), hit(901, "W-2", 0.4), total=7, Seals=5)
    numbers = several(search(), search([hit(one.pk, "12-34"), hit(two.pk, "1-234")]))
    elastic.on("POST .*/_msearch", numbers).on("POST .*/_search", known((7, 7)), words, known((7, 7)), words)
    first = search_parts("1243", actor_market=None, offset=0, limit=3)
    assert [hit.found_as for hit in first.hits] == ["NEAR", "NEAR", "WORDS", "WORDS"][: len(first.hits)]
    asked = elastic.to(".*/_search")[-1].body
    assert (asked["from"], asked["size"], first.total) == (0, 1, 9)
    assert first.facets == {"category": [("Seals", 7)]}
    assert {one.pk, two.pk} == set(
        asked["query"]["function_score"]["query"]["function_score"]["query"]["bool"]["must_not"][0]["terms"]["id"]
    )
    search_parts("1243", actor_market=None, offset=4, limit=3)
    asked = elastic.to(".*/_search")[-1].body
    assert (asked["from"], asked["size"]) == (2, 3)


def test_of_a_parts_numbers_the_one_that_did_it_is_told(elastic: Script):
    part = make_part("ZZ-1")
    make_cross_reference(part, "HS 1042")
    source: dict[str, Any] = {"written": {"numbers": ["HS 1042", "QQ 7"]}, "boost": 1.2}
    found = several(search([hit(part.pk, "ZZ-1", **source)]), search())
    elastic.on("POST .*/_msearch", found).on("POST .*/_search", known((0, 0)))
    [only] = search_parts("hs10", actor_market=None).hits
    assert (only.part_id, only.found_as, only.matched) == (part.pk, "PREFIX", "HS 1042")
    elastic.on("POST .*/_msearch", several(search(), search([hit(part.pk, "ZZ-1", **source)])))
    [only] = search_parts("hs1402", actor_market=None).hits
    assert (only.part_id, only.found_as, only.matched) == (part.pk, "NEAR", "HS 1042")


def test_what_a_number_means_is_never_behind_the_database(elastic: Script):
    """The index knows neither part yet, nor that the second is gone."""
    part, gone = make_part("HS-1042"), make_part("HS-1043")
    stale = several(search([hit(gone.pk, "HS-1043")]), search([hit(gone.pk, "HS-1043")]))
    Part.objects.filter(pk=gone.pk).delete()
    elastic.on("POST .*/_msearch", stale)
    assert [(one.part_id, one.found_as) for one in search_parts("HS-1042", actor_market=None).hits] == [
        (part.pk, "EXACT")
    ]


def test_pages_deeper_than_the_index_goes_come_from_postgresql(elastic: Script):
    make_part("L-1")
    assert search_parts("", actor_market=None, offset=30_000).total == 1
    assert elastic.sent == []
