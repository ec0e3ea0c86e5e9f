"""One contract, every backend: PostgreSQL always, Elasticsearch where ELASTICSEARCH_URL names a server (version 9).

ELASTICSEARCH_URL=http://localhost:9200 .venv/bin/pytest tests/catalog/test_search_contract.py
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import pytest
from django.conf import settings as portal_settings

from catalog.models import MarketWarehouse, Part, StockLevel, Warehouse
from catalog.search import search_parts, suggest_parts
from catalog.search.count import terms_count
from portal import clock
from tests.factories import (
    make_assembly,
    make_callout,
    make_cross_reference,
    make_fitment,
    make_model,
    make_part,
    make_supersession,
)

pytestmark = pytest.mark.django_db
needs_server = pytest.mark.skipif(
    not portal_settings.ELASTICSEARCH_URL, reason="no Elasticsearch: set ELASTICSEARCH_URL to prove the contract on it"
)


@dataclass
class World:
    """A small catalogue: parts by number, a machine model, and what brings the backend up to date."""

    parts: dict[str, Part] = field(default_factory=dict)
    model_id: int = 0
    ready: Callable[[], object] = terms_count

    def part(self, number: str, name: str = "", category: str = "", **names: str) -> Part:
        """A part with its English name, and names in other languages."""
        made = self.parts[number] = make_part(number, name=name, category=category, material="NBR")
        for language, text in names.items():
            made.names.create(language=language, name=text)
        return made

    def found(self, query: str, **asked: Any) -> list[tuple[str, str, str]]:
        """Numbers found, how, and what did it."""
        numbers = {part.pk: number for number, part in self.parts.items()}
        hits = search_parts(query, **{"actor_market": "KR", **asked}).hits
        return [(numbers[hit.part_id], hit.found_as, hit.matched) for hit in hits]

    def numbers(self, query: str, **asked: Any) -> list[str]:
        """Numbers found, best first."""
        return [number for number, *_ in self.found(query, **asked)]


@pytest.fixture(params=["postgres", pytest.param("elastic", marks=needs_server)])
def world(request: pytest.FixtureRequest, settings: Any) -> Iterator[World]:
    """The catalogue, in the database and wherever the backend keeps it."""
    settings.CATALOG_SEARCH = f"catalog.search.{request.param}"
    world = World()
    if request.param == "elastic":
        settings.ELASTICSEARCH_INDEX = f"test-{uuid.uuid4().hex[:8]}"
        settings.ELASTICSEARCH_TIMEOUT = 30.0
        world.ready = _indexed
    _fill(world)
    world.ready()
    yield world
    if request.param == "elastic":
        _forget()


def _indexed() -> None:
    from catalog.search.elastic.rebuild import index_rebuild

    terms_count()
    index_rebuild(now=clock.real_now())


def _forget() -> None:
    """The indices of this test go; nothing of it was answered by PostgreSQL in the server's place."""
    from catalog.search.elastic.client import breaker, patient
    from catalog.search.elastic.rebuild import indices

    patient().indices.delete(index=list(indices()))
    assert breaker.since is None, breaker.why


def _fill(world: World) -> None:
    kit = world.part("HS-1042", "Hydraulic cylinder seal kit", "Seals")
    pump = world.part("HS-1043", "Hydraulic pump seal", "Seals")
    old, new = world.part("OLD-1", "Filter element", "Filters"), world.part("NEW-2", "Filter element", "Filters")
    world.part("3005-7", "Bracket left"), world.part("30057", "Bracket right")
    world.part("PL-24", "Plate 2 x 4 with holes"), world.part("PL-42", "Plate 4 x 2 with holes")
    world.part("SP-12", "Spanner 12 mm", "Tools"), world.part("WR-12", "Wrench 12 mm", "Tools")
    housing = world.part("TH-1", "Thermostat housing")
    world.part("JA-1", "Pump assembly", ja="油圧ポンプ一式", ko="유압 펌프")
    world.part("DE-1", "Gasket set", de="Dichtungssatz")
    world.part("AX-1", "Plate with axle hole"), world.part("AX-2", "Gear with axlehole")
    twin = world.part("ZZ-9", "Something else")
    make_supersession(old, new, on=date(2020, 1, 1))
    make_cross_reference(kit, "YY 55/9")
    make_cross_reference(kit, "Q 77"), make_cross_reference(pump, "Q-77")
    make_cross_reference(twin, "HS 1042")
    model = make_model("M-1")
    figure = make_assembly(model)
    make_callout(figure, kit, last=10), make_callout(figure, pump, first=11)
    make_fitment(housing, model), make_fitment(twin, model, fits=False)
    world.model_id = model.pk
    seoul, osaka = (
        Warehouse.objects.create(code=code, name=code, country="KR", zone="Asia/Seoul", calendar="KR")
        for code in ("SEL", "OSA")
    )
    MarketWarehouse.objects.create(market="KR", warehouse=seoul, rank=1)
    StockLevel.objects.create(part=pump, warehouse=seoul, on_hand=2)
    StockLevel.objects.create(part=kit, warehouse=seoul, on_hand=2, held=2)
    StockLevel.objects.create(part=housing, warehouse=osaka, on_hand=2)


@pytest.mark.parametrize(
    ("query", "first"),
    [
        ("HS-1042", [("HS-1042", "EXACT", "HS-1042"), ("ZZ-9", "FOREIGN", "HS 1042"), ("HS-1043", "NEAR", "HS-1043")]),
        ("hs 1042", [("HS-1042", "OWN", "hs 1042"), ("ZZ-9", "FOREIGN", "HS 1042")]),
        ("ＨＳ１０４３", [("HS-1043", "OWN", "ＨＳ１０４３")]),
        ("old1", [("NEW-2", "OLD", "OLD-1")]),
        ("yy559", [("HS-1042", "FOREIGN", "yy559")]),
        ("HS-1402", [("HS-1042", "NEAR", "HS-1042")]),
        ("HS-142", [("HS-1042", "NEAR", "HS-1042")]),
        ("HS-10443", [("HS-1043", "NEAR", "HS-1043")]),
        ("HS-10", [("HS-1042", "PREFIX", "HS-1042"), ("ZZ-9", "PREFIX", "HS 1042"), ("HS-1043", "PREFIX", "HS-1043")]),
        ("thermostat", [("TH-1", "WORDS", "Thermostat housing")]),
        ("Dichtungssatz", [("DE-1", "WORDS", "Dichtungssatz")]),
        ("ポンプ", [("JA-1", "WORDS", "油圧ポンプ一式")]),
        ("ﾎﾟﾝﾌﾟ", [("JA-1", "WORDS", "油圧ポンプ一式")]),
        ("油", [("JA-1", "WORDS", "油圧ポンプ一式")]),
        ("펌프", [("JA-1", "WORDS", "유압 펌프")]),
    ],
)
def test_a_hit_says_how_it_was_found_and_what_did_it(world: World, query: str, first: list[tuple[str, str, str]]):
    found = world.found(query)
    assert sorted(found[: len(first)]) == sorted(first)
    assert found[0][1] == first[0][1]


@pytest.mark.parametrize(("query", "meant"), [("3005 7", {"3005-7", "30057"}), ("q77", {"HS-1042", "HS-1043"})])
def test_several_meanings_of_one_number_are_all_shown(world: World, query: str, meant: set[str]):
    assert set(world.numbers(query)[: len(meant)]) == meant


@pytest.mark.parametrize(
    ("query", "best"),
    [
        ("cylinders sealing", "HS-1042"),
        ("kit hydraulic seal", "HS-1042"),
        ("plate 2X4", "PL-24"),
        ("plate 4×2", "PL-42"),
        ("spanner 12mm", "SP-12"),
        ("wrench 12 mm", "WR-12"),
        ("axlehole plate", "AX-1"),
        ("gear axle hole", "AX-2"),
        ("thermo", "TH-1"),
        ("filter element", "NEW-2"),
    ],
)
def test_words_in_any_order_form_and_measure_find_the_part_first(world: World, query: str, best: str):
    assert world.numbers(query)[0] == best


def test_a_word_that_means_the_same_and_a_measure_turned_round_come_behind(world: World):
    assert world.numbers("spanner 12mm") == ["SP-12", "WR-12"]
    assert world.numbers("plate 2 x 4")[:2] == ["PL-24", "PL-42"]


def test_what_is_current_comes_before_what_was_replaced_and_what_is_in_stock_before_what_is_not(world: World):
    assert world.numbers("filter element") == ["NEW-2", "OLD-1"]
    StockLevel.objects.create(part=world.parts["WR-12"], warehouse=Warehouse.objects.get(code="SEL"), on_hand=1)
    world.part("WR-13", "Wrench 12 mm", "Tools")
    world.part("WR-11", "Wrench 12 mm", "Tools")
    world.ready()
    assert world.numbers("wrench 12 mm")[:3] == ["WR-12", "WR-11", "WR-13"]


def test_a_misspelt_word_is_mended_and_said(world: World):
    result = search_parts("hydrualic", actor_market="KR")
    assert (result.suggestion, result.total) == ("hydraulic", 2)
    assert search_parts("hydraulic", actor_market="KR").suggestion is None
    assert search_parts("qwertyzzz", actor_market="KR").total == 0


def test_machine_and_serial_narrow_to_what_bills_and_lists_name(world: World):
    assert set(world.numbers("", model_id=world.model_id)) == {"HS-1042", "HS-1043", "TH-1"}
    assert set(world.numbers("", model_id=world.model_id, serial_sequence=10)) == {"HS-1042", "TH-1"}
    assert world.numbers("hydraulic", model_id=world.model_id, serial_sequence=11) == ["HS-1043"]
    assert world.numbers("HS-1042", model_id=world.model_id, serial_sequence=11) == [
        "HS-1043"
    ]  # one slip away, and fits


def test_category_and_stock_narrow_words_numbers_and_listings(world: World):
    assert set(world.numbers("seal", category="Seals")) == {"HS-1042", "HS-1043"}
    assert world.numbers("seal", category="Filters") == []
    assert world.numbers("seal", in_stock=True) == ["HS-1043"]
    assert world.numbers("hs-104", in_stock=False) == ["HS-1042", "ZZ-9"]
    assert world.numbers("", in_stock=True) == ["HS-1043"]
    assert set(world.numbers("", in_stock=True, actor_market="JP")) == {"HS-1043", "TH-1"}


def test_categories_are_counted_over_all_pages_of_numbers_words_and_listings(world: World):
    for query in ("seal", "HS-10"):
        assert search_parts(query, actor_market="KR", limit=1).facets["category"] == [("Seals", 2)]
    every = search_parts("", actor_market="KR", limit=1)
    categories = [("Filters", 2), ("Seals", 2), ("Tools", 2)]
    assert (every.total, every.facets["category"]) == (len(world.parts), categories)


def test_pages_follow_each_other_without_a_gap_or_a_double(world: World):
    for query in ("", "hydraulic seal", "HS-10", "plate"):
        whole = world.found(query, limit=100)
        paged = [hit for offset in range(0, len(whole) + 2, 2) for hit in world.found(query, offset=offset, limit=2)]
        assert paged == whole
        assert search_parts(query, actor_market="KR", limit=0).total == len(whole)
    assert world.numbers("") == sorted(world.parts)


def test_suggestions_name_numbers_and_words_that_lead_somewhere(world: World):
    assert [(one.text, one.part_id) for one in suggest_parts("hs 10")] == [
        (number, world.parts[number].pk) for number in ("HS-1042", "HS-1043")
    ]
    assert [one.text for one in suggest_parts("hydraulic pu")] == ["hydraulic pump"]
    assert [one.text for one in suggest_parts("hydraulic the")] == []
    assert [one.text for one in suggest_parts("seal ki", limit=1)] == ["seal kit"]


@pytest.mark.parametrize("query", ["%", "_", "'", "\\", "a:*", "((", "with the", "x" * 5000, "🙂", "a & | !", "펌%프"])
def test_no_query_breaks_it(world: World, query: str):
    assert search_parts(query, actor_market="KR").total == 0
    suggest_parts(query)
