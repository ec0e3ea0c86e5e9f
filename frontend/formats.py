"""Days, moments and spans of the pages as the reader writes them."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal

from babel import dates, numbers
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portal.languages.writing import locale, money, number, percent, plain_day
from portal.money import exponent

__all__ = [
    "about",
    "country",
    "day",
    "days_told",
    "exact_money",
    "hours",
    "locale",
    "moment",
    "money",
    "number",
    "percent",
    "places",
    "plain_day",
    "shelf_life",
    "short",
    "span",
]


def exact_money(amount: Decimal, currency: str) -> str:
    """A published price as it stands, with the decimals it needs: prices per 100 pieces lie below a cent."""
    places = max(exponent(currency), -int(amount.normalize().as_tuple().exponent))
    pattern = "¤#,##0" + ("." + "0" * places if places else "")
    return str(numbers.format_currency(amount, currency, pattern, locale=locale(), currency_digits=False))


def short(value: Decimal) -> str:
    """A sum in two figures, to stand on a column: "7.6", "45K"."""
    many = numbers.format_compact_decimal(value, locale=locale(), fraction_digits=1)
    whole = numbers.format_compact_decimal(value, locale=locale(), fraction_digits=0)
    return str(many if sum(one.isdigit() for one in whole) < 2 else whole)


def about(value: Decimal) -> str:
    """A number with one decimal at most: "2.4", "12"."""
    return str(numbers.format_decimal(value, "#,##0.#", locale=locale()))


def day(value: date, *, now: date | None = None) -> str:
    """A day with its weekday: "Tue 24 Nov"; with the year when it is not this one."""
    this_year = (now or timezone.localdate()).year
    return str(dates.format_skeleton("MMMEd" if value.year == this_year else "yMMMEd", value, locale=locale())).replace(
        ",", ""
    )


def moment(value: datetime) -> str:
    """A day and the time, in the zone in force."""
    local = timezone.localtime(value)
    return f"{day(local.date())} {dates.format_time(local, 'HH:mm', locale=locale())}"


def span(value: timedelta) -> str:
    """How long, in the two largest units: "1 day 4 h", "3 h 20 min"."""
    minutes = max(0, int(value.total_seconds())) // 60
    days, hours, minutes = minutes // 1440, minutes // 60 % 24, minutes % 60
    if days:
        told = ngettext("%(days)d day", "%(days)d days", days) % {"days": days}
        return f"{told} {_('%(hours)d h') % {'hours': hours}}" if hours and days < 7 else told
    if hours:
        told = _("%(hours)d h") % {"hours": hours}
        return f"{told} {_('%(minutes)d min') % {'minutes': minutes}}" if minutes and hours < 6 else told
    return _("%(minutes)d min") % {"minutes": minutes}


def country(code: str) -> str:
    """A country in the reader's language; a code nobody knows as it is."""
    return str(locale().territories.get(code.upper(), code))


def shelf_life(days: int) -> str:
    """Whole years as years, anything else as days."""
    years, rest = divmod(days, 365)
    return days_told(days) if rest else ngettext("%(years)d year", "%(years)d years", years) % {"years": years}


def places(lines: list[int]) -> str:
    """Places of lines, those in a row drawn together: "1–3, 7"."""
    runs: list[list[int]] = []
    for one in sorted(lines):
        if runs and runs[-1][-1] == one - 1:
            runs[-1][1:] = [one]
        else:
            runs.append([one])
    return ", ".join("–".join(str(end) for end in run) for run in runs)


def hours(value: int) -> str:
    """What an hour meter shows: "12,400 h"."""
    return _("%(many)s h") % {"many": number(value)}


def days_told(count: int) -> str:
    """A number of days."""
    return ngettext("%(days)d day", "%(days)d days", count) % {"days": count}
