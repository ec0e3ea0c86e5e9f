"""Locks: evaluated at once, in primary-key order, with a time-out (docs/locking.md)."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TypeVar

from django.db import OperationalError, connection, models, transaction
from psycopg import errors as pg
from psycopg.pq import TransactionStatus

from portal.errors import Code, refusal

Row = TypeVar("Row", bound=models.Model)
TIMEOUT = 5.0  # seconds a buyer may wait for another before being told to try again
_KEY = "hashtextextended(%s, 0)"
_HELD = """SELECT EXISTS (SELECT FROM pg_locks WHERE locktype = 'advisory' AND granted AND objsubid = 1
  AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
  AND (classid::bigint << 32 | objid::bigint) = hashtextextended(%s, 0))"""


@contextmanager
def _busy_when_waited_too_long() -> Iterator[None]:
    try:
        yield
    except OperationalError as error:
        if isinstance(error.__cause__, pg.LockNotAvailable | pg.DeadlockDetected):
            raise refusal(Code.BUSY) from error
        raise


def _limit_waiting(timeout: float) -> None:
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError("A lock needs a transaction: it would be gone before it is used.")
    with connection.cursor() as cursor:
        # Holds to the end of the transaction, so later statements of it do not wait for ever either.
        cursor.execute("SELECT set_config('lock_timeout', %s, true)", [f"{int(timeout * 1000)}ms"])


def lock_rows(queryset: models.QuerySet[Row], timeout: float | None = TIMEOUT) -> list[Row]:
    """Lock the rows of `queryset` for update until the transaction ends; answer them in primary-key order.

    Only the table's own rows are locked, not those a join brings, and not their keys: who writes a row that points to them
    (an order's history while goods come in) does not wait. Raises BUSY after `timeout` seconds or on a deadlock;
    the transaction is then broken and must be left. Lock once per transaction, late, and check afterwards what you
    read before. `timeout` None: an earlier lock of the same transaction has said how long is waited.
    """
    if timeout is not None:
        _limit_waiting(timeout)
    with _busy_when_waited_too_long():
        return list(queryset.order_by("pk").select_for_update(of=("self",), no_key=True))


def key_lock(key: str, timeout: float = TIMEOUT) -> None:
    """Hold the lock named `key` until the transaction ends. Raises BUSY after `timeout` seconds."""
    _limit_waiting(timeout)
    with _busy_when_waited_too_long(), connection.cursor() as cursor:
        cursor.execute(f"SELECT pg_advisory_xact_lock({_KEY})", [key])


def key_lock_try(key: str) -> bool:
    """Take the lock named `key` until the transaction ends if it is free; answer whether we have it."""
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError("A lock needs a transaction: it would be gone before it is used.")
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT pg_try_advisory_xact_lock({_KEY})", [key])
        return bool(cursor.fetchone()[0])


@contextmanager
def key_lock_session(key: str, timeout: float = TIMEOUT) -> Iterator[None]:
    """Hold the lock named `key` over several transactions, for work that speaks to other systems in between.

    Raises BUSY after `timeout` seconds. The lock belongs to the database connection: should that break, it is free.
    """
    with _busy_when_waited_too_long(), connection.cursor() as cursor:
        # in one statement, so that outside a transaction the limit is gone with it
        limited = f"SELECT set_config('lock_timeout', %s, true), pg_advisory_lock({_KEY})"
        cursor.execute(limited, [f"{int(timeout * 1000)}ms", key])
    try:
        yield
    finally:
        _unlock(key)


@contextmanager
def key_lock_session_try(key: str) -> Iterator[bool]:
    """As `key_lock_session`, but without waiting: gives whether we have it."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT pg_try_advisory_lock({_KEY})", [key])
        got = bool(cursor.fetchone()[0])
    try:
        yield got
    finally:
        if got:
            _unlock(key)


def key_lock_held(key: str) -> bool:
    """Whether somebody has the lock named `key` this moment; nothing is taken and nobody waits."""
    with connection.cursor() as cursor:
        cursor.execute(_HELD, [key])
        return bool(cursor.fetchone()[0])


def _unlock(key: str) -> None:
    if connection.connection is None or connection.connection.closed:
        return  # the lock went with its connection
    if connection.connection.info.transaction_status == TransactionStatus.INERROR:
        return  # inside somebody's broken transaction nothing can be said; do not take this lock inside one
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT pg_advisory_unlock({_KEY})", [key])
