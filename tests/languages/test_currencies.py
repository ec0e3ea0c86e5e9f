"""Every currency there is has its own decimals (ISO 4217), and a sum is written with all of them: what is read is what is owed."""

from __future__ import annotations

import re
from decimal import Decimal

import pytest
from babel.numbers import get_currency_precision, list_currencies
from django.utils import translation

from orders.papers.pdf import _pattern
from portal.languages.writing import money
from portal.money import exponent, quantise

# Where people leave out decimals that a sum there has all the same; babel goes by what people do.
LEFT_OUT = {
    "ADP",
    "AFN",
    "ALL",
    "BYR",
    "IRR",
    "ITL",
    "KPW",
    "LAK",
    "LBP",
    "LUF",
    "MGA",
    "MGF",
    "MMK",
    "MRO",
    "RSD",
    "SLL",
    "SOS",
    "STD",
    "SYP",
    "TMM",
    "TRL",
    "YER",
    "ZMK",
    "ZWD",
    "ESP",
    "IQD",
    "TPE",
}
IN_USE = {
    "AED",
    "BIF",
    "CHF",
    "CLP",
    "CNY",
    "DJF",
    "EUR",
    "GBP",
    "GNF",
    "INR",
    "JPY",
    "KMF",
    "KRW",
    "KWD",
    "LYD",
    "MGA",
    "PYG",
    "RSD",
    "RWF",
    "TND",
    "UGX",
    "USD",
    "VND",
    "VUV",
    "XAF",
    "XOF",
    "XPF",
    "ZAR",
}


def test_decimals_are_those_of_iso_4217() -> None:
    other = {one for one in list_currencies("en") if get_currency_precision(one) != exponent(one)}
    assert set(list_currencies("en")) >= IN_USE
    assert other & IN_USE <= LEFT_OUT
    assert [exponent(one) for one in ("XOF", "XAF", "XPF", "PYG", "UGX", "IQD", "LYD", "RSD", "ALL")] == [0, 0, 0, 0, 0, 3, 3, 2, 2]  # fmt: skip


@pytest.mark.parametrize("language", ["en", "ko", "ja"])
def test_a_sum_is_written_with_all_its_decimals_in_every_currency(language: str) -> None:
    with translation.override(language):
        for currency in IN_USE | LEFT_OUT:
            owed = quantise(Decimal("1234.567"), currency)
            digits = re.sub(r"[^0-9.]", "", money(owed, currency).split(currency)[-1])
            assert Decimal(digits) == owed, currency
            assert len(digits.partition(".")[2]) == exponent(currency)


def test_papers_write_as_many() -> None:
    assert [_pattern(places) for places in (0, 2, 3)] == ["#,##0", "#,##0.00", "#,##0.000"]
