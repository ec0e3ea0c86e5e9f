"""Whose tax, which rate, and how it is rounded: pure rules over everything hypothesis can think of."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orders.rules.amounts import Share, order_amounts
from orders.rules.tax import (
    Note,
    Priced,
    Supply,
    Treatment,
    freight_rate_of,
    handed_out,
    place_of_supply,
    tax_of,
    taxed,
)
from portal.money import exponent, quantise

CURRENCIES = st.sampled_from(["EUR", "KRW", "JPY", "KWD"])
RATES = st.sampled_from([Decimal(rate) for rate in ("0", "0.05", "0.07", "0.08", "0.10", "0.19", "0.255")])


@st.composite
def priced(draw: st.DrawFn) -> tuple[str, list[Priced]]:
    """Rows of one currency, each payable."""
    currency = draw(CURRENCIES)
    amounts = st.integers(0, 99_999_999).map(lambda units: Decimal(units).scaleb(-exponent(currency)))
    return currency, draw(st.lists(st.builds(Priced, amounts, RATES), max_size=12))


@pytest.mark.parametrize(
    ("supply", "country", "treatment", "note"),
    [
        (Supply("KR", "KR"), "KR", Treatment.DOMESTIC, Note.NONE),
        (Supply("JP", "JP", is_consumer=True), "JP", Treatment.DOMESTIC, Note.NONE),
        (Supply("DE", "DE", number_state="CONFIRMED", number_country="DE"), "DE", Treatment.DOMESTIC, Note.NONE),
        (Supply("KR", "JP"), "KR", Treatment.EXPORT, Note.EXPORT),
        (Supply("KR", "JP", registered=frozenset({"KR", "JP"})), "JP", Treatment.DOMESTIC, Note.NONE),
        (Supply("DE", "CH", number_state="CONFIRMED", number_country="CH"), "DE", Treatment.EXPORT, Note.EXPORT),
        (Supply("DE", "NL", number_state="CONFIRMED", number_country="NL"), "NL", Treatment.REVERSE_CHARGE, Note.REVERSE_CHARGE),
        # a company known in a third member state acquires there; one known only where the goods leave from does not
        (Supply("DE", "NL", number_state="CONFIRMED", number_country="FR"), "NL", Treatment.REVERSE_CHARGE, Note.REVERSE_CHARGE),
        (Supply("DE", "NL", number_state="CONFIRMED", number_country="DE"), "DE", Treatment.DOMESTIC, Note.NONE),
        (Supply("DE", "NL", number_state="CONFIRMED", number_country="CH"), "DE", Treatment.DOMESTIC, Note.NONE),
        (Supply("DE", "NL", number_state="FAILED", one_stop=True), "NL", Treatment.DESTINATION, Note.NUMBER_FAILED),
        (Supply("DE", "NL", number_state="WELL_FORMED", number_country="NL"), "DE", Treatment.DOMESTIC, Note.NUMBER_UNCONFIRMED),
        (Supply("DE", "NL", is_consumer=True, one_stop=True), "NL", Treatment.DESTINATION, Note.NONE),
        (Supply("DE", "NL", is_consumer=True, number_state="CONFIRMED", number_country="NL"), "DE", Treatment.DOMESTIC, Note.NONE),
        (Supply("DE", "NL", registered=frozenset({"DE", "NL"})), "NL", Treatment.DESTINATION, Note.NONE),
    ],
)  # fmt: skip
def test_goods_are_taxed_where_the_law_says(supply: Supply, country: str, treatment: Treatment, note: Note) -> None:
    place = place_of_supply(supply)
    assert (place.country, place.treatment, place.note) == (country, treatment, note)
    assert place.is_taxed == (treatment in ("DOMESTIC", "DESTINATION"))


@given(priced(), st.booleans())
def test_tax_is_rounded_once_per_rate_and_the_rows_add_up_to_it(
    drawn: tuple[str, list[Priced]], includes: bool
) -> None:
    currency, rows = drawn
    found = taxed(rows, currency=currency, includes_tax=includes)
    unit = Decimal(1).scaleb(-exponent(currency))
    for rate in {row.rate for row in rows}:
        mine = [place for place, row in enumerate(rows) if row.rate == rate]
        whole = tax_of([rows[place].amount for place in mine], rate, currency, includes_tax=includes)
        assert sum(found[place].tax for place in mine) == whole
    for row, one in zip(rows, found, strict=True):
        exact = row.amount * row.rate / ((1 + row.rate) if includes else 1)
        assert abs(one.tax - exact) < unit
        assert one.tax == quantise(one.tax, currency) >= 0
        assert one.net >= 0
        assert (one.gross if includes else one.net) == row.amount


@pytest.mark.parametrize("amount", ["-1", "-0.01", "NaN", "Infinity", "0.001"])
def test_a_negative_line_or_half_a_cent_is_an_error_and_no_discount(amount: str) -> None:
    with pytest.raises(ValueError, match="payable"):
        taxed([Priced(Decimal(amount), Decimal("0.19"))], currency="EUR", includes_tax=False)


@pytest.mark.parametrize(
    ("currency", "amount", "tax"),
    [("JPY", "105", "11"), ("KRW", "15", "2"), ("KRW", "14", "1"), ("KWD", "0.105", "0.011"), ("EUR", "0.05", "0.01")],
)
def test_each_currency_is_rounded_to_its_own_smallest_unit(currency: str, amount: str, tax: str) -> None:
    (one,) = taxed([Priced(Decimal(amount), Decimal("0.10"))], currency=currency, includes_tax=False)
    assert one.tax == Decimal(tax)


def test_what_is_left_goes_to_the_largest_remainders_and_the_first_of_equals() -> None:
    exact = [Decimal("0.4"), Decimal("0.9"), Decimal("0.4")]
    assert handed_out(Decimal(2), exact, "JPY") == [1, 1, 0]


def test_freight_follows_the_goods_of_the_greatest_value() -> None:
    manual, pump = Priced(Decimal(30), Decimal("0.07")), Priced(Decimal(70), Decimal("0.19"))
    assert freight_rate_of([manual, pump]) == Decimal("0.19")
    assert freight_rate_of([manual, manual, manual, pump]) == Decimal("0.07")
    assert freight_rate_of([]) == 0


def test_a_free_order_pays_no_freight_and_has_no_base_for_tax() -> None:
    free = Share(Decimal(100), 1, 3, Decimal(0), Decimal("0.19"))
    found = order_amounts([free], freight=Decimal("9.90"), currency="EUR", includes_tax=False)
    assert (found.net, found.tax, found.total, found.freight_rate) == (0, 0, 0, 0)


def test_a_shelf_price_loses_its_tax_where_none_is_charged() -> None:
    shelf = Share(Decimal("119.00"), 1, 2, Decimal(1), Decimal("0.19"), Decimal("0.19"))
    found = order_amounts([shelf], freight=Decimal(0), currency="EUR", includes_tax=True)
    assert (found.net, found.tax, found.total) == (Decimal("200.00"), Decimal("38.00"), Decimal("238.00"))
    abroad = Share(Decimal("119.00"), 1, 2, Decimal(1), Decimal(0), Decimal("0.19"))
    found = order_amounts([abroad], freight=Decimal("9.90"), currency="EUR", includes_tax=True)
    assert (found.net, found.tax, found.total) == (Decimal("209.90"), 0, Decimal("209.90"))
