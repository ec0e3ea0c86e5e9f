"""Days of a warranty: the first day counts, the end is the last covered day."""

from __future__ import annotations

from calendar import monthrange
from datetime import date, timedelta


def last_covered_day(start: date, months: int) -> date:
    """The last day of a period of `months` that begins on `start`: the day before the same day of the last month.

    A month without that day ends the period on its own last day (Korean civil code, article 160):
    31 January and one month end on 28 or 29 February. Raises ValueError for less than one month.
    """
    if months < 1:
        raise ValueError(months)
    year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    if year > date.max.year:
        return date.max
    length = monthrange(year, month + 1)[1]
    if start.day > length:
        return date(year, month + 1, length)
    return date(year, month + 1, start.day) - timedelta(days=1)


def contract_year(starts_on: date, day: date) -> int:
    """Which year of a contract `day` falls in: 1 from the first day, 2 from its first anniversary, and so on.

    Raises ValueError for a day before the contract.
    """
    if day < starts_on:
        raise ValueError(day)
    years = day.year - starts_on.year
    return years + (0 if (day.month, day.day) < (starts_on.month, starts_on.day) else 1)
