"""The sweep killed after any write, and several sweeps at once: every step is taken, each exactly once."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from django.db import connection, transaction

from portal.accounts.models import Company
from portal.outbox.models import OutboxMessage
from portal.promises import seed
from portal.promises.models import Calendar, Holiday, Policy, Promise
from portal.promises.services import promises_pause, promises_sweep, sweep
from tests.factories import make_company
from tests.promises.conftest import SUBJECT, Start, at, days_told, line, told

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def company(transactional_db: None) -> Company:
    """The buyer; tests with real commits empty the tables afterwards, so the seeds are planted anew."""
    seed.plant(Policy, Calendar, Holiday)
    return make_company()


def database_url() -> str:
    """The test's own database, for another process."""
    where = connection.settings_dict
    host = where["HOST"] or where.get("OPTIONS", {}).get("host", "")
    login = quote(where["USER"] or "") + (f":{quote(where['PASSWORD'])}" if where["PASSWORD"] else "")
    if host.startswith("/"):
        return f"postgresql://{login}@/{where['NAME']}?host={host}"
    return f"postgresql://{login}@{host}{':' + str(where['PORT']) if where['PORT'] else ''}/{where['NAME']}"


def run_at_once(*work: Callable[[], Any]) -> None:
    """Run all at the same moment, each in a thread with a connection of its own; raises what one raised."""
    gate, failures = threading.Barrier(len(work)), []

    def run(own: Callable[[], Any]) -> None:
        try:
            gate.wait(timeout=20)
            own()
        except Exception as error:
            failures.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=[own]) for own in work]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert not any(thread.is_alive() for thread in threads)
    if failures:
        raise failures[0]


@pytest.mark.django_db(transaction=True)
def test_a_sweep_killed_after_any_write_loses_no_step_and_takes_none_twice(company: Company) -> None:
    Policy.objects.filter(code="ship").update(
        late_cap="0.03"
    )  # three late days: each kind of step, and one upon another
    started, now = at("11-23 10:00"), at("12-10 00:00")
    program = [sys.executable, str(ROOT / "tests/promises/kill_sweep.py"), str(company.pk)]
    environment = os.environ | {"DATABASE_URL": database_url(), "PYTHONPATH": str(ROOT)}
    times = [started.isoformat(), now.isoformat()]
    done = subprocess.run(program + times, env=environment, capture_output=True, text=True, timeout=110)
    assert done.returncode == 0, done.stderr
    killed = int(done.stdout)
    assert killed > 20  # five steps of about five writes and a commit: it truly died in all of them
    promises_sweep(now)
    for number in range(1, killed + 2):
        subject = f"kill-{number}"
        assert [body["kind"] for body in told(subject=subject)] == ["warned", "broken", *["late_day"] * 3], subject
        assert [day for day, _ in days_told(subject)] == [1, 2, 3], subject


@pytest.mark.django_db(transaction=True)
def test_sweeps_at_once_take_each_step_once(start: Start) -> None:
    for number in range(12):
        start(subject=f"race-{number}")
    run_at_once(*[lambda: promises_sweep(at("12-10 00:00"))] * 4)
    per_subject = Counter(OutboxMessage.objects.values_list("key", "kind"))
    assert len(per_subject) == 12 * 3
    assert {kind: count for (_, kind), count in per_subject.items()} == {
        "promise.warned": 1,
        "promise.broken": 1,
        "promise.late_day": 10,
    }
    assert set(per_subject.values()) == {1, 10}


@pytest.mark.django_db(transaction=True)
def test_without_the_claim_the_same_race_tells_things_twice(start: Start, monkeypatch: pytest.MonkeyPatch) -> None:
    """The control: the race above is a real one, for it does harm when the claim looks at the key alone."""
    gate = threading.Barrier(4)

    def claim_anything(pk: int, seen: Any, now: Any) -> int:
        promise = Promise.objects.get(pk=pk)
        if promise.state == "RUNNING" and not promise.warned:
            gate.wait(timeout=20)
        with transaction.atomic():
            return sweep._step(promise, now)

    start()
    monkeypatch.setattr(sweep, "_claim", claim_anything)
    run_at_once(*[lambda: promises_sweep(at("11-25 00:00"))] * 4)
    assert len(told("warned")) > 1


@pytest.mark.django_db(transaction=True)
def test_a_hand_over_and_the_sweep_at_once_never_end_in_a_late_day_too_many(start: Start, settle: Any) -> None:
    for number in range(8):
        start(line("1"), subject=f"meet-{number}")
    now = at("11-27 00:00")
    run_at_once(lambda: promises_sweep(now), lambda: _hand_over_all(settle, now))
    promises_sweep(now)
    for number in range(8):
        subject = f"meet-{number}"
        final = told("settled", subject)[-1]
        assert (final["state"], final["lines"][0]["days_late"]) == ("KEPT", 0)
        assert Promise.objects.get(subject=subject).lines.get().days_posted == 0


def _hand_over_all(settle: Any, now: Any) -> None:
    for number in range(8):
        settle(("1", 1, at("11-24 12:00")), subject=f"meet-{number}", now=now)


@pytest.mark.django_db(transaction=True)
def test_a_hold_and_the_sweep_at_once_agree(start: Start) -> None:
    start()
    held = {"subject_kind": "order", "subject": SUBJECT, "reason": "BAD_ADDRESS", "cause": "CUSTOMER"}
    now = at("11-25 00:00")
    run_at_once(lambda: promises_sweep(now), lambda: promises_pause(**held, at=now, now=now))
    promise = Promise.objects.get()
    assert (promise.state, promise.next_at) == ("PAUSED", None)
    assert promises_sweep(now + timedelta(days=30)) == 0
