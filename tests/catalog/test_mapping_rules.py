"""Numbers, days and prices of a maker's own table; which of its columns is probably which of ours."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.imports import registry
from catalog.imports.translate.mapping import exact_per, is_exact, plain_date, plain_number
from catalog.imports.translate.suggest import suggested
from catalog.rules.mapping import KnownTable, mapping_faults

PRICES = KnownTable(frozenset({"part_number", "amount", "per_quantity"}), frozenset({"part_number", "amount"}))
NUMBERS = KnownTable(frozenset({"part_number", "name"}), frozenset({"part_number"}))


@pytest.mark.parametrize(
    ("written", "comma", "plain"),
    [
        ("1.234,50 €", True, "1234.50"),
        ("1,234.50", False, "1234.50"),
        ("1'234.50", False, "1234.50"),
        ("1 234,5", True, "1234.5"),
        ("USD 12.50", False, "12.50"),
        ("-3,5", True, "-3.5"),
        ("12", True, "12"),
        ("1,5", False, "1,5"),  # no group of three: a decimal comma where none was expected is not guessed at
        ("1.5", True, "1.5"),
        ("1.234.56", True, "1.234.56"),
        ("on request", False, "on request"),
        ("", False, ""),
        ("1e5", False, "1e5"),
    ],
)
def test_a_number_is_read_in_its_own_dress_or_left_to_be_refused(written: str, comma: bool, plain: str):
    assert plain_number(written, decimal_comma=comma) == plain


def test_a_day_is_read_in_the_form_of_the_mapping():
    assert plain_date("31.05.2026", "%d.%m.%Y") == "2026-05-31"
    assert plain_date("05/31/2026", "%d.%m.%Y") == "05/31/2026"


@given(st.decimals(min_value="0.000000001", max_value="99999", places=9), st.sampled_from([1, 10, 100]))
def test_an_exact_price_is_the_same_price_for_more_pieces(amount: Decimal, pieces: int):
    per = exact_per(amount, pieces)
    if per:
        assert is_exact(amount * per)
        assert round(amount * per, 3) / per == amount
        assert per == 1 or not is_exact(amount * per / 10)


def test_headings_are_known_in_several_languages_and_none_is_used_twice():
    columns = {importer.stem: importer.columns for importer in registry.importers()}
    assert suggested(["품번", "품명", "제조사", "중량(g)"], columns["parts"]) == {
        "part_number": "품번",
        "name": "품명",
        "maker": "제조사",
        "weight_g": "중량(g)",
    }
    assert suggested(["Artikel-Nr.", "Listenpreis", "Preiseinheit", "Währung"], columns["prices"]) == {
        "part_number": "Artikel-Nr.",
        "amount": "Listenpreis",
        "per_quantity": "Preiseinheit",
        "currency": "Währung",
    }
    assert suggested(["Unit Prise", "Part Numbr", "colour of the box"], columns["prices"]) == {
        "amount": "Unit Prise",
        "part_number": "Part Numbr",
    }


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"pattern": " "}, "pattern_missing"),
        ({"encoding": "klingon"}, "encoding_unknown"),
        ({"encoding": "base64"}, "encoding_unknown"),
        ({"separator": "x"}, "separator_unknown"),
        ({"header_row": 0}, "header_row"),
        ({"date_format": "%d"}, "date_format"),
        ({"tables": {}}, "tables_missing"),
        ({"tables": []}, "tables_missing"),
        ({"tables": {"poems": {}}}, "table_unknown"),
        ({"tables": {"numbers": {"columns": {"part_number": 5}}}}, "table_form"),
        ({"tables": {"numbers": {"colums": {}}}}, "table_form"),
        ({"tables": {"numbers": {"columns": {"name": "Name"}}}}, "column_needed"),
        ({"tables": {"numbers": {"columns": {"part_number": "A", "colour": "B"}}}}, "column_unknown"),
        ({"tables": {"numbers": {"columns": {"part_number": "A"}, "constants": {"part_number": "1"}}}}, "column_and_constant"),
        ({"tables": {"numbers": {"columns": {"part_number": "A"}, "price_per": "1000"}}}, "price_per_here"),
        ({"tables": {"prices": {"columns": {"part_number": "A", "amount": "B"}, "price_per": "many"}}}, "price_per"),
    ],
)  # fmt: skip
def test_what_cannot_be_used_is_named(change: dict[str, object], why: str):
    good: dict[str, object] = {
        "pattern": "x*",
        "encoding": "cp949",
        "separator": "",
        "header_row": 1,
        "date_format": "%d.%m.%Y",
    }
    good["tables"] = {"prices": {"columns": {"part_number": "A", "amount": "B"}, "price_per": "exact"}}
    known = {"prices": PRICES, "numbers": NUMBERS}
    assert list(mapping_faults(**good, known=known)) == []  # type: ignore[arg-type]
    assert [one[1] for one in mapping_faults(**(good | change), known=known)] == [why]  # type: ignore[arg-type]
