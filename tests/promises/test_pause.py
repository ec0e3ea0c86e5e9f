"""Special reasons: the customer's hold pauses, ours does not, neither's needs evidence."""

from __future__ import annotations

from typing import Any

import pytest

from portal.errors import Code, PortalError
from portal.promises.models import Promise
from portal.promises.selectors import late_days, promises_of
from portal.promises.services import promises_pause, promises_resume, promises_sweep
from tests.promises.conftest import SUBJECT, Start, at, told

pytestmark = pytest.mark.django_db


def hold(moment: str, **given: Any) -> list[Promise]:
    """Held for a bad address unless told otherwise, recorded when it happened."""
    asked: dict[str, Any] = {
        "subject_kind": "order",
        "subject": SUBJECT,
        "reason": "BAD_ADDRESS",
        "cause": "CUSTOMER",
        "at": at(moment),
    }
    return promises_pause(**({"now": at(moment)} | asked | given))


def release(moment: str, now: str = "") -> list[Promise]:
    return promises_resume(subject_kind="order", subject=SUBJECT, at=at(moment), now=at(now or moment))


def test_the_customers_hold_pauses_and_moves_due_but_never_what_was_promised(start: Start) -> None:
    start()
    [paused] = hold("11-23 12:00")
    assert (paused.state, paused.next_at) == ("PAUSED", None)
    assert promises_sweep(at("11-30 00:00")) == 0
    [running] = release("11-30 10:00")
    assert (running.state, running.due_at, running.promised_at) == ("RUNNING", at("12-03 00:00"), at("11-26 00:00"))
    assert running.next_at == at("12-02 00:00")


def test_our_own_cause_pauses_nothing(start: Start) -> None:
    start()
    [running] = hold("11-23 12:00", reason="OUT_OF_STOCK", cause="OURS")
    assert (running.state, running.pauses.count()) == ("RUNNING", 0)
    promises_sweep(at("11-26 00:00"))
    assert len(told("broken")) == 1


def test_neithers_cause_pauses_with_evidence(start: Start) -> None:
    start()
    with pytest.raises(PortalError) as refused:
        hold("11-23 12:00", reason="CUSTOMS", cause="NEITHER")
    assert refused.value.problems[0].field == "evidence"
    [paused] = hold("11-23 12:00", reason="CUSTOMS", cause="NEITHER", evidence="letter of the customs office")
    assert (paused.state, paused.pauses.get().evidence) == ("PAUSED", "letter of the customs office")


def test_a_hold_on_a_broken_promise_leaves_it_broken_and_its_days_earn_nothing(start: Start, settle) -> None:
    start()
    promises_sweep(at("11-26 09:00"))
    assert hold("11-26 10:00")[0].state == "BROKEN"
    [broken] = release("11-28 10:00")
    assert (broken.state, broken.due_at) == ("BROKEN", at("11-26 00:00"))
    settle(("1", 1, at("11-29 09:00")), now=at("11-29 09:00"))
    [settled] = told("settled")
    assert (settled["state"], settled["days_late"], settled["lines"][0]["days_late"]) == (
        "KEPT_LATE",
        2,
        2,
    )  # the 26th, the 29th


def test_a_hold_found_after_the_break_the_sweep_had_not_seen_still_breaks(start: Start) -> None:
    start()
    [broken] = hold("11-26 10:00")
    assert broken.state == "BROKEN"
    assert [body["kind"] for body in told()] == ["broken", "late_day"]


def test_a_hold_typed_late_cannot_unbreak_what_was_broken(start: Start) -> None:
    start()
    promises_sweep(at("11-26 09:00"))
    [broken] = hold("11-25 10:00", now=at("11-26 10:00"))
    assert (broken.state, broken.pauses.get().started_at) == ("BROKEN", at("11-26 00:00"))


def test_neithers_hold_on_a_broken_promise_earns_on(start: Start) -> None:
    start()
    promises_sweep(at("11-26 09:00"))
    hold("11-26 10:00", reason="CUSTOMS", cause="NEITHER", evidence="storm warning")
    promises_sweep(at("11-28 00:00"))
    assert [body["day"] for body in told("late_day")] == [1, 2, 3]


def test_the_same_hold_twice_is_one_and_a_release_of_nothing_does_nothing(start: Start) -> None:
    start()
    hold("11-23 12:00")
    assert hold("11-23 13:00")[0].pauses.count() == 1
    release("11-23 14:00")
    assert release("11-23 15:00") == []


def test_a_hold_begun_before_the_start_counts_from_the_start(start: Start) -> None:
    start()
    [paused] = hold("11-20 12:00", now=at("11-23 12:00"))
    assert paused.pauses.get().started_at == at("11-23 10:00")


def test_a_moved_last_day_is_warned_of_again(start: Start) -> None:
    start()
    promises_sweep(at("11-25 08:00"))
    hold("11-25 09:00")
    release("11-27 09:00")
    promises_sweep(at("11-27 09:00"))
    promises_sweep(at("11-28 00:00"))
    assert [body["kind"] for body in told()] == ["warned", "warned", "broken", "late_day"]


def test_a_hand_over_during_a_hold_keeps_the_promise(start: Start, settle) -> None:
    start()
    hold("11-25 12:00")
    [kept] = settle(("1", 1, at("11-27 12:00")), now=at("11-27 13:00"))
    assert (kept.state, kept.due_at) == ("KEPT", at("11-28 00:00"))


def test_nothing_is_late_while_it_is_paused(start: Start) -> None:
    start()
    hold("11-25 12:00", reason="CUSTOMS", cause="NEITHER", evidence="letter of the customs office")
    [promise] = promises_of("order", [SUBJECT])[SUBJECT]
    assert late_days(promise, at("12-05 12:00")) == 0


def test_only_the_policies_named_are_held(start: Start) -> None:
    start()
    start(policy="coverage-review")
    hold("11-23 12:00", policies=["ship"])
    assert dict(Promise.objects.values_list("policy_code", "state")) == {"ship": "PAUSED", "coverage-review": "RUNNING"}


def test_what_has_ended_is_not_held(start: Start, settle) -> None:
    start()
    settle(("1", 1, at("11-23 12:00")), now=at("11-23 12:00"))
    assert hold("11-23 13:00") == []


@pytest.mark.parametrize("given", [{"reason": ""}, {"cause": "NOBODY"}, {"at": at("11-23 12:01")}])
def test_a_hold_without_a_reason_a_cause_or_its_time_is_refused(start: Start, given: dict[str, Any]) -> None:
    start()
    with pytest.raises(PortalError) as refused:
        hold("11-23 12:00", **given)
    assert refused.value.code is Code.INVALID


def test_a_release_in_the_future_is_refused(start: Start) -> None:
    start()
    hold("11-23 12:00")
    with pytest.raises(PortalError):
        release("11-24 12:00", now="11-24 11:59")


def test_late_days_shown_leave_out_those_held(start: Start) -> None:
    start()
    promises_sweep(at("11-26 09:00"))
    hold("11-26 10:00")
    release("11-28 10:00")
    [promise] = promises_of("order", [SUBJECT])[SUBJECT]
    assert [
        late_days(promise, at(moment)) for moment in ("11-25 23:59", "11-26 00:00", "11-28 23:59", "11-29 00:00")
    ] == [0, 1, 1, 2]
