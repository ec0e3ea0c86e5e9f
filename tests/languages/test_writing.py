"""Days, money and numbers in letters and pages, as each reader writes them."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.utils import translation

from portal.languages import writing
from portal.notices.words import notice_words, register_notice_words

DATA = {
    "amount": "1234000",
    "currency": "KRW",
    "until_on": "2027-05-03",
    "seen_at": "2027-05-03T05:05:00+00:00",
    "zone": "Asia/Tokyo",
    "many": 1200,
}


@pytest.mark.parametrize(
    ("language", "told"),
    [
        ("en", "₩1,234,000, 3 May 2027, 3 May 2027 14:05, 1,200"),
        ("ko", "₩1,234,000, 2027년 5월 3일, 2027년 5월 3일 14:05, 1,200"),
        ("ja", "₩1,234,000, 2027年5月3日, 2027年5月3日 14:05, 1,200"),
    ],
)
def test_a_letter_writes_sums_days_and_moments_as_its_reader_does(
    language: str, told: str, monkeypatch: pytest.MonkeyPatch
):
    from portal.notices import words

    monkeypatch.setattr(words, "_TEMPLATES", {})
    register_notice_words("test", "{subject}", "{amount}, {until_on}, {seen_at}, {many}")
    with translation.override(language):
        assert notice_words("test", "1", DATA).text == told


@pytest.mark.parametrize(("language", "yen"), [("en", "JP¥1,234"), ("ko", "JP¥1,234"), ("ja", "\uffe51,234")])
def test_money_has_the_readers_sign(language: str, yen: str):
    with translation.override(language):
        assert writing.money(Decimal(1234), "JPY") == yen


def test_numbers_shares_and_moments():
    with translation.override("ja"):
        assert writing.number(1234567) == "1,234,567"
        assert writing.percent(Decimal("0.075")) == "7.5%"
        assert writing.plain_moment(datetime(2027, 5, 3, 5, 5, tzinfo=UTC)) == "2027年5月3日 05:05"
        assert writing.plain_day(date(2027, 5, 3)) == "2027年5月3日"
