"""Whatever happens to a promise, in whatever order and however late the sweep comes, some things always hold."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from portal.outbox.models import OutboxMessage
from portal.promises.models import Promise
from portal.promises.rules.standing import judge
from portal.promises.rules.words import ENDS
from portal.promises.selectors import closed_days
from portal.promises.selectors.case import case_of, lines_of
from portal.promises.services import promises_pause, promises_resume, promises_sweep
from tests.promises.conftest import SUBJECT, Start, at, line, told

pytestmark = pytest.mark.django_db
BEGIN = at("11-23 10:00")
HELD = {"subject_kind": "order", "subject": SUBJECT}
LINES = {"1": 4, "2": 1}

act = st.one_of(
    st.tuples(st.just("sweep")),
    st.tuples(st.just("hold"), st.sampled_from(["CUSTOMER", "NEITHER", "OURS"])),
    st.tuples(st.just("release")),
    st.tuples(st.just("hand over"), st.sampled_from(sorted(LINES)), st.integers(1, 4), st.integers(0, 200)),
    st.tuples(st.just("correct"), st.integers(0, 3), st.integers(0, 400)),
    st.tuples(st.just("cancel"), st.sampled_from(sorted(LINES)), st.integers(1, 4)),
)
lives = st.lists(st.tuples(st.integers(0, 90), act), min_size=1, max_size=12)


class Life:
    """One promise of two lines, lived through hours and acts; facts are kept here and given whole each time."""

    def __init__(self, start: Start, settle: Any) -> None:
        self.promise = start(*[line(ref, quantity) for ref, quantity in LINES.items()], calendar="KR")
        self.settle, self.now = settle, BEGIN
        self.facts: list[tuple[str, int, datetime]] = []
        self.cancelled: Counter[str] = Counter()

    def live(self, hours: int, act: tuple[Any, ...]) -> None:
        self.now += timedelta(hours=hours)
        kind, *given_ = act
        if kind == "sweep":
            promises_sweep(self.now)
        elif kind == "hold":
            promises_pause(
                **HELD, reason=f"{given_[0]} REASON", cause=given_[0], at=self.now, now=self.now, evidence="seen"
            )
        elif kind == "release":
            promises_resume(**HELD, at=self.now, now=self.now)
        else:
            self._happen(kind, *given_)

    def _happen(self, kind: str, *given_: Any) -> None:
        if kind == "hand over":
            ref, quantity, hours_ago = given_
            quantity = min(quantity, LINES[ref] - sum(n for r, n, _ in self.facts if r == ref) - self.cancelled[ref])
            if quantity > 0:
                self.facts.append((ref, quantity, max(BEGIN, self.now - timedelta(hours=hours_ago))))
        elif kind == "cancel":
            ref, quantity = given_
            open_now = LINES[ref] - sum(n for r, n, _ in self.facts if r == ref) - self.cancelled[ref]
            self.cancelled[ref] += max(0, min(quantity, open_now))
        elif self.facts:
            place, hours_ago = given_
            ref, quantity, _ = self.facts.pop(place % len(self.facts))
            if hours_ago % 3:  # else it never happened
                self.facts.append((ref, quantity, max(BEGIN, self.now - timedelta(hours=hours_ago))))
        self.settle(*self.facts, cancelled=dict(self.cancelled), now=self.now)


def check(life: Life) -> None:
    promise = Promise.objects.get()
    lines = lines_of(promise)
    assert promise.promised_at == life.promise.promised_at
    assert promise.due_at is not None
    assert promise.promised_at is not None
    assert promise.due_at >= promise.promised_at
    truth = judge(case_of(promise, lines), closed_days("KR"), life.now)
    if promise.state in ENDS:
        assert (promise.state, promise.stopped_at, promise.next_at) == (truth.state, truth.stopped_at, None)
        last = told("settled")[-1]
        assert last["state"] == promise.state
        assert [row["pieces"] for row in last["lines"]] == [list(pieces) for pieces in truth.earned]
        assert [line_.days_posted for line_ in lines] == [len(pieces) for pieces in truth.earned]
        assert promise.state != "KEPT" or not any(truth.earned)
    elif promise.state == "BROKEN":
        assert promise.broken_at == promise.due_at <= life.now


def swept_to_the_end(life: Life) -> None:
    """After a sweep nothing that was due is missing, and nothing was posted that was not earned."""
    promises_sweep(life.now)
    assert promises_sweep(life.now) == 0
    promise = Promise.objects.get()
    lines = lines_of(promise)
    truth = judge(case_of(promise, lines), closed_days("KR"), life.now)
    assert [line_.days_posted for line_ in lines] == [len(pieces) for pieces in truth.earned]
    assert promise.next_at is None or promise.next_at > life.now


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(lives)
def test_no_life_loses_a_day_posts_one_too_many_or_moves_what_was_promised(
    start: Start, settle: Any, acts: list[tuple[int, Any]]
) -> None:
    with transaction.atomic():
        life = Life(start, settle)
        for hours, step in acts:
            life.live(hours, step)
            check(life)
        swept_to_the_end(life)
        for body in told("late_day"):
            assert datetime.fromisoformat(body["at"]) <= life.now
        transaction.set_rollback(True)
    assert not OutboxMessage.objects.exists()
