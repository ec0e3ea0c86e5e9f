"""Handlers the outbox tests route to. Effects go to the database (table of cached things), so that rollbacks show."""

from __future__ import annotations

import os
import signal
import time

from django.db import connection, transaction

from portal.clock import now
from portal.outbox.handlers import outbox_handler
from portal.outbox.models import OutboxMessage
from portal.outbox.services import outbox_done, outbox_write

calls: list[int] = []  # every call, whether its transaction held or not
in_transaction: list[bool] = []


def effect(message: OutboxMessage) -> None:
    """One row that counts how often a message took effect."""
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE IF NOT EXISTS test_effect (message bigint, key text, at serial)")
        cursor.execute("INSERT INTO test_effect (message, key) VALUES (%s, %s)", [message.pk, message.key])


def effects() -> list[int]:
    """The messages that took effect, in order."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_regclass('test_effect')")
        if cursor.fetchone()[0] is None:
            return []
        cursor.execute("SELECT message FROM test_effect ORDER BY at")
        return [row[0] for row in cursor.fetchall()]


@outbox_handler
def note(message: OutboxMessage) -> None:
    """Works."""
    calls.append(message.pk)
    in_transaction.append(connection.in_atomic_block)
    effect(message)


@outbox_handler
def fail_after_effect(message: OutboxMessage) -> None:
    """Does its work, then breaks."""
    calls.append(message.pk)
    effect(message)
    raise RuntimeError("the printer is on fire")


@outbox_handler
def fail_once(message: OutboxMessage) -> None:
    """Breaks the first time."""
    calls.append(message.pk)
    if message.attempts == 0:
        raise RuntimeError("not yet")
    effect(message)


@outbox_handler
def die(message: OutboxMessage) -> None:
    """The process is killed in the middle, the first time (DIE is set in its environment alone)."""
    effect(message)
    if os.environ.get("DIE"):
        os.kill(os.getpid(), signal.SIGKILL)


@outbox_handler
def slow(message: OutboxMessage) -> None:
    """Takes a moment, so that two workers would meet."""
    calls.append(message.pk)
    time.sleep(0.01)
    effect(message)


@outbox_handler
def write_another(message: OutboxMessage) -> None:
    """A handler may write messages itself."""
    effect(message)
    outbox_write(kind="test.note", key="second", payload={}, now=now())


@outbox_handler(remote=True)
def remote(message: OutboxMessage) -> None:
    """Speaks to another system outside any transaction, then marks its work in one."""
    calls.append(message.pk)
    in_transaction.append(connection.in_atomic_block)
    with transaction.atomic():
        effect(message)
        outbox_done(message)


@outbox_handler(remote=True)
def remote_without_mark(message: OutboxMessage) -> None:
    """Forgets to say that it is done."""
    calls.append(message.pk)


@outbox_handler(remote=True, absorbs=True)
def look(message: OutboxMessage) -> None:
    """Looks how things stand; while it looks, somebody writes one more."""
    calls.append(message.pk)
    with transaction.atomic():
        if len(calls) == 1:
            outbox_write(kind="test.look", key=message.key, payload={}, now=now())
        effect(message)
        outbox_done(message)


@outbox_handler(remote=True, absorbs=True)
def look_in_vain(message: OutboxMessage) -> None:
    """Nobody answers."""
    calls.append(message.pk)
    raise RuntimeError("away")


ROUTES = {
    "test.look": "tests.portal.outbox_handlers.look",
    "test.vain": "tests.portal.outbox_handlers.look_in_vain",
    "test.note": "tests.portal.outbox_handlers.note",
    "test.fail": "tests.portal.outbox_handlers.fail_after_effect",
    "test.once": "tests.portal.outbox_handlers.fail_once",
    "test.die": "tests.portal.outbox_handlers.die",
    "test.slow": "tests.portal.outbox_handlers.slow",
    "test.another": "tests.portal.outbox_handlers.write_another",
    "test.remote": "tests.portal.outbox_handlers.remote",
    "test.unmarked": "tests.portal.outbox_handlers.remote_without_mark",
}
