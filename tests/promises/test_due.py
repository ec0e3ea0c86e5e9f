"""When a promise is due: close of the last local day, in any zone, over daylight saving."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.promises.rules.days import TICK, close_of_day, last_day, local_day, months_after, open_of_day
from portal.promises.rules.due import Terms, due_at, warnings
from portal.promises.rules.words import Unit, Which

SEOUL, BERLIN, NEW_YORK = "Asia/Seoul", "Europe/Berlin", "America/New_York"
FAR_APART = [
    "Etc/GMT+12",
    "Pacific/Pago_Pago",
    "America/St_Johns",
    "America/Sao_Paulo",
    "UTC",
    "Africa/Cairo",
    "Asia/Beirut",
]
FAR_APART += [
    "Asia/Kathmandu",
    "Australia/Lord_Howe",
    "Pacific/Apia",
    "Pacific/Chatham",
    "Pacific/Kiritimati",
    BERLIN,
    NEW_YORK,
]
zones = st.sampled_from(FAR_APART)
instants = st.datetimes(datetime(2000, 1, 1), datetime(2037, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
units = st.sampled_from([Unit.DAYS, Unit.WORKING_DAYS, Unit.MONTHS, Unit.HOURS])


def never(day: date) -> bool:
    return False


def weekend(day: date) -> bool:
    return day.weekday() in (5, 6)


def local(text: str, zone: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone))


def due(start: str, allowance: int, unit: Unit, *, zone: str = SEOUL, closed=never, agreed: date | None = None) -> str:
    """Local time of the due moment."""
    found = due_at(local(start, zone), Terms(allowance, unit, zone, agreed), closed)
    assert found.tzinfo is UTC
    return f"{found.astimezone(ZoneInfo(zone)):%Y-%m-%d %H:%M}"


@pytest.mark.parametrize(
    ("start", "expected"),
    [
        ("2026-11-23 00:00", "2026-11-26 00:00"),  # a Monday from its first moment
        ("2026-11-23 23:59", "2026-11-26 00:00"),  # to its last
        ("2026-11-26 10:00", "2026-12-01 00:00"),  # Thursday and two days is a Saturday: Monday closes it
        ("2026-11-27 10:00", "2026-12-01 00:00"),
    ],
)
def test_two_days_end_with_the_second_day_after_the_start_or_the_next_open_one(start: str, expected: str) -> None:
    assert due(start, 2, Unit.DAYS, closed=weekend) == expected


def test_the_start_is_counted_on_the_day_of_the_place_not_of_utc() -> None:
    assert due("2026-11-24 08:00", 2, Unit.DAYS) == "2026-11-27 00:00"  # 23 November in UTC
    assert due("2026-11-23 20:00", 2, Unit.DAYS, zone=NEW_YORK) == "2026-11-26 00:00"  # 24 November in UTC


def test_working_days_skip_closed_days_on_the_way() -> None:
    assert due("2026-11-26 10:00", 3, Unit.WORKING_DAYS, closed=weekend) == "2026-12-02 00:00"
    assert due("2026-11-27 10:00", 1, Unit.WORKING_DAYS, closed=weekend) == "2026-12-01 00:00"
    assert due("2026-11-28 10:00", 1, Unit.WORKING_DAYS, closed=weekend) == "2026-12-01 00:00"


@pytest.mark.parametrize(
    ("start", "months", "expected"),
    [
        ("2026-01-31 10:00", 1, "2026-03-01 00:00"),  # February has 28 days
        ("2028-01-31 10:00", 1, "2028-03-01 00:00"),  # and 29 in 2028
        ("2026-03-31 10:00", 1, "2026-05-01 00:00"),
        ("2026-12-15 10:00", 1, "2027-01-16 00:00"),
        ("2026-08-31 10:00", 6, "2027-03-01 00:00"),
    ],
)
def test_months_end_on_the_same_day_or_the_last_of_a_shorter_month(start: str, months: int, expected: str) -> None:
    assert due(start, months, Unit.MONTHS) == expected


def test_hours_run_on_by_the_minute_through_night_and_closed_days() -> None:
    assert due("2026-11-27 22:17", 4, Unit.HOURS, closed=lambda day: True) == "2026-11-28 02:17"


def test_four_hours_stay_four_hours_when_clocks_change() -> None:
    assert due("2026-03-29 00:30", 4, Unit.HOURS, zone=BERLIN) == "2026-03-29 05:30"
    assert due("2026-10-25 00:30", 4, Unit.HOURS, zone=BERLIN) == "2026-10-25 03:30"


def test_a_day_is_over_at_midnight_on_short_and_long_days() -> None:
    assert due("2026-03-27 12:00", 2, Unit.DAYS, zone=BERLIN) == "2026-03-30 00:00"
    assert close_of_day(date(2026, 3, 29), BERLIN) - open_of_day(date(2026, 3, 29), BERLIN) == timedelta(hours=23)
    assert close_of_day(date(2026, 10, 25), BERLIN) - open_of_day(date(2026, 10, 25), BERLIN) == timedelta(hours=25)


def test_a_day_without_a_midnight_begins_when_its_clock_does() -> None:
    cairo = open_of_day(date(2026, 4, 24), "Africa/Cairo")  # clocks jump from 00:00 to 01:00
    assert f"{cairo.astimezone(ZoneInfo('Africa/Cairo')):%d %H:%M}" == "24 01:00"
    assert local_day(cairo - TICK, "Africa/Cairo") == date(2026, 4, 23)


def test_a_day_that_comes_again_is_over_only_after_the_second_time() -> None:
    newfoundland = close_of_day(date(2010, 11, 6), "America/St_Johns")  # 00:01 went back to 23:01 of the day before
    assert local_day(newfoundland - TICK, "America/St_Johns") == date(2010, 11, 6)
    assert local_day(newfoundland, "America/St_Johns") == date(2010, 11, 7)


def test_an_agreed_day_stands_as_agreed_even_when_closed() -> None:
    saturday = date(2026, 11, 28)
    assert due("2026-11-23 10:00", 0, Unit.DATE, closed=weekend, agreed=saturday) == "2026-11-29 00:00"
    assert due("2026-11-23 10:00", 2, Unit.DAYS, closed=weekend, agreed=saturday) == "2026-11-29 00:00"


def test_an_agreed_day_gone_by_at_the_start_gives_the_allowance() -> None:
    assert due("2026-11-23 10:00", 2, Unit.DAYS, agreed=date(2026, 11, 20)) == "2026-11-26 00:00"
    assert due("2026-11-23 10:00", 0, Unit.DATE, agreed=date(2026, 11, 20)) == "2026-11-24 00:00"


def test_warned_at_the_opening_of_the_last_day_and_two_hours_before_its_last_collection() -> None:
    terms = Terms(2, Unit.DAYS, SEOUL, last_collection=time(16, 30))
    given_ = warnings(due_at(local("2026-11-23 10:00", SEOUL), terms, never), terms)
    assert [(at.astimezone(ZoneInfo(SEOUL)).isoformat()[:16], which) for at, which in given_] == [
        ("2026-11-25T00:00", Which.LAST_DAY),
        ("2026-11-25T14:30", Which.LAST_COLLECTION),
    ]


def test_hours_are_warned_of_at_four_fifths() -> None:
    start = local("2026-11-23 10:00", SEOUL)
    terms = Terms(24, Unit.HOURS, SEOUL)
    assert warnings(due_at(start, terms, never), terms) == [
        (start + timedelta(hours=19, minutes=12), Which.FOUR_FIFTHS)
    ]


@pytest.mark.parametrize("year", [2010, 2011, 2024, 2026])  # Samoa left a day out in 2011
def test_every_day_of_every_zone_is_over_exactly_when_its_date_is(year: int) -> None:
    for zone in sorted(available_timezones() - {"localtime", "Factory"}):
        for number in range(365):
            day = date(year, 1, 1) + timedelta(days=number)
            close = close_of_day(day, zone)
            assert local_day(close, zone) > day >= local_day(close - TICK, zone), (zone, day)


@given(instants, st.integers(0, 60), units, zones)
def test_never_early_whole_allowance_and_a_full_last_day(
    start: datetime, allowance: int, unit: Unit, zone: str
) -> None:
    found = due_at(start, Terms(allowance, unit, zone), weekend)
    assert found >= start
    if unit is Unit.HOURS:
        assert found - start == timedelta(hours=allowance)
        return
    day = last_day(found, zone)
    assert found == close_of_day(day, zone)
    assert not weekend(day)
    least = (
        months_after(local_day(start, zone), allowance)
        if unit is Unit.MONTHS
        else local_day(start, zone) + timedelta(days=allowance)
    )
    assert day >= least


@given(instants, st.timedeltas(timedelta(0), timedelta(days=400)), st.integers(0, 60), units, zones)
def test_a_later_start_is_never_due_earlier(
    start: datetime, later: timedelta, allowance: int, unit: Unit, zone: str
) -> None:
    terms = Terms(allowance, unit, zone)
    assert due_at(start, terms, weekend) <= due_at(start + later, terms, weekend)


@given(instants, st.integers(0, 60), units, zones)
def test_more_allowance_is_never_due_earlier(start: datetime, allowance: int, unit: Unit, zone: str) -> None:
    assert due_at(start, Terms(allowance, unit, zone), weekend) <= due_at(
        start, Terms(allowance + 1, unit, zone), weekend
    )
