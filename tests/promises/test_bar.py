"""The promise bar and the reading side."""

from __future__ import annotations

from datetime import date

import pytest
from pytest_django import DjangoAssertNumQueries

from portal.promises.selectors import promises_list, promises_of, share_used
from portal.promises.services import promises_pause, promises_sweep
from portal.promises.tasks import sweep
from tests.factories import make_company
from tests.promises.conftest import SUBJECT, Start, at, line, told

pytestmark = pytest.mark.django_db


def bar(promise, text: str) -> tuple[float, str]:
    found = share_used(promise, at(text))
    return round(found.share, 2), found.tone


def test_the_bar_runs_from_the_start_to_the_due_moment(start: Start) -> None:
    promise = start(started_at=at("11-23 00:00"))  # three days of wall time
    assert bar(promise, "11-23 00:00") == (0.0, "running")
    assert bar(promise, "11-24 12:00") == (0.5, "running")
    assert bar(promise, "11-25 12:00") == (0.83, "near")
    assert bar(promise, "11-26 00:00") == (1.0, "late")
    assert bar(promise, "12-26 00:00") == (1.0, "late")


def test_a_paused_bar_stands_still_and_an_ended_one_stops(start: Start, settle) -> None:
    start(started_at=at("11-23 00:00"))
    held = {"subject_kind": "order", "subject": SUBJECT, "reason": "BAD_ADDRESS", "cause": "CUSTOMER"}
    [paused] = promises_pause(**held, at=at("11-24 12:00"), now=at("11-24 12:00"))
    assert bar(paused, "12-24 12:00") == (0.5, "paused")
    start(subject="2", started_at=at("11-23 00:00"))
    [kept] = settle(("1", 1, at("11-24 12:00")), now=at("11-24 12:00"), subject="2")
    assert bar(kept, "12-24 12:00") == (0.5, "kept")


def test_promises_of_many_orders_cost_four_queries(
    start: Start, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(5):
        start(line("1"), line("2"), subject=str(number))
    with django_assert_num_queries(4):
        found = promises_of("order", [str(number) for number in range(6)])
        assert [len(found[str(number)]) for number in range(6)] == [1, 1, 1, 1, 1, 0]
        assert [len(row.facts.all()) for row in found["0"][0].lines.all()] == [0, 0]


def test_lists_are_by_company_state_policy_and_due_moment(start: Start, company) -> None:
    soon, later = start(), start(subject="2", started_at=at("11-24 10:00"))
    other = start(subject="3", company_id=make_company().pk, policy="agreed-delivery", agreed_on=date(2026, 11, 24))
    assert list(promises_list()) == [other, soon, later]
    assert list(promises_list(company_id=company.pk)) == [soon, later]
    assert list(promises_list(policy="agreed-delivery")) == [other]
    assert list(promises_list(due_before=at("11-26 00:00"))) == [other]
    promises_sweep(at("11-26 00:00"))
    assert list(promises_list(state="BROKEN", company_id=company.pk)) == [soon]


def test_the_task_sweeps_by_the_clock(start: Start, monkeypatch: pytest.MonkeyPatch) -> None:
    start()
    monkeypatch.setattr("portal.clock.now", lambda: at("11-25 08:00"))
    assert sweep() == 1
    assert [body["kind"] for body in told()] == ["warned"]
