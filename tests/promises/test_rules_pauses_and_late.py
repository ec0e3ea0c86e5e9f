"""What moves a due moment, and which late days count."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import islice, pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.promises.rules.days import close_of_day, local_day, open_of_day
from portal.promises.rules.due import Terms, due_at, moved_due
from portal.promises.rules.late import LateDay, Piece, dates_late, days_to_cap, earned, late_days, open_pieces
from portal.promises.rules.pauses import Pause, length, midnights, spans
from portal.promises.rules.words import Cause, Unit

ZONE = "Asia/Seoul"
FAR = datetime(2100, 1, 1, tzinfo=UTC)


def at(text: str, zone: str = ZONE) -> datetime:
    """`23 10:00`: that day of November 2026."""
    return datetime.fromisoformat(f"2026-11-{text}").replace(tzinfo=ZoneInfo(zone))


def pause(start: str, end: str | None, cause: Cause = Cause.CUSTOMER) -> Pause:
    return Pause(at(start), at(end) if end else None, cause)


def never(day: date) -> bool:
    return False


def weekend(day: date) -> bool:
    return day.weekday() in (5, 6)


def moved(*pauses: Pause, closed=never, until: datetime = FAR) -> str:
    """The due day of a promise of two days started on Monday the 23rd."""
    terms = Terms(2, Unit.DAYS, ZONE)
    due = moved_due(due_at(at("23 10:00"), terms, closed), terms, pauses, closed, until=until)
    return f"{(due - timedelta(seconds=1)).astimezone(ZoneInfo(ZONE)):%d %a}"


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        ("23 12:00", "23 18:00", "25 Wed"),  # no midnight in it
        ("23 12:00", "24 00:00", "25 Wed"),  # up to midnight, not over it
        ("24 00:00", "24 00:01", "26 Thu"),  # midnight itself
        ("23 23:59", "24 00:01", "26 Thu"),
        ("23 12:00", "26 09:00", "28 Sat"),  # over the first due moment: three midnights
        ("25 23:59", "27 09:00", "27 Fri"),
        ("26 00:00", "28 00:00", "25 Wed"),  # begun when it was broken already
    ],
)
def test_due_moves_by_the_local_midnights_a_hold_contains(start: str, end: str, expected: str) -> None:
    assert moved(pause(start, end)) == expected


def test_a_moved_due_day_that_is_closed_gives_the_next_open_one() -> None:
    assert moved(pause("23 12:00", "26 09:00"), closed=weekend) == "30 Mon"


def test_holds_that_overlap_count_no_midnight_twice() -> None:
    assert moved(pause("23 12:00", "25 12:00"), pause("24 12:00", "25 13:00", Cause.NEITHER)) == "27 Fri"


def test_a_second_hold_counts_when_the_first_had_moved_the_due_moment_beyond_it() -> None:
    assert moved(pause("25 12:00", "26 12:00"), pause("26 13:00", "27 12:00")) == "27 Fri"
    assert moved(pause("26 13:00", "27 12:00")) == "25 Wed"


def test_an_open_hold_counts_up_to_the_moment_asked() -> None:
    assert moved(pause("23 12:00", None), until=at("25 12:00")) == "27 Fri"


def test_a_hold_moves_hours_by_its_length() -> None:
    terms = Terms(4, Unit.HOURS, ZONE)
    held = pause("23 11:00", "23 12:30")
    assert moved_due(at("23 14:00"), terms, [held], never, until=FAR) == at("23 15:30")


moments = st.datetimes(datetime(2026, 1, 1), datetime(2026, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001
zones = st.sampled_from(
    ["Etc/GMT+12", "America/New_York", "UTC", "Europe/Berlin", "Asia/Seoul", "Pacific/Kiritimati", "Africa/Cairo"]
)


@given(st.lists(moments, min_size=3, max_size=3).map(sorted), zones)
def test_midnights_of_two_halves_add_up(cut: list[datetime], zone: str) -> None:
    start, middle, end = cut
    assert midnights((start, middle), zone) + midnights((middle, end), zone) == midnights((start, end), zone)


@given(st.lists(st.tuples(moments, moments), max_size=5), moments, st.integers(1, 20), zones)
def test_holds_move_a_due_moment_only_later(
    ranges: list[tuple[datetime, datetime]], start: datetime, days: int, zone: str
) -> None:
    terms = Terms(days, Unit.DAYS, zone)
    first = due_at(start, terms, weekend)
    pauses = [Pause(min(pair), max(pair), Cause.CUSTOMER) for pair in ranges]
    whole = moved_due(first, terms, pauses, weekend, until=FAR)
    assert whole >= first
    assert moved_due(first, terms, pauses[:1], weekend, until=FAR) <= whole
    assert local_day(whole, zone) > local_day(whole - timedelta(microseconds=1), zone)


@given(st.lists(st.tuples(moments, moments), max_size=6))
def test_time_held_is_never_counted_twice(ranges: list[tuple[datetime, datetime]]) -> None:
    found = spans([Pause(min(pair), max(pair), Cause.CUSTOMER) for pair in ranges], until=FAR)
    assert all(first[1] < second[0] for first, second in pairwise(found))
    assert sum((length(span) for span in found), timedelta()) <= timedelta(days=366)


DUE = close_of_day(date(2026, 11, 25), ZONE)


@pytest.mark.parametrize(
    ("moment", "days"), [("25 23:59", 0), ("26 00:00", 1), ("26 23:59", 1), ("27 00:00", 2), ("30 12:00", 5)]
)
def test_late_days_are_the_dates_after_the_due_date_from_their_first_moment(moment: str, days: int) -> None:
    assert dates_late(DUE, at(moment), ZONE) == days
    assert len(list(late_days(DUE, ZONE, (), until=at(moment)))) == days


def test_a_promise_by_the_hour_is_late_at_once_but_its_late_days_begin_at_midnight() -> None:
    due = at("25 14:00")
    assert dates_late(due, at("25 18:00"), ZONE) == 0
    assert dates_late(due, at("26 00:00"), ZONE) == 1


def test_a_day_begun_while_the_customer_held_us_back_does_not_count() -> None:
    days = list(late_days(DUE, ZONE, [pause("26 15:00", "28 09:00")], until=at("30 12:00")))
    assert [(day.number, day.date.day) for day in days] == [(1, 26), (2, 29), (3, 30)]


def test_a_day_held_for_neither_counts() -> None:
    assert len(list(late_days(DUE, ZONE, [pause("26 15:00", "28 09:00", Cause.NEITHER)], until=at("30 12:00")))) == 5


def test_while_a_hold_of_the_customers_is_open_no_further_day_is_looked_for() -> None:
    assert [day.date.day for day in late_days(DUE, ZONE, [pause("27 15:00", None)])] == [26, 27]


def test_a_day_a_zone_leaves_out_is_no_late_day() -> None:
    due = close_of_day(date(2011, 12, 28), "Pacific/Apia")  # the 30th did not happen there
    assert [day.date.day for day in islice(late_days(due, "Pacific/Apia", ()), 3)] == [29, 31, 1]


def test_the_day_the_cap_is_reached_is_the_last_that_pays() -> None:
    assert days_to_cap(Decimal("0.01"), Decimal("0.10")) == 10
    assert days_to_cap(Decimal("0.03"), Decimal("0.10")) == 4
    assert days_to_cap(Decimal(0), Decimal(0)) == 0


def test_a_line_earns_on_each_day_for_the_pieces_still_owed_at_its_first_moment() -> None:
    days = list(late_days(DUE, ZONE, (), until=at("30 12:00")))
    pieces = [Piece(4, at("27 18:00")), Piece(6, at("28 00:00"))]
    assert earned(10, pieces, days) == (10, 10, 6)
    assert open_pieces(10, pieces, at("28 00:00")) == 6  # what happens at that very moment comes too late for it
    assert earned(10, [Piece(10, at("25 23:00"))], days) == ()


@given(moments, st.timedeltas(timedelta(0), timedelta(days=90)), st.timedeltas(timedelta(0), timedelta(days=90)), zones)
def test_late_days_never_grow_fewer_with_time(due: datetime, first: timedelta, more: timedelta, zone: str) -> None:
    due = open_of_day(local_day(due, zone), zone)
    early, late = (list(late_days(due, zone, (), until=due + gap)) for gap in (first, first + more))
    assert late[: len(early)] == early
    assert len(early) == dates_late(due, due + first, zone)
    assert [day.number for day in late] == list(range(1, len(late) + 1))


@given(moments, st.lists(st.tuples(moments, moments), max_size=4), zones)
def test_customer_holds_only_take_late_days_away(
    due: datetime, ranges: list[tuple[datetime, datetime]], zone: str
) -> None:
    until = datetime(2027, 1, 5, tzinfo=UTC)
    due = open_of_day(local_day(due, zone), zone)
    pauses = [Pause(min(pair), max(pair), Cause.CUSTOMER) for pair in ranges]
    free: set[LateDay] = {LateDay(0, day.date, day.at) for day in late_days(due, zone, (), until=until)}
    held = {LateDay(0, day.date, day.at) for day in late_days(due, zone, pauses, until=until)}
    assert held <= free
    assert all(any(p.started_at <= day.at < (p.ended_at or FAR) for p in pauses) for day in free - held)
