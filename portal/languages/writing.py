"""Days, moments, numbers and money as the reader writes them; English readers of many countries get the day before the month."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from babel import Locale, dates, numbers
from django.utils.translation import get_language

from portal.money import exponent

_LOCALES = {"en": "en_GB"}


def locale() -> Locale:
    """The reader's locale."""
    code = (get_language() or "en").split("-")[0]
    return Locale.parse(_LOCALES.get(code, code))


def money(amount: Decimal, currency: str) -> str:
    """An amount with its currency, in payable units: all its decimals, also where people there leave them out (RSD, ALL)."""
    places = exponent(currency)
    pattern = "¤#,##0" + ("." + "0" * places if places else "")
    return str(numbers.format_currency(amount, currency, pattern, locale=locale(), currency_digits=False))


def number(value: Decimal | int) -> str:
    """A number with its thousands apart."""
    return str(numbers.format_decimal(value, locale=locale()))


def percent(share: Decimal) -> str:
    """A fraction as a share of a hundred: 0.075 is "7.5%"."""
    return str(numbers.format_percent(share, "#,##0.##%", locale=locale()))


def plain_day(value: date) -> str:
    """A day with its year, without weekday: "3 May 2027"."""
    return str(dates.format_skeleton("yMMMd", value, locale=locale()))


def plain_moment(value: datetime) -> str:
    """A day with its year and the time, in the moment's own zone: "3 May 2027 14:05"."""
    return f"{plain_day(value.date())} {dates.format_time(value, 'HH:mm', tzinfo=value.tzinfo, locale=locale())}"
