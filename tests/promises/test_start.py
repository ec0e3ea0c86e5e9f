"""A promise is started once, keeps what it promised, and takes in lines that come later."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from portal.errors import Code, PortalError
from portal.promises.models import Policy, Promise
from portal.promises.selectors import policy_get, promise_offer
from portal.promises.services import promises_propose, promises_start
from portal.promises.types import PromisedLine, Shown
from tests.promises.conftest import SUBJECT, ZONE, Start, at, line

SHOWN = at("11-20 09:00")
pytestmark = pytest.mark.django_db


def test_a_promise_freezes_the_policy_of_its_own_day(start: Start) -> None:
    promise = start(line("7", 3, "12.5"), last_collection=time(17))
    assert (promise.state, promise.allowance, promise.unit, promise.late_rate) == (
        "RUNNING",
        2,
        "DAYS",
        policy_get("ship", date(2026, 1, 1)).late_rate,
    )
    assert promise.promised_at == promise.due_at == at("11-26 00:00")
    assert promise.next_at == promise.warn_at == at("11-25 00:00")
    assert list(promise.lines.values_list("ref", "quantity", "cancelled")) == [("7", 3, 0)]


def test_a_promise_started_before_a_policy_changed_keeps_the_old_allowance(start: Start) -> None:
    change = date(2026, 11, 24)
    Policy.objects.filter(code="ship").update(valid_to=change)
    old = policy_get("ship", date(2026, 11, 23))
    Policy.objects.create(code="ship", name=old.name, allowance=5, unit="DAYS", valid_from=change)
    assert start().due_at == at("11-26 00:00")
    assert start(subject="2", started_at=at("11-24 00:00")).due_at == at("11-30 00:00")


def test_two_policies_of_one_code_cannot_hold_on_one_day() -> None:
    with pytest.raises(IntegrityError, match="policy_one_at_a_time"), transaction.atomic():
        Policy.objects.create(code="ship", name="again", allowance=3, unit="DAYS", valid_from=date(2026, 1, 1))


def test_the_same_key_again_answers_the_same_promise(start: Start) -> None:
    first = start(line("1"), line("2"))
    again = start(line("1"), line("2"), now=at("11-24 10:00"))
    assert (again.pk, Promise.objects.count(), first.lines.count()) == (first.pk, 1, 2)


def test_a_line_new_to_a_promise_joins_it(start: Start) -> None:
    start(line("1"))
    assert [row.ref for row in start(line("1"), line("2"), now=at("11-24 10:00")).lines.order_by("pk")] == ["1", "2"]


def test_a_line_that_joins_a_kept_promise_opens_it_again(start: Start, settle) -> None:
    start(line("1"))
    assert settle(("1", 1, at("11-24 09:00")), now=at("11-24 09:00"))[0].state == "KEPT"
    again = start(line("1"), line("2"), now=at("11-24 10:00"))
    assert (again.state, again.stopped_at, again.next_at) == ("RUNNING", None, at("11-25 00:00"))


def test_a_line_approved_later_gets_a_promise_of_its_own(start: Start) -> None:
    start(line("1"))
    start(line("2"), started_at=at("11-25 09:00"))
    assert list(Promise.objects.order_by("pk").values_list("due_at", flat=True)) == [
        at("11-26 00:00"),
        at("11-28 00:00"),
    ]


def test_five_wanted_two_free_are_two_promises_the_second_to_the_expected_day(start: Start) -> None:
    start(line("1", 2))
    later = start(line("1", 3), agreed_on=date(2026, 12, 10))
    assert later.due_at == at("12-11 00:00")
    assert Promise.objects.count() == 2


def test_what_was_promised_can_never_be_changed(start: Start) -> None:
    promise = start()
    for column in ("promised_at", "started_at"):
        with pytest.raises(IntegrityError, match="does not change"), transaction.atomic():
            Promise.objects.filter(pk=promise.pk).update(**{column: at("11-30 00:00")})
    with pytest.raises(IntegrityError, match="promise_never_earlier"), transaction.atomic():
        Promise.objects.filter(pk=promise.pk).update(due_at=at("11-25 23:59"))


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"started_at": at("11-23 10:00"), "now": at("11-23 09:59")}, "startedAt"),
        ({"policy": "nothing-of-the-kind"}, "policy"),
        ({"zone": "Mars/Olympus"}, "zone"),
        ({"zone": "../etc/passwd"}, "zone"),
        ({"calendar": "MARS"}, "calendar"),
        ({"policy": "agreed-delivery"}, "agreedOn"),
        ({"lines": [line("1", 0)]}, "lines"),
    ],
)
def test_what_cannot_be_promised_is_refused_and_nothing_is_left(start: Start, given: dict, field: str) -> None:
    with pytest.raises(PortalError) as refused, transaction.atomic():
        start(**given)
    assert (refused.value.code, refused.value.problems[0].field) == (Code.INVALID, field)
    assert not Promise.objects.exists()


def test_an_offer_writes_nothing_and_equals_the_promise_made_of_it(start: Start) -> None:
    offer = promise_offer(policy="ship", zone=ZONE, calendar="KR", start_at=at("11-26 10:00"))
    assert (offer.policy, offer.allowance, offer.unit, offer.day) == ("ship", 2, "DAYS", date(2026, 11, 30))
    assert not Promise.objects.exists()
    assert start(calendar="KR", started_at=at("11-26 10:00")).due_at == offer.due_at


def test_a_seeded_holiday_is_closed(start: Start) -> None:
    assert start(calendar="KR", started_at=at("12-23 10:00")).due_at == at("12-29 00:00")  # Christmas is a Friday


def propose(company_id: int, *lines: PromisedLine, now: datetime = SHOWN, agreed_on: date | None = None) -> Promise:
    shown = [Shown("ship", ZONE, "ALWAYS", lines, agreed_on)]
    given: dict[str, Any] = {"subject_kind": "order", "subject": SUBJECT, "company_id": company_id, "currency": "EUR"}
    return promises_propose(**given, shown=shown, now=now)[0]


def test_a_promise_shown_is_stored_as_shown_and_taken_over_by_its_start(start: Start, company) -> None:
    shown = propose(company.pk, line("1"), line("2"))
    assert (shown.state, shown.offered_day, shown.due_at) == ("OFFERED", date(2026, 11, 22), None)
    assert propose(company.pk, line("1"), line("2"), now=at("11-21 09:00")).pk == shown.pk
    started = start(line("1"), line("2"))
    assert (started.pk, started.state, started.offered_at, started.due_at) == (
        shown.pk,
        "RUNNING",
        at("11-20 09:00"),
        at("11-26 00:00"),
    )
    assert started.lines.count() == 2


def test_lines_still_under_review_stay_offered_when_the_others_start(start: Start, company) -> None:
    shown = propose(company.pk, line("1"), line("2"))
    started = start(line("1"))
    shown.refresh_from_db()
    assert started.offered_at == shown.offered_at
    assert ([row.ref for row in started.lines.all()], [row.ref for row in shown.lines.all()]) == (["1"], ["2"])
    assert start(line("2"), started_at=at("11-24 10:00")).pk == shown.pk


def test_when_the_plan_changed_since_the_offer_gives_way_to_what_is_started(start: Start, company) -> None:
    shown = propose(company.pk, line("1", 5), line("2", 1), agreed_on=date(2026, 12, 10))
    soon = start(line("1", 5))  # the receipt came early
    shown.refresh_from_db()
    assert (soon.offered_at, soon.offered_day) == (SHOWN, date(2026, 12, 10))
    assert [row.ref for row in shown.lines.all()] == ["2"]
    start(line("2", 1), agreed_on=date(2026, 12, 12))
    assert not Promise.objects.filter(state="OFFERED").exists()


def test_a_line_from_two_shelves_is_one_line_of_its_promise(start: Start) -> None:
    assert start(line("1", 2), line("1", 3)).lines.get().quantity == 5


def test_an_offer_whose_lines_are_cancelled_is_cancelled(settle, company) -> None:
    propose(company.pk, line("1", 2))
    assert settle(cancelled={"1": 2}, now=at("11-21 09:00"))[0].state == "CANCELLED"


def _begin(company_id: int, *shown: Shown) -> list[Promise]:
    return promises_start(
        subject_kind="order", subject=SUBJECT, company_id=company_id, currency="EUR", shown=shown, started_at=at("11-23 10:00"),
        now=at("11-23 10:00"), offered_at=SHOWN,
    )  # fmt: skip


def test_several_clocks_that_start_as_they_were_shown_are_written_at_once(company) -> None:
    shown = [
        Shown("ship", ZONE, "ALWAYS", [line("1", 2)], last_collection=time(17)),
        Shown("dealer-delivery", ZONE, "KR", [line("1", 2)]),
        Shown("ship", ZONE, "ALWAYS", [line("1", 3)], date(2026, 12, 10)),
    ]
    given = {"subject_kind": "order", "subject": SUBJECT, "company_id": company.pk, "currency": "EUR"}
    offers = promises_propose(**given, shown=shown, now=SHOWN)
    with CaptureQueriesContext(connection) as seen:
        begun = _begin(company.pk, *shown)
    assert sum(one["sql"].lstrip().startswith("UPDATE") for one in seen) == 2  # the second `ship` has to find the first
    assert [row.pk for row in begun] == [offer.pk for offer in offers]
    stored = list(Promise.objects.order_by("pk"))
    told = ("state", "started_at", "promised_at", "due_at", "warn_at", "next_at", "last_collection")
    assert [[getattr(row, name) for name in told] for row in stored] == [
        [getattr(row, name) for name in told] for row in begun
    ]
    days = [at("11-26 00:00"), at("12-04 00:00"), at("12-11 00:00")]
    assert [(row.state, row.started_at, row.due_at) for row in stored] == [
        ("RUNNING", at("11-23 10:00"), day) for day in days
    ]
    assert [row.pk for row in _begin(company.pk, *shown)] == [offer.pk for offer in offers]  # again: nothing new


def test_what_the_first_clock_takes_from_an_offer_the_next_one_finds_taken(company) -> None:
    propose(company.pk, line("1", 5), agreed_on=date(2026, 12, 10))
    soon, later = _begin(
        company.pk,
        Shown("ship", ZONE, "ALWAYS", [line("1", 2)]),
        Shown("ship", ZONE, "ALWAYS", [line("1", 3)], date(2026, 12, 10)),
    )
    assert [row.lines.get().quantity for row in (soon, later)] == [2, 3]
    assert Promise.objects.count() == 2


def test_starting_costs_few_queries(start: Start) -> None:
    lines = [line(str(number)) for number in range(200)]
    with CaptureQueriesContext(connection) as asked:
        start(*lines)
    assert len(asked) <= 8, [query["sql"][:80] for query in asked]


def test_a_line_cancelled_before_the_start_keeps_no_offer_alive(start: Start, settle, company) -> None:
    given = {"subject_kind": "order", "subject": SUBJECT, "company_id": company.pk, "currency": "EUR"}
    promises_propose(**given, shown=[Shown("ship", ZONE, "KR", [line("1", 2), line("2")])], now=SHOWN)
    settle(cancelled={"2": 1}, now=SHOWN)
    started = start(line("1", 2))
    assert list(Promise.objects.values_list("pk", "state")) == [(started.pk, "RUNNING")]
    assert list(started.lines.values_list("ref", flat=True)) == ["1"]
