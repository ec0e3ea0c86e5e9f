"""portal.locks: evaluated, ordered, timed out."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection, transaction

from portal.errors import Code, PortalError
from portal.locks import key_lock, key_lock_session, key_lock_session_try, key_lock_try, lock_rows
from portal.outbox.models import OutboxMessage
from tests.portal.helpers import in_thread, message

pytestmark = pytest.mark.django_db(transaction=True)


def _while_locked(lock: Callable[[], Any], act: Callable[[], Any]) -> Any:
    """Run `act` in another connection while `lock` is held in a transaction of this one."""
    with transaction.atomic():
        lock()
        return in_thread(act)


def _code_of(act: Callable[[], Any]) -> Code | None:
    try:
        with transaction.atomic():
            act()
    except PortalError as refused:
        return refused.code
    return None


def test_rows_come_evaluated_and_in_primary_key_order():
    made = [message() for _ in range(3)]
    with transaction.atomic():
        rows = lock_rows(OutboxMessage.objects.order_by("-pk"))
    assert [row.pk for row in rows] == sorted(row.pk for row in made)


def test_a_locked_row_answers_busy_after_the_time_out():
    message()
    found = _while_locked(
        lambda: lock_rows(OutboxMessage.objects.all()),
        lambda: _code_of(lambda: lock_rows(OutboxMessage.objects.all(), 0.1)),
    )
    assert found == Code.BUSY


def test_a_lock_without_a_transaction_is_refused():
    with pytest.raises(transaction.TransactionManagementError):
        lock_rows(OutboxMessage.objects.all())
    with pytest.raises(transaction.TransactionManagementError):
        key_lock("a")


def test_without_the_lock_two_counters_lose_steps_and_with_it_none():
    """First the race with the lock off: it must lose, or this test proves nothing."""
    assert _count_with(lock=False) < 2 * STEPS
    assert _count_with(lock=True) == 2 * STEPS


STEPS = 40


def _count_with(*, lock: bool) -> int:
    row = message(payload={"count": 0})
    both_have_read = threading.Barrier(2)

    def step(first: bool) -> None:
        with transaction.atomic():
            rows = OutboxMessage.objects.filter(pk=row.pk)
            mine = lock_rows(rows)[0] if lock else rows.get()
            if first and not lock:
                both_have_read.wait(10)
            OutboxMessage.objects.filter(pk=row.pk).update(payload={"count": mine.payload["count"] + 1})

    def count() -> None:
        for number in range(STEPS):
            step(number == 0)
        connection.close()

    threads = [threading.Thread(target=count) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    row.refresh_from_db()
    return row.payload["count"]


def test_a_key_is_held_until_the_transaction_ends():
    assert _while_locked(lambda: key_lock("a"), lambda: _code_of(lambda: key_lock("a", 0.1))) == Code.BUSY
    assert _while_locked(lambda: key_lock("a"), lambda: _code_of(lambda: key_lock("b", 0.1))) is None
    assert in_thread(lambda: _code_of(lambda: key_lock("a", 0.1))) is None


def test_trying_a_key_does_not_wait():
    def attempt() -> bool:
        with transaction.atomic():
            return key_lock_try("a")

    assert _while_locked(lambda: key_lock("a"), attempt) is False
    assert attempt() is True


def test_a_session_key_outlives_transactions_and_is_given_back():
    with key_lock_session("a"):
        with transaction.atomic():
            OutboxMessage.objects.count()
        assert in_thread(_try_session) is False
        assert in_thread(lambda: _code_of(lambda: key_lock("a", 0.1))) == Code.BUSY
    assert in_thread(_try_session) is True


def test_a_session_key_is_given_back_after_an_error():
    with pytest.raises(ZeroDivisionError), key_lock_session("a"):
        1 / 0  # noqa: B018
    assert in_thread(_try_session) is True


def test_a_session_key_answers_busy_after_the_time_out():
    def attempt() -> Code | None:
        try:
            with key_lock_session("a", timeout=0.1):
                return None
        except PortalError as refused:
            return refused.code

    with key_lock_session("a"):
        assert in_thread(attempt) == Code.BUSY


def _try_session() -> bool:
    with key_lock_session_try("a") as ours:
        return ours
