"""Search: numbers first, then words; typos, languages without spaces, filters, facets."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.models import MarketWarehouse, Part, StockLevel, Warehouse
from catalog.search import SearchResult, search_parts
from catalog.search.slips import one_slip
from catalog.search.words import terms_count
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


def search(query: str, **filters: object) -> SearchResult:
    terms_count()
    return search_parts(query, **{"actor_market": "KR", **filters})  # type: ignore[arg-type]


def found(query: str, **filters: object) -> list[tuple[int, str]]:
    return [(hit.part_id, hit.found_as) for hit in search(query, **filters).hits]


def test_a_number_in_any_dress_comes_before_numbers_that_begin_with_it():
    part, longer = make_part("HS-1042"), make_part("HS-10421")
    assert found("hs 1042") == [(part.pk, "OWN"), (longer.pk, "PREFIX")]
    assert found("HS-104") == [(part.pk, "PREFIX"), (longer.pk, "PREFIX")]


def test_old_and_foreign_numbers_lead_to_the_current_part():
    old, new = make_part("OLD-1"), make_part("NEW-2")
    make_supersession(old, new, on=date(2020, 1, 1))
    make_cross_reference(new, "YY 55/9")
    assert found("old1")[0] == (new.pk, "OLD")
    assert found("yy559") == [(new.pk, "FOREIGN")]


def test_a_number_of_several_parts_lists_all_of_them():
    one, two = make_part("3005-7"), make_part("30057")
    assert {part for part, _ in found("3005 7")} == {one.pk, two.pk}


@pytest.mark.parametrize("typed", ["HS-1402", "HS-142", "HS-10432", "HS-1O42"])
def test_a_number_with_one_slip_is_found(typed: str):
    part = make_part("HS-1042")
    make_part("KX-9999")
    assert found(typed) == [(part.pk, "NEAR")]


def test_two_signs_swapped_is_the_likeliest_slip():
    swapped, wrong = make_part("HS-1042"), make_part("HS-1403")
    assert found("HS-1402") == [(swapped.pk, "NEAR"), (wrong.pk, "NEAR")]


@given(st.text(alphabet="AB12", min_size=4, max_size=9), st.data())
def test_every_single_slip_is_thought_of_in_both_directions(number: str, data: st.DataObject):
    slips = one_slip(number)
    assert number not in slips
    slip = data.draw(st.sampled_from(sorted(slips)))
    if len(slip) >= 4:
        assert number in one_slip(slip)


def test_words_are_found_by_stem_order_and_rarity():
    seal = make_part(name="Hydraulic cylinder seal kit")
    make_part(name="Hydraulic pump")
    bolts = make_part(name="Bolts for cylinder")
    assert found("cylinders sealing")[0][0] == seal.pk
    assert found("bolt")[0][0] == bolts.pk
    assert found("kit hydraulic seal")[0] == (seal.pk, "WORDS")


def test_measures_are_one_word_however_they_are_spaced():
    right = make_part(name="Plate 2 x 4 with holes")
    make_part(name="Plate 4 x 2 with holes")
    assert found("plate 2X4")[0][0] == right.pk


def test_a_misspelt_word_is_mended_and_said():
    for index in range(3):
        make_part(name=f"Hydraulic hose {index}")
    result = search("hydrualic")
    assert (result.suggestion, result.total) == ("hydraulic", 3)
    assert search("hydraulic").suggestion is None


@pytest.mark.parametrize("slip", ["sael", "sela", "sesl", "seaal"])
def test_a_slip_in_a_short_word_is_mended_and_said(slip: str):
    for index in range(3):
        make_part(name=f"Seal kit {index}")
    result = search(f"{slip} kit")
    assert (result.suggestion, result.total) == ("seal kit", 3)


def test_two_letters_swapped_are_likelier_than_another_slip():
    for index in range(2):
        make_part(name=f"Seal {index}")
    for index in range(4):
        make_part(name=f"Sail {index}")
    assert search("sael").suggestion == "seal"  # and not "sail", which is one letter away, too, and commoner


def test_the_beginning_of_a_word_is_enough():
    part = make_part(name="Thermostat")
    assert found("thermo") == [(part.pk, "WORDS")]


def test_a_name_is_found_at_once_before_its_words_are_counted():
    terms_count()
    part = make_part(name="Thermostat housing")
    for query in ("thermostats", "thermo", "housing thermostat"):
        assert [hit.part_id for hit in search_parts(query, actor_market=None).hits] == [part.pk]


def test_a_superseded_part_stays_behind_its_successor():
    old, new = make_part(name="Filter element"), make_part(name="Filter element")
    make_supersession(old, new)
    assert [part for part, _ in found("filter element")] == [new.pk, old.pk]


def test_japanese_and_korean_names_are_found_by_letters():
    pump = make_part(name="pump")
    pump.names.create(language="ja", name="油圧ポンプ一式")
    pump.names.create(language="ko", name="유압 펌프")
    make_part().names.create(language="ja", name="油圧ホース")
    assert found("ポンプ") == [(pump.pk, "WORDS")]
    assert found("펌프") == [(pump.pk, "WORDS")]
    assert len(found("油圧")) == 2


@pytest.mark.parametrize(
    "query",
    [
        "%",
        "_",
        "'",
        "\\",
        "a:*",
        "!",
        "(",
        "((",
        "\x00",
        "'; DROP TABLE",
        "  ",
        "with the",
        "x" * 5000,
        "🙂",
        "a & | !",
    ],
)
def test_no_query_breaks_search(query: str):
    make_part(name="pump")
    assert search(query).total in (0, 1)


@given(st.text(max_size=30))
def test_any_text_is_answered(query: str):
    assert search_parts(query, actor_market=None).total >= 0


def test_a_percent_sign_is_a_sign_and_not_everything():
    make_part().names.create(language="ko", name="펌프")
    assert found("펌%프") == []


def test_an_empty_query_lists_by_number_page_by_page():
    parts = [make_part(f"L-{index}") for index in range(5)]
    page = search("", offset=2, limit=2)
    assert ([hit.part_id for hit in page.hits], page.total) == ([parts[2].pk, parts[3].pk], 5)
    beyond = search("", offset=10)
    assert (beyond.hits, beyond.total) == ([], 5)


def test_categories_filter_and_are_counted():
    seal, hose = make_part(name="seal", category="Seals"), make_part(name="seal hose", category="Hoses")
    make_part(name="seal hose long", category="Hoses")
    assert search("seal").facets == {"category": [("Hoses", 2), ("Seals", 1)]}
    assert found("seal", category="Seals") == [(seal.pk, "WORDS")]
    assert hose.pk in {part for part, _ in found("", category="Hoses")}


def test_a_model_and_serial_narrow_to_what_is_on_its_bill_or_list():
    model, early, late, listed = make_model(), make_part(), make_part(), make_part()
    figure = make_assembly(model)
    make_callout(figure, early, last=10)
    make_callout(figure, late, first=11)
    make_fitment(listed, model)
    make_fitment(make_part(), model, fits=False)
    assert {part for part, _ in found("", model_id=model.pk)} == {early.pk, late.pk, listed.pk}
    assert {part for part, _ in found("", model_id=model.pk, serial_sequence=11)} == {late.pk, listed.pk}


def test_what_fits_the_machine_comes_first_and_is_counted_and_nothing_is_left_out():
    model, early, late, other = make_model(), make_part(name="Seal"), make_part(name="Seal"), make_part(name="Seal")
    figure = make_assembly(model)
    make_callout(figure, early, last=10)
    make_callout(figure, late, first=11)
    result = search("seal", machine=(model.pk, 11))
    assert result.hits[0].part_id == late.pk
    assert {hit.part_id for hit in result.hits} == {early.pk, late.pk, other.pk}
    assert result.facets["fits"] == [("yes", 1)]
    assert search("seal", machine=(model.pk, None)).facets["fits"] == [("yes", 2)]


def test_hits_on_the_shelf_are_counted():
    here = make_part(name="Seal")
    make_part(name="Seal")
    seoul = Warehouse.objects.create(code="SEL", name="SEL", country="KR", zone="Asia/Seoul", calendar="KR")
    MarketWarehouse.objects.create(market="KR", warehouse=seoul, rank=1)
    _level(here, seoul, on_hand=1)
    result = search("seal")
    assert (result.hits[0].part_id, result.facets["in_stock"]) == (here.pk, [("yes", 1)])


def test_in_stock_means_free_pieces_in_the_warehouses_of_the_market():
    here, elsewhere, held = make_part(), make_part(), make_part()
    seoul, osaka = (
        Warehouse.objects.create(code=code, name=code, country="KR", zone="Asia/Seoul", calendar="KR")
        for code in ("SEL", "OSA")
    )
    MarketWarehouse.objects.create(market="KR", warehouse=seoul, rank=1)
    _level(here, seoul, on_hand=1)
    _level(elsewhere, osaka, on_hand=1)
    _level(held, seoul, on_hand=2, held=2)
    assert [part for part, _ in found("", in_stock=True)] == [here.pk]
    assert [part for part, _ in found("", in_stock=False)] == [elsewhere.pk, held.pk]
    assert {part for part, _ in found("", in_stock=True, actor_market="JP")} == {here.pk, elsewhere.pk}


def _level(part: Part, warehouse: Warehouse, **numbers: int) -> None:
    StockLevel.objects.create(part=part, warehouse=warehouse, **numbers)
