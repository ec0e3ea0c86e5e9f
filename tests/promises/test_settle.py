"""Facts held against promises: kept, kept late, disproved, reopened."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from portal.errors import Code, PortalError
from portal.promises.models import Promise
from portal.promises.services import promises_sweep
from tests.promises.conftest import Start, at, days_told, line, told

pytestmark = pytest.mark.django_db


def test_the_last_promised_piece_keeps_the_promise(start: Start, settle) -> None:
    start(line("1", 2), line("2", 1))
    facts = [("1", 2, at("11-24 12:00"))]
    assert settle(*facts, now=at("11-24 12:00"))[0].state == "RUNNING"
    [kept] = settle(*facts, ("2", 1, at("11-25 23:59")), now=at("11-26 08:00"))
    assert (kept.state, kept.stopped_at, kept.next_at) == ("KEPT", at("11-25 23:59"), None)
    [settled] = told()
    assert (settled["kind"], settled["state"], settled["days_late"]) == ("settled", "KEPT", 0)
    assert [(row["ref"], row["days_late"], row["pieces"]) for row in settled["lines"]] == [("1", 0, []), ("2", 0, [])]


def test_midnight_itself_is_too_late(start: Start, settle) -> None:
    start()
    assert settle(("1", 1, at("11-26 00:00")), now=at("11-26 00:00"))[0].state == "KEPT_LATE"


def test_the_same_facts_again_say_nothing(start: Start, settle) -> None:
    start()
    facts = [("1", 1, at("11-24 12:00"))]
    settle(*facts, now=at("11-24 12:00"))
    settle(*facts, now=at("11-29 12:00"))
    assert len(told()) == 1


def test_a_late_hand_over_posts_the_days_the_sweep_had_not_and_ends(start: Start, settle) -> None:
    start(line("1", 2))
    [late] = settle(("1", 2, at("11-28 09:00")), now=at("11-28 10:00"))
    assert (late.state, late.broken_at, late.stopped_at) == ("KEPT_LATE", at("11-26 00:00"), at("11-28 09:00"))
    assert [body["kind"] for body in told()] == ["broken", "late_day", "late_day", "late_day", "settled"]
    assert datetime.fromisoformat(told("broken")[0]["stopped_at"]) == at("11-28 09:00")
    [settled] = told("settled")
    assert (settled["state"], settled["days_late"], settled["lines"][0]["pieces"]) == ("KEPT_LATE", 3, [2, 2, 2])
    assert promises_sweep(at("12-30 00:00")) == 0


def test_late_pieces_earn_until_they_go(start: Start, settle) -> None:
    start(line("1", 10))
    facts = [("1", 4, at("11-27 12:00"))]
    promises_sweep(at("11-26 00:00"))
    settle(*facts, now=at("11-27 12:00"))
    promises_sweep(at("11-28 00:00"))
    [_] = settle(*facts, ("1", 6, at("11-28 12:00")), now=at("11-28 12:00"))
    assert [[row["quantity"] for row in body["lines"]] for body in told("late_day")] == [[10], [10], [6]]
    assert told("settled")[0]["lines"][0]["pieces"] == [10, 10, 6]


def test_proof_of_an_earlier_hand_over_turns_late_to_kept(start: Start, settle) -> None:
    start()
    promises_sweep(at("11-28 00:00"))
    settle(("1", 1, at("11-28 09:00")), now=at("11-28 09:00"))
    [kept] = settle(("1", 1, at("11-25 17:00")), now=at("12-05 09:00"))
    assert (kept.state, kept.stopped_at, kept.broken_at) == ("KEPT", at("11-25 17:00"), None)
    assert [(body["state"], body["days_late"], body["lines"][0]["days_late"]) for body in told("settled")] == [
        ("KEPT_LATE", 3, 3),
        ("KEPT", 0, 0),
    ]
    assert set(kept.lines.values_list("days_posted", flat=True)) == {0}


def test_proof_of_a_hand_over_a_day_earlier_takes_one_day_back(start: Start, settle) -> None:
    start()
    settle(("1", 1, at("11-28 09:00")), now=at("11-28 09:00"))
    [late] = settle(("1", 1, at("11-27 09:00")), now=at("11-29 09:00"))
    assert late.state == "KEPT_LATE"
    assert [body["lines"][0]["days_late"] for body in told("settled")] == [3, 2]
    assert len(days_told()) == 3  # posted days stay posted; what is reversed is the settlement's


def test_proof_while_another_line_is_still_open_is_told_at_once(start: Start, settle) -> None:
    start(line("1"), line("2"))
    promises_sweep(at("11-27 00:00"))
    settle(("1", 1, at("11-27 09:00")), now=at("11-27 09:00"))
    assert told("settled") == []
    [still] = settle(("1", 1, at("11-25 09:00")), now=at("11-27 10:00"))
    assert still.state == "BROKEN"
    assert [(row["ref"], row["days_late"]) for row in told("settled")[0]["lines"]] == [("1", 0), ("2", 2)]


def test_a_short_shipment_reopens_the_promise_from_its_first_due_moment(start: Start, settle) -> None:
    start(line("1", 5))
    settle(("1", 5, at("11-24 12:00")), now=at("11-24 12:00"))
    [open_again] = settle(("1", 3, at("11-24 12:00")), now=at("11-27 08:00"))
    assert (open_again.state, open_again.due_at, open_again.stopped_at) == ("BROKEN", at("11-26 00:00"), None)
    assert [body["kind"] for body in told()] == ["settled", "broken", "late_day", "late_day", "settled"]
    assert (told("settled")[1]["state"], told("broken")[0]["open"]) == ("BROKEN", [{"ref": "1", "quantity": 2}])
    promises_sweep(at("11-28 00:00"))
    assert days_told() == [(1, date(2026, 11, 26)), (2, date(2026, 11, 27)), (3, date(2026, 11, 28))]


def test_a_promise_reopened_in_time_runs_on(start: Start, settle) -> None:
    start(line("1", 5))
    settle(("1", 5, at("11-24 12:00")), now=at("11-24 12:00"))
    [running] = settle(now=at("11-25 08:00"))
    assert (running.state, told("settled")[1]["state"]) == ("RUNNING", "RUNNING")
    assert promises_sweep(at("11-25 08:00")) == 1  # the warning is due again


def test_a_line_found_late_after_the_end_gets_the_days_it_missed_and_only_those(start: Start, settle) -> None:
    start(line("1"), line("2"))
    in_time, late = ("1", 1, at("11-24 12:00")), ("2", 1, at("11-27 12:00"))
    settle(in_time, late, now=at("11-27 12:00"))
    settle(late, now=at("11-28 12:00"))  # line 1 was never in the parcel
    promises_sweep(at("11-29 00:00"))
    posted = [(body["day"], [row["ref"] for row in body["lines"]]) for body in told("late_day")]
    assert posted == [(1, ["2"]), (2, ["2"]), (1, ["1"]), (2, ["1"]), (3, ["1"]), (4, ["1"])]
    assert len(told("broken")) == 1


def test_hand_overs_keep_the_promise_due_first(start: Start, settle) -> None:
    start(line("1", 3), agreed_on=date(2026, 12, 10))
    start(line("1", 2))
    states = {
        promise.agreed_on: promise.state for promise in settle(("1", 2, at("11-24 12:00")), now=at("11-24 12:00"))
    }
    assert states == {None: "KEPT", date(2026, 12, 10): "RUNNING"}


def test_one_hand_over_may_reach_over_two_promises(start: Start, settle) -> None:
    start(line("1", 2))
    start(line("1", 3), agreed_on=date(2026, 12, 10))
    promises = settle(("1", 5, at("11-24 12:00")), now=at("11-24 12:00"))
    assert {promise.state for promise in promises} == {"KEPT"}


def test_cancelled_pieces_leave_the_promise_due_last(start: Start, settle) -> None:
    start(line("1", 2))
    start(line("1", 3), agreed_on=date(2026, 12, 10))
    soon, later = settle(cancelled={"1": 3}, now=at("11-24 12:00"))
    assert (soon.state, later.state, later.stopped_at) == ("RUNNING", "CANCELLED", at("11-24 12:00"))


def test_what_is_left_after_a_cancellation_keeps_the_promise_at_its_last_hand_over(start: Start, settle) -> None:
    start(line("1", 2), line("2", 1))
    [kept] = settle(("1", 2, at("11-24 12:00")), cancelled={"2": 1}, now=at("11-25 12:00"))
    assert (kept.state, kept.stopped_at) == ("KEPT", at("11-24 12:00"))


def test_what_was_cancelled_late_earned_until_then(start: Start, settle) -> None:
    start(line("1"), line("2"))
    promises_sweep(at("11-27 00:00"))
    in_time = ("1", 1, at("11-25 12:00"))
    [late] = settle(in_time, cancelled={"2": 1}, now=at("11-27 12:00"))
    assert (late.state, late.stopped_at) == ("KEPT_LATE", at("11-27 12:00"))
    assert [(row["ref"], row["days_late"]) for row in told("settled")[-1]["lines"]] == [("1", 0), ("2", 2)]
    settle(in_time, cancelled={"2": 1}, now=at("11-29 12:00"))  # asked again later it was cancelled when it was
    assert len(told("settled")) == 1


def test_all_cancelled_is_cancelled(start: Start, settle) -> None:
    start(line("1", 2))
    [gone] = settle(cancelled={"1": 2}, now=at("11-24 12:00"))
    assert (gone.state, told("settled")[0]["state"]) == ("CANCELLED", "CANCELLED")
    assert promises_sweep(at("12-24 00:00")) == 0


def test_a_cancelled_promise_makes_room_and_takes_its_own_cancellations_with_it(start: Start, settle) -> None:
    start(line("1", 2))
    settle(cancelled={"1": 2}, now=at("11-23 12:00"))
    again = start(line("1", 2), now=at("11-23 13:00"))
    settle(("1", 2, at("11-24 12:00")), cancelled={"1": 2}, now=at("11-24 12:00"))
    again.refresh_from_db()
    assert (Promise.objects.count(), again.state) == (2, "KEPT")


def test_more_than_was_promised_and_lines_nobody_promised_change_nothing(start: Start, settle) -> None:
    start(line("1", 1))
    [kept] = settle(("1", 7, at("11-24 12:00")), ("99", 1, at("11-24 12:00")), now=at("11-24 12:00"))
    assert kept.state == "KEPT"


def test_another_policy_and_another_subject_are_left_alone(start: Start, settle) -> None:
    start()
    start(policy="dealer-delivery")
    start(subject="100999")
    settle(("1", 1, at("11-24 12:00")), now=at("11-24 12:00"))
    assert sorted(Promise.objects.values_list("policy_code", "subject", "state")) == [
        ("dealer-delivery", "100234", "RUNNING"),
        ("ship", "100234", "KEPT"),
        ("ship", "100999", "RUNNING"),
    ]


def test_a_fact_in_the_future_is_refused_and_changes_nothing(start: Start, settle) -> None:
    promise = start()
    with pytest.raises(PortalError) as refused:
        settle(("1", 1, at("11-24 12:01")), now=at("11-24 12:00"))
    assert refused.value.code is Code.INVALID
    promise.refresh_from_db()
    assert promise.state == "RUNNING"


@pytest.mark.parametrize("fact", [("1", 0), ("1", -3)])
def test_no_pieces_are_no_fact(start: Start, settle, fact: tuple[str, int]) -> None:
    start()
    with pytest.raises(PortalError):
        settle((*fact, at("11-24 12:00")), now=at("11-24 12:00"))
