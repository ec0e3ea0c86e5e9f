"""Days, money and spans as readers write them."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.utils import translation

from frontend import formats


@pytest.mark.parametrize(("language", "told"), [("en", "Tue 24 Nov"), ("ko", "11월 24일 (화)"), ("ja", "11月24日(火)")])
def test_a_day_is_written_as_the_reader_does(language: str, told: str):
    with translation.override(language):
        assert formats.day(date(2026, 11, 24), now=date(2026, 1, 1)) == told


def test_a_day_of_another_year_names_it():
    assert formats.day(date(2027, 5, 3), now=date(2026, 1, 1)) == "Mon 3 May 2027"


@pytest.mark.parametrize(
    ("amount", "currency", "told"),
    [("84000", "KRW", "₩84,000"), ("1234.5", "EUR", "€1,234.50"), ("-3", "JPY", "-JP¥3")],
)
def test_money_has_the_currencys_decimals(amount: str, currency: str, told: str):
    assert formats.money(Decimal(amount), currency) == told


@pytest.mark.parametrize(("amount", "told"), [("0.004", "€0.004"), ("12.500", "€12.50"), ("100", "€100.00")])
def test_a_published_price_keeps_the_decimals_it_needs(amount: str, told: str):
    assert formats.exact_money(Decimal(amount), "EUR") == told


@pytest.mark.parametrize(
    ("value", "told"),
    [
        (timedelta(days=1, hours=4, minutes=50), "1 day 4 h"),
        (timedelta(days=8, hours=4), "8 days"),
        (timedelta(hours=3, minutes=20), "3 h 20 min"),
        (timedelta(minutes=-5), "0 min"),
    ],
)
def test_a_span_is_told_in_two_units(value: timedelta, told: str):
    assert formats.span(value) == told


def test_places_in_a_row_are_drawn_together():
    assert formats.places([1, 2, 3, 7, 9, 8]) == "1–3, 7–9"
    assert formats.places([4]) == "4"


def test_a_shelf_life_of_whole_years_is_told_in_years():
    assert formats.shelf_life(1825) == "5 years"
    assert formats.shelf_life(400) == "400 days"


@pytest.mark.parametrize(("language", "told"), [("en", "South Korea"), ("ko", "대한민국"), ("ja", "韓国")])
def test_a_country_is_named_as_the_reader_names_it(language: str, told: str):
    with translation.override(language):
        assert formats.country("KR") == told
        assert formats.country("??") == "??"
