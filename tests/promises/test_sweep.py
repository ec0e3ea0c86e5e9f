"""The sweep warns, breaks and posts late days: each once, in due order, at its nominal time."""

from __future__ import annotations

from datetime import date, time, timedelta

import pytest

from portal.promises.models import Promise
from portal.promises.services import promises_pause, promises_sweep
from tests.promises.conftest import SUBJECT, Start, at, days_told, line, told

pytestmark = pytest.mark.django_db
HELD = {"subject_kind": "order", "subject": SUBJECT, "reason": "BAD_ADDRESS", "cause": "CUSTOMER"}


def moment(text: str) -> str:
    """As messages write it; `at` gives local time, they are compared as instants."""
    return at(text).isoformat()


def test_nothing_happens_before_its_moment(start: Start) -> None:
    start()
    assert promises_sweep(at("11-24 23:59")) == 0
    assert told() == []


def test_the_last_day_is_warned_of_once(start: Start) -> None:
    promise = start()
    assert [promises_sweep(at("11-25 00:00")), promises_sweep(at("11-25 00:01"))] == [1, 0]
    [warned] = told()
    assert (warned["kind"], warned["which"], warned["subject"], warned["promise"]) == (
        "warned",
        "last_day",
        SUBJECT,
        promise.pk,
    )
    promise.refresh_from_db()
    assert (promise.state, promise.warned_at, promise.next_at) == ("RUNNING", at("11-25 00:00"), at("11-26 00:00"))


def test_the_last_collection_is_warned_of_two_hours_before(start: Start) -> None:
    start(last_collection=time(16, 30))
    assert promises_sweep(at("11-25 14:29")) == 1
    assert promises_sweep(at("11-25 14:30")) == 1
    assert [body["which"] for body in told()] == ["last_day", "last_collection"]


def test_hours_are_warned_of_at_four_fifths_and_break_to_the_minute(start: Start) -> None:
    promise = start(policy="hotline-reply", started_at=at("11-23 22:00"))
    assert promises_sweep(at("11-24 01:11")) == 0
    assert promises_sweep(at("11-24 01:12")) == 1
    assert promises_sweep(at("11-24 01:59")) == 0
    assert promises_sweep(at("11-24 02:00")) == 1
    assert [(body["kind"], body.get("which")) for body in told()] == [("warned", "four_fifths"), ("broken", None)]
    promise.refresh_from_db()
    assert (promise.state, promise.next_at) == ("BROKEN", None)  # no compensation: no late day to post


def test_a_break_names_what_is_open_and_when_it_was_due(start: Start, settle) -> None:
    promise = start(line("1", 5), line("2", 1))
    settle(("1", 2, at("11-24 12:00")), ("2", 1, at("11-24 12:00")), now=at("11-24 12:00"))
    promises_sweep(at("11-25 23:59"))
    assert promises_sweep(at("11-26 00:00")) == 2  # the break, and the first late day
    [broken] = told("broken")
    assert broken["open"] == [{"ref": "1", "quantity": 3}]
    promise.refresh_from_db()
    assert (promise.state, promise.broken_at) == ("BROKEN", at("11-26 00:00"))


def test_a_late_day_carries_what_a_credit_needs(start: Start) -> None:
    start(line("7", 3, "12.50"))
    promises_sweep(at("11-26 00:00"))
    [day] = told("late_day")
    assert (day["day"], day["date"], day["rate"], day["cap"], day["currency"]) == (
        1,
        "2026-11-26",
        "0.01000",
        "0.10000",
        "EUR",
    )
    assert day["lines"] == [{"ref": "7", "quantity": 3, "base": "12.50000000"}]


def test_a_sweep_that_slept_three_hundred_hours_posts_each_day_at_its_nominal_time(start: Start) -> None:
    start()
    assert promises_sweep(at("11-26 00:00") + timedelta(hours=300)) == 12  # warned, broken, ten days that pay
    assert days_told() == [(number, date(2026, 11, 25) + timedelta(days=number)) for number in range(1, 11)]
    assert [day["at"] for day in told("late_day")][::9] == ["2026-11-25T15:00:00+00:00", "2026-12-04T15:00:00+00:00"]
    assert promises_sweep(at("11-26 00:00") + timedelta(hours=3000)) == 0


def test_days_of_several_promises_come_in_due_order(start: Start) -> None:
    start(subject="A")
    start(subject="B", started_at=at("11-24 10:00"))
    promises_sweep(at("11-28 00:00"))
    from portal.outbox.models import OutboxMessage

    rows = OutboxMessage.objects.order_by("pk").values_list("payload", flat=True)
    moments = [row["at"] for row in rows]
    assert moments == sorted(moments)
    assert {row["subject"] for row in rows} == {"A", "B"}


def test_a_task_list_policy_neither_warns_nor_breaks(start: Start) -> None:
    promise = start(policy="visit-regular")
    assert promise.next_at is None
    assert promises_sweep(at("12-31 00:00")) == 0


def test_a_policy_without_compensation_posts_no_late_day(start: Start) -> None:
    start(policy="coverage-review", calendar="KR")
    promises_sweep(at("12-10 00:00"))
    assert [body["kind"] for body in told()] == ["warned", "broken"]


def test_days_held_for_the_customer_are_skipped_and_the_count_goes_on(start: Start) -> None:
    start()
    promises_sweep(at("11-26 09:00"))
    promises_pause(**HELD, at=at("11-26 10:00"), now=at("11-26 10:00"))
    promises_sweep(at("11-28 09:00"))
    assert days_told() == [(1, date(2026, 11, 26))]
    from portal.promises.services import promises_resume

    promises_resume(subject_kind="order", subject=SUBJECT, at=at("11-28 10:00"), now=at("11-28 10:00"))
    promises_sweep(at("11-30 00:00"))
    assert days_told() == [(1, date(2026, 11, 26)), (2, date(2026, 11, 29)), (3, date(2026, 11, 30))]


def test_a_promise_that_cannot_be_stepped_does_not_hold_up_the_others(
    start: Start, caplog: pytest.LogCaptureFixture
) -> None:
    broken = start(subject="A")
    start(subject="B", started_at=at("11-23 11:00"))
    Promise.objects.filter(pk=broken.pk).update(calendar="GONE")
    assert promises_sweep(at("11-26 00:00")) == 3
    assert f"promise {broken.pk}" in caplog.text
    broken.refresh_from_db()
    assert broken.next_at == at("11-25 00:00")  # still to be done when the calendar is back


def test_zones_break_at_their_own_midnight(start: Start) -> None:
    west = start(subject="W", zone="America/New_York", started_at=at("11-23 10:00", "America/New_York"))
    east = start(subject="E", zone="Pacific/Kiritimati", started_at=at("11-23 10:00", "Pacific/Kiritimati"))
    assert (west.due_at, east.due_at) == (
        at("11-26 00:00", "America/New_York"),
        at("11-26 00:00", "Pacific/Kiritimati"),
    )
    promises_sweep(east.due_at)
    assert (len(told("broken", "E")), len(told("broken", "W"))) == (1, 0)
    promises_sweep(west.due_at)
    assert len(told("broken", "W")) == 1
