"""The policies and calendars a new installation begins with; afterwards they are rows, changed in the admin."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

FROM = date(2000, 1, 1)
ONE_PERCENT, TEN_PERCENT = Decimal("0.01"), Decimal("0.10")

# rules.md section 1: code, name, allowance, unit, credited when late, alarm, wired
POLICIES: tuple[tuple[str, str, int, str, bool, bool, bool], ...] = (
    ("ship", "Handed to the carrier", 2, "DAYS", True, True, True),
    ("dealer-delivery", "Delivered to the dealer", 10, "DAYS", True, True, True),
    ("dealer-opening", "Opening order and kit delivered", 10, "DAYS", False, True, False),
    ("agreed-delivery", "Delivered on the agreed day", 0, "DATE", True, True, True),
    ("coverage-review", "Cover reviewed", 1, "WORKING_DAYS", False, True, True),
    ("complaint-reply", "Complaint answered", 24, "HOURS", False, True, False),
    ("complaint-resolve", "Complaint resolved", 1, "MONTHS", False, True, False),
    ("hotline-reply", "Question answered", 4, "HOURS", False, True, False),
    ("fluid-test", "Oil sample tested", 24, "HOURS", False, True, False),
    ("training", "Training held", 1, "MONTHS", False, True, False),
    ("marketing-support", "Marketing support delivered", 20, "DAYS", False, True, False),
    ("usage-guidance", "Guidance on use given", 10, "DAYS", False, True, False),
    ("usage-followup", "Use followed up", 3, "MONTHS", False, True, False),
    ("visit-regular", "Regular visit", 1, "MONTHS", False, False, False),
    ("visit-senior", "Visit by a senior", 6, "MONTHS", False, False, False),
    ("service-report", "Service report", 1, "MONTHS", False, False, False),
)

WEEKEND = (5, 6)
NEVER_CLOSED = "ALWAYS"
CALENDARS: dict[str, tuple[str, tuple[int, ...]]] = {
    NEVER_CLOSED: ("Never closed", ()),
    "KR": ("Korea", WEEKEND),
    "JP": ("Japan", WEEKEND),
    "DE": ("Germany", WEEKEND),
    "EU": ("European Union (TARGET)", WEEKEND),
}

# National holidays that fall on working days, with those moved to one, as announced; the next years are added in the admin.
HOLIDAYS: dict[str, dict[int, str]] = {
    "KR": {
        2026: "01-01 02-16 02-17 02-18 03-02 05-01 05-05 05-25 06-03 07-17 08-17 09-24 09-25 10-05 10-09 12-25",
        2027: "01-01 02-08 02-09 03-01 05-03 05-05 05-13 07-19 08-16 09-14 09-15 09-16 10-04 10-11 12-27",
        2028: "01-26 01-27 01-28 03-01 04-12 05-01 05-02 05-05 06-06 07-17 08-15 10-02 10-03 10-04 10-05 10-09 12-25",
    },
    "JP": {
        2026: "01-01 01-12 02-11 02-23 03-20 04-29 05-04 05-05 05-06 07-20 08-11 09-21 09-22 09-23 10-12 11-03 11-23",
        2027: "01-01 01-11 02-11 02-23 03-22 04-29 05-03 05-04 05-05 07-19 08-11 09-20 09-23 10-11 11-03 11-23",
        2028: "01-10 02-11 02-23 03-20 05-03 05-04 05-05 07-17 08-11 09-18 09-22 10-09 11-03 11-23",
    },
    "DE": {
        2026: "01-01 04-03 04-06 05-01 05-14 05-25 12-25",
        2027: "01-01 03-26 03-29 05-06 05-17",
        2028: "04-14 04-17 05-01 05-25 06-05 10-03 12-25 12-26",
    },
    "EU": {
        2026: "01-01 04-03 04-06 05-01 12-25",
        2027: "01-01 03-26 03-29",
        2028: "04-14 04-17 05-01 12-25 12-26",
    },
}


def holidays(calendar: str) -> list[date]:
    """The seeded holidays of a calendar."""
    years = HOLIDAYS.get(calendar, {}).items()
    return [date.fromisoformat(f"{year}-{day}") for year, days in years for day in days.split()]


def plant(policy: Any, calendar: Any, holiday: Any) -> None:
    """Write the rows that are missing; takes the models, since a migration has its own."""
    for code, name, allowance, unit, credited, alarm, wired in POLICIES:
        rates = {"late_rate": ONE_PERCENT, "late_cap": TEN_PERCENT} if credited else {}
        values = {"name": name, "allowance": allowance, "unit": unit, "alarm": alarm, "wired": wired}
        policy.objects.get_or_create(code=code, valid_from=FROM, defaults=values | rates)
    for code, (name, weekdays) in CALENDARS.items():
        row, is_new = calendar.objects.get_or_create(
            code=code, defaults={"name": name, "closed_weekdays": list(weekdays)}
        )
        if is_new:
            holiday.objects.bulk_create(holiday(calendar=row, day=day, name="Public holiday") for day in holidays(code))
