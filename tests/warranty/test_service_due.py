"""When a service is due by the maker's advice: by hours or by the calendar, whichever comes first."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from tests import factories as make
from warranty.models import Reading, Replacement, ServiceInterval
from warranty.rules.service import Every, Meter, hours_on, service_due
from warranty.selectors.service import services_of

TODAY = date(2026, 11, 23)
STARTED = date(2026, 1, 1)
HALF = Every(500, None)


def meters(*shown: tuple[date, int]) -> list[Meter]:
    return [Meter(on, hours) for on, hours in shown]


@pytest.mark.parametrize(
    ("hours", "state", "left"),
    [(100, "LATER", 400), (449, "LATER", 51), (450, "SOON", 50), (500, "DUE", 0), (560, "DUE", -60)],
)
def test_by_hours_since_it_went_into_service(hours: int, state: str, left: int) -> None:
    found = service_due(HALF, started=STARTED, last_done=None, meters=meters((TODAY, hours)), today=TODAY)
    assert (found.state, found.at_hours, found.hours_left) == (state, 500, left)


def test_since_it_was_done_last_by_the_meter_of_that_day() -> None:
    shown = meters((date(2026, 3, 1), 200), (date(2026, 5, 1), 400), (TODAY, 700))
    found = service_due(HALF, started=STARTED, last_done=date(2026, 4, 1), meters=shown, today=TODAY)
    assert (found.at_hours, found.hours_left, found.state) == (
        801,
        101,
        "LATER",
    )  # 301 h then: half-way between both readings


@pytest.mark.parametrize(
    ("done", "state", "on"),
    [
        (date(2026, 6, 1), "SOON", date(2026, 12, 1)),
        (date(2026, 5, 23), "DUE", TODAY),
        (date(2026, 8, 31), "LATER", date(2027, 3, 1)),
    ],
)
def test_by_the_calendar(done: date, state: str, on: date) -> None:
    found = service_due(Every(None, 6), started=STARTED, last_done=done, meters=[], today=TODAY)
    assert (found.state, found.on, found.at_hours) == (state, on, None)


def test_whichever_comes_first() -> None:
    found = service_due(Every(500, 24), started=STARTED, last_done=None, meters=meters((TODAY, 510)), today=TODAY)
    assert found.state == "DUE"


def test_without_a_reading_hours_tell_nothing() -> None:
    found = service_due(HALF, started=STARTED, last_done=None, meters=[], today=TODAY)
    assert (found.state, found.hours_left) == ("LATER", None)


rises = st.lists(st.tuples(st.integers(0, 300), st.integers(0, 200)), min_size=1, max_size=8)


@given(rises, st.integers(0, 400))
def test_the_meter_of_a_day_lies_between_the_readings_around_it(steps: list[tuple[int, int]], after: int) -> None:
    shown, day, hours = [], STARTED, 0
    for days, more in steps:
        day, hours = day + timedelta(days=days), hours + more
        shown.append(Meter(day, hours))
    asked = STARTED + timedelta(days=after)
    found = hours_on(shown, asked, STARTED)
    before = [one.hours for one in shown if one.on < asked]
    later = [one.hours for one in shown if one.on >= asked]
    assert max(before, default=0) <= found <= (min(later) if later else max(before, default=0))


def test_many_machines_cost_no_more_questions_than_one(db: None) -> None:
    model, kit = make.make_model(), make.make_part()
    ServiceInterval.objects.create(model=model, name="500 h", kit=kit, every_hours=500, source="Manual, 6")
    machines = [make.make_equipment(model=model) for _ in range(5)]
    for number, machine in enumerate(machines):
        Reading.objects.create(equipment=machine, hours=400 + number * 50, read_at=datetime(2026, 11, 20, tzinfo=UTC))
    Replacement.objects.create(equipment=machines[4], part=kit, quantity=1, replaced_on=TODAY, how="FITTED", ref="r")
    counts = []
    for few in (machines[:1], machines):
        with CaptureQueriesContext(connection) as seen:
            found = services_of(few, on=TODAY)
        counts.append(len(seen))
    assert counts == [3, 3]
    states = [found[one.pk][0].due.state for one in machines]
    assert states == ["LATER", "SOON", "DUE", "DUE", "LATER"]


def test_a_machine_not_in_service_yet_asks_for_nothing(db: None) -> None:
    model = make.make_model()
    ServiceInterval.objects.create(model=model, name="500 h", kit=make.make_part(), every_hours=500, source="Manual")
    waiting = make.make_equipment(model=model, in_service=None)
    assert services_of([waiting], on=TODAY) == {waiting.pk: []}
