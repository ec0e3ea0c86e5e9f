"""Messages are done at least once, take effect once, oldest first per key, one at a time per key."""

from __future__ import annotations

import signal
import threading
from datetime import timedelta
from threading import Event

import pytest
from django.db import connection, transaction

from portal import ending
from portal.clock import now
from portal.locks import key_lock
from portal.outbox import services, tasks
from portal.outbox.models import OutboxMessage
from portal.outbox.selectors import oldest_age, poison
from portal.outbox.services import (
    FIRST_PAUSE,
    LONGEST_PAUSE,
    AlreadyDoneError,
    outbox_done,
    outbox_drain,
    outbox_prune,
    outbox_run,
    outbox_sweep,
)
from tests.portal import outbox_handlers
from tests.portal.helpers import in_thread, message, python

pytestmark = pytest.mark.usefixtures("outbox")
KILLED = """
    from django.conf import settings
    from tests.portal.outbox_handlers import ROUTES
    settings.OUTBOX_ROUTES = ROUTES
    from portal.outbox.services import outbox_run
    outbox_run("a")
"""


def test_draining_handles_everything_due_in_the_order_written():
    made = [message(key=key) for key in "abab"]
    assert outbox_drain() == 4
    assert outbox_handlers.effects() == [one.pk for one in made]
    assert outbox_drain() == 0


def test_draining_stops_at_its_limit():
    for key in "abc":
        message(key=key)
    assert outbox_drain(limit=2) == 2
    assert len(outbox_handlers.effects()) == 2


def test_draining_also_handles_what_handlers_write():
    message(kind="test.another")
    assert outbox_drain() == 2


def test_a_process_that_is_told_to_end_ends_what_it_is_at_and_leaves_the_rest_to_the_next(monkeypatch):
    first, second = message(), message()
    told = Event()
    monkeypatch.setattr(ending, "_told", told)
    real = outbox_handlers.effect

    def told_meanwhile(one: OutboxMessage) -> None:
        real(one)
        told.set()

    monkeypatch.setattr(outbox_handlers, "effect", told_meanwhile)
    assert outbox_run(first.key) == 1
    second.refresh_from_db()
    assert (second.done_at, second.attempts, second.last_error) == (None, 0, "")
    told.clear()
    assert outbox_run(first.key) == 1
    assert outbox_handlers.effects() == [first.pk, second.pk]


def test_what_is_not_due_waits():
    message(due_at=now() + timedelta(hours=1))
    assert outbox_drain() == 0


def test_a_message_for_later_holds_nobody_up():
    message(due_at=now() + timedelta(hours=1))
    second = message()
    assert outbox_drain() == 1
    assert outbox_handlers.effects() == [second.pk]


def test_effect_and_mark_are_one_transaction():
    one = message()
    outbox_run("a")
    assert outbox_handlers.in_transaction == [True]
    one.refresh_from_db()
    assert one.done_at is not None


def test_who_looks_how_things_stand_does_what_waited_before_and_not_what_came_meanwhile():
    first, between, _ = message(kind="test.look"), message(), message(kind="test.look")
    message(kind="test.look", key="b")
    assert outbox_run("a") == 3
    assert outbox_handlers.effects()[:2] == [first.pk, between.pk]
    assert len(outbox_handlers.effects()) == 3, "the one that came while it looked is looked at by itself"
    assert OutboxMessage.objects.filter(done_at=None).count() == 1


def test_who_looks_in_vain_does_nothing_for_the_others():
    message(kind="test.vain"), message(kind="test.vain")
    assert outbox_run("a") == 0
    assert OutboxMessage.objects.filter(done_at=None).count() == 2


def test_a_failure_takes_its_effects_back_and_is_written_down():
    one = message(kind="test.fail")
    before = now()
    assert outbox_drain() == 0
    one.refresh_from_db()
    assert outbox_handlers.effects() == []
    assert (one.attempts, one.done_at) == (1, None)
    assert "the printer is on fire" in one.last_error
    assert one.due_at >= before + FIRST_PAUSE


def test_each_failure_doubles_the_pause_up_to_an_hour():
    one = message(kind="test.fail")
    pauses = []
    for _ in range(14):
        OutboxMessage.objects.filter(pk=one.pk).update(due_at=now())
        before = now()
        outbox_run("a")
        one.refresh_from_db()
        pauses.append((one.due_at - before).total_seconds())
    assert pauses[:4] == pytest.approx([5, 10, 20, 40], abs=1)
    assert max(pauses) == pytest.approx(LONGEST_PAUSE.total_seconds(), abs=1)


def test_a_failed_message_holds_up_its_own_key_only():
    message(kind="test.fail", key="a")
    behind = message(key="a")
    other = message(key="b")
    assert outbox_drain() == 1
    assert outbox_handlers.effects() == [other.pk]
    behind.refresh_from_db()
    assert behind.done_at is None


def test_after_its_pause_a_failed_message_goes_first():
    first, second = message(kind="test.once"), message()
    outbox_drain()
    OutboxMessage.objects.filter(pk=first.pk).update(due_at=now())
    assert outbox_drain() == 2
    assert outbox_handlers.effects() == [first.pk, second.pk]


def test_a_key_another_process_works_on_is_left_alone():
    message()
    with transaction.atomic():
        key_lock("outbox:a")
        assert in_thread(lambda: outbox_run("a")) == 0
        assert in_thread(outbox_drain) == 0
    assert outbox_handlers.calls == []
    assert outbox_drain() == 1


def _drained_by_four(monkeypatch: pytest.MonkeyPatch, *, lock: bool) -> tuple[list[int], list[int]]:
    """Let four workers drain one key at the same time; answer (messages written, effects in order)."""
    if not lock:
        monkeypatch.setattr(services, "key_lock_try", lambda key: True)
    written = [message(kind="test.slow").pk for _ in range(12)]
    together = threading.Barrier(4)

    def work() -> None:
        together.wait(10)
        for _ in range(40):
            outbox_drain()
        connection.close()

    workers = [threading.Thread(target=work) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    OutboxMessage.objects.update(due_at=now())
    outbox_drain()
    return written, outbox_handlers.effects()


def test_four_workers_keep_the_order_and_do_each_message_once(monkeypatch):
    written, done = _drained_by_four(monkeypatch, lock=True)
    assert done == written
    assert sorted(outbox_handlers.calls) == written


def test_without_the_lock_of_the_key_workers_do_messages_twice_over(monkeypatch):
    """The race the lock is for: without it this must show, or the test above proves nothing."""
    written, _ = _drained_by_four(monkeypatch, lock=False)
    assert len(outbox_handlers.calls) > len(written)


def test_a_remote_handler_runs_outside_any_transaction():
    one = message(kind="test.remote")
    assert outbox_drain() == 1
    assert outbox_handlers.in_transaction == [False]
    assert outbox_handlers.effects() == [one.pk]


def test_a_remote_handler_that_does_not_mark_its_work_has_failed():
    one = message(kind="test.unmarked")
    assert outbox_drain() == 0
    one.refresh_from_db()
    assert "NotMarkedError" in one.last_error


def test_marking_twice_takes_the_second_effect_back():
    one = message()
    outbox_drain()
    with pytest.raises(AlreadyDoneError), transaction.atomic():
        outbox_handlers.effect(one)
        outbox_done(one)
    assert outbox_handlers.effects() == [one.pk]


def test_a_worker_killed_in_the_middle_leaves_the_message_to_the_next():
    one, two = message(kind="test.die"), message()
    killed = python(KILLED, DIE="1")
    assert killed.returncode == -signal.SIGKILL
    assert outbox_handlers.effects() == []
    assert outbox_drain() == 2
    assert outbox_handlers.effects() == [one.pk, two.pk]


def test_the_sweep_rings_again_for_a_lost_doorbell_but_not_at_every_turn(monkeypatch):
    rung = []
    monkeypatch.setattr(tasks.handle, "apply_async", lambda args, **_: rung.append(args[0]))
    message(key="a")
    message(key="a")
    message(key="b")
    moment = now()
    assert outbox_sweep(now=moment) == 2
    assert rung == ["a", "b"]  # one doorbell a key
    assert outbox_sweep(now=moment + timedelta(seconds=5)) == 0
    assert outbox_sweep(now=moment + timedelta(seconds=31)) == 2


def test_the_doorbell_handles_the_whole_key():
    message(), message()
    assert tasks.handle("a") == 2


def test_what_keeps_failing_is_shown():
    one = message(kind="test.fail")
    for _ in range(5):
        assert list(poison()) == []
        OutboxMessage.objects.filter(pk=one.pk).update(due_at=now())
        outbox_run("a")
    assert list(poison()) == [one]


def test_the_age_of_the_oldest_counts_from_when_it_was_due():
    assert oldest_age(now()) == timedelta(0)
    moment = now()
    message(created_at=moment - timedelta(days=2), due_at=moment - timedelta(minutes=7))
    assert oldest_age(moment) == timedelta(minutes=7)


def test_done_messages_are_forgotten_after_their_days_and_no_others(settings):
    moment = now()
    message(done_at=moment - timedelta(days=settings.OUTBOX_KEEP_DAYS, seconds=1))
    kept = {message(done_at=moment - timedelta(days=1)).pk, message(created_at=moment - timedelta(days=400)).pk}
    assert outbox_prune(now=moment) == 1
    assert set(OutboxMessage.objects.values_list("pk", flat=True)) == kept
