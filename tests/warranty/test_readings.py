"""Readings only run up."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from portal.accounts.actor import Actor
from portal.errors import Code, PortalError, Problem
from tests import factories as make
from tests.warranty.conftest import NOW, World
from warranty.models import Reading
from warranty.selectors.equipment import readings_of
from warranty.services.readings import reading_record

YESTERDAY = NOW - timedelta(days=1)


def record(actor: Actor, world: World, hours: int, **extra: Any) -> Reading:
    return reading_record(actor=actor, serial=extra.pop("serial", world.machine.serial), hours=hours, now=NOW, **extra)


def refused(actor: Actor, world: World, hours: int, **extra: Any) -> Problem:
    with pytest.raises(PortalError) as error:
        record(actor, world, hours, **extra)
    return error.value.problems[0]


def test_the_owner_the_dealer_and_the_house_record_readings(world: World) -> None:
    make.make_dealer_link(world.machine, world.dealer, granted=False)
    people = (world.customer, make.make_actor(world.dealer), make.make_actor(world.house, "TECHNICIAN"))
    for number, actor in enumerate(people):
        record(actor, world, 100 + number, read_at=YESTERDAY + timedelta(minutes=number))
    assert [r.hours for r in readings_of(world.machine)] == [102, 101, 100]


def test_a_reading_lower_than_the_last_is_refused_and_names_the_last(world: World) -> None:
    record(world.customer, world, 500, read_at=YESTERDAY)
    problem = refused(world.customer, world, 499)
    assert (problem.code, problem.field, problem.details["lastHours"]) == (Code.INVALID, "hours", 500)
    assert "500" in problem.message
    assert record(world.customer, world, 500).hours == 500


def test_a_reading_for_an_earlier_day_may_not_be_higher_than_the_next(world: World) -> None:
    record(world.customer, world, 500)
    assert refused(world.customer, world, 501, read_at=YESTERDAY).details["nextHours"] == 500
    assert record(world.customer, world, 499, read_at=YESTERDAY).hours == 499


def test_the_house_records_a_lower_reading_with_a_note_and_it_is_suspicious(world: World) -> None:
    record(world.customer, world, 500, read_at=YESTERDAY)
    assert refused(world.desk, world, 20).why == "reading_lower"
    assert record(world.desk, world, 20, note="meter replaced").suspicious


@pytest.mark.parametrize(
    ("hours", "extra", "field"),
    [
        (-1, {}, "hours"),
        (1_000_001, {}, "hours"),
        (1, {"read_at": NOW + timedelta(seconds=1)}, "readAt"),
        (1, {"read_at": datetime(2026, 11, 1)}, "readAt"),  # noqa: DTZ001  the point of the test
    ],
)
def test_bad_input_is_refused_by_field(world: World, hours: int, extra: dict[str, Any], field: str) -> None:
    problem = refused(world.customer, world, hours, **extra)
    assert (problem.code, problem.field) == (Code.INVALID, field)
    assert problem.message


def test_a_foreign_and_an_unknown_machine_are_both_not_there(world: World) -> None:
    foreign = refused(world.stranger, world, 1)
    unknown = refused(world.stranger, world, 1, serial="NO-SUCH")
    assert (
        (foreign.code, foreign.field, foreign.why)
        == (unknown.code, unknown.field, unknown.why)
        == (Code.NOT_FOUND, "serial", "")
    )


def test_a_repeat_by_reference_records_once(world: World) -> None:
    first = record(world.customer, world, 5, reference="a", read_at=YESTERDAY)
    assert record(world.customer, world, 5, reference="a", read_at=YESTERDAY) == first
    assert refused(world.customer, world, 6, reference="a", read_at=YESTERDAY).code == Code.REFERENCE_REUSED
    assert Reading.objects.count() == 1
