"""Writing messages, and running them: at least once, oldest first per key, one at a time per key (docs/adr/0003)."""

from __future__ import annotations

import logging
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.db.models import F

from portal import clock
from portal.ending import ending
from portal.locks import key_lock_session, key_lock_session_try, key_lock_try
from portal.outbox.handlers import Handler, handler_for, route
from portal.outbox.models import OutboxMessage
from portal.outbox.selectors import head_of, heads

logger = logging.getLogger(__name__)
FIRST_PAUSE = timedelta(seconds=5)
LONGEST_PAUSE = timedelta(hours=1)
CLAIM = timedelta(seconds=30)  # how long the sweep trusts a doorbell it has rung
SWEEP_KEYS = 500


class NotMarkedError(Exception):
    """A remote handler came back without `outbox_done`: its work cannot be told from work not done."""


class AlreadyDoneError(Exception):
    """Somebody else finished this message; what we did here must roll back."""


def outbox_write(
    *,
    kind: str,
    key: str,
    payload: Mapping[str, Any],
    now: datetime,
    due_at: datetime | None = None,
    at_once: bool = False,
) -> OutboxMessage:
    """Write a message in the caller's transaction; after the commit ring for a worker.

    `key` names what it is about; messages of one key are handled in the order written, so a message that must not wait
    behind another takes a key of its own. `at_once` handles it in this process right after the commit instead: its
    failure is logged and retried by a worker, never raised at the writer.
    """
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError(
            "outbox_write belongs in the transaction whose outcome it announces."
        )
    route(kind)
    message = OutboxMessage.objects.create(
        kind=kind, key=key, payload=dict(payload), created_at=now, due_at=due_at or now
    )
    if message.due_at <= now:
        transaction.on_commit(partial(_run_quietly if at_once else _ring, key))
    return message


def outbox_done(message: OutboxMessage, *, now: datetime | None = None) -> None:
    """Mark a message done in the caller's transaction. Raises AlreadyDoneError (roll back!) when it was done before."""
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError(
            "outbox_done belongs in the transaction that holds the handler's effects."
        )
    now = now or clock.now()
    if not OutboxMessage.objects.filter(pk=message.pk, done_at=None).update(done_at=now, last_error=""):
        raise AlreadyDoneError(message.pk)
    message.done_at = now


def outbox_run(key: str) -> int:
    """Handle the due messages of one key in order, until none is left, one fails, another process has the key, or this one ends."""
    done = 0
    while not ending() and (message := head_of(key, clock.now())) and _handle(message):
        done += 1
    return done


def outbox_drain(limit: int | None = None) -> int:
    """Handle all due messages in this process, oldest first; answer how many were done. Failures stop their key only."""
    done, stuck = 0, set[str]()
    while limit is None or done < limit:
        now = clock.now()
        message = heads(now).filter(due_at__lte=now).exclude(key__in=stuck).first()
        if message is None:
            break
        if _handle(message):
            done += 1
        else:
            stuck.add(message.key)
    return done


@contextmanager
def outbox_hold(key: str, *, patience: float = 600) -> Iterator[None]:
    """Hold a key's messages back while something is changed that their handlers must not meet half done; they go on afterwards.

    Waits for the handler that is at work. Raises BUSY when that takes longer than `patience` seconds.
    """
    with key_lock_session(_lock(key), timeout=patience):
        yield


def outbox_finish(keys: Iterable[str], *, patience: float = 60) -> bool:
    """Handle now what is due of these keys, waiting for whoever is at one; answers whether anything of them had waited.

    What fails waits for its next attempt, as ever. Raises BUSY when somebody is at one for longer than `patience` seconds.
    """
    asked = list(keys)
    rows = OutboxMessage.objects.filter(key__in=asked, done_at=None) if asked else OutboxMessage.objects.none()
    waiting = sorted(set(rows.values_list("key", flat=True)))
    for key in waiting:
        with outbox_hold(key, patience=patience):
            pass
        outbox_run(key)
    return bool(waiting)


def outbox_sweep(*, now: datetime) -> int:
    """Ring again for every key whose due message was not done (a doorbell was lost, a worker died); answer how many."""
    waiting = heads(now).filter(due_at__lte=now).exclude(claimed_until__gt=now)[:SWEEP_KEYS]
    rung = 0
    for message in list(waiting):
        claimed = OutboxMessage.objects.filter(pk=message.pk, done_at=None).exclude(claimed_until__gt=now)
        if claimed.update(claimed_until=now + CLAIM):
            _ring(message.key)
            rung += 1
    return rung


def outbox_hurry(*, kinds: Collection[str], error: str, limit: int, now: datetime) -> int:
    """What these kinds lacked is there again: those that failed with `error` do not wait for their next attempt; the oldest first, answer how many."""
    late = OutboxMessage.objects.filter(kind__in=kinds, done_at=None, due_at__gt=now, last_error__startswith=error)
    oldest = late.filter(attempts__gt=0).order_by("pk").values("pk")[:limit]
    return OutboxMessage.objects.filter(pk__in=list(oldest.values_list("pk", flat=True)), done_at=None).update(
        due_at=now
    )


def outbox_prune(*, now: datetime) -> int:
    """Forget what was done more than OUTBOX_KEEP_DAYS ago; answer how many rows went."""
    return OutboxMessage.objects.filter(done_at__lt=now - timedelta(days=settings.OUTBOX_KEEP_DAYS)).delete()[0]


def _handle(message: OutboxMessage) -> bool:
    """Handle one message; answer whether it is done now. A failure is recorded, not raised."""
    try:
        handler = handler_for(message.kind)
        waiting = _alike(message) if handler.absorbs else []
        done = _handle_remote(message, handler) if handler.remote else _handle_here(message, handler)
    except Exception as error:
        logger.exception("Outbox message %s failed", message)
        _record_failure(message, error)
        return False
    if done and waiting:
        OutboxMessage.objects.filter(pk__in=waiting, done_at=None).update(done_at=clock.now(), last_error="")
    return done


def _alike(message: OutboxMessage) -> list[int]:
    """Those of its kind and key that wait behind it: read before it is handled, so what comes meanwhile is not among them."""
    alike = OutboxMessage.objects.filter(kind=message.kind, key=message.key, done_at=None, due_at__lte=clock.now())
    return list(alike.exclude(pk=message.pk).values_list("pk", flat=True))


def _handle_here(message: OutboxMessage, handler: Handler) -> bool:
    with transaction.atomic():
        if not key_lock_try(_lock(message.key)) or not _still_head(message):
            return False
        handler(message)
        outbox_done(message)
    return True


def _handle_remote(message: OutboxMessage, handler: Handler) -> bool:
    with key_lock_session_try(_lock(message.key)) as ours:
        if not ours or not _still_head(message):
            return False
        handler(message)
        if OutboxMessage.objects.filter(pk=message.pk, done_at=None).exists():
            raise NotMarkedError(f"The handler of {message.kind} returned without outbox_done.")
    return True


def _still_head(message: OutboxMessage) -> bool:
    """Asked again under the lock: before it, another process may have finished this message."""
    head = head_of(message.key, clock.now())
    return head is not None and head.pk == message.pk


def _lock(key: str) -> str:
    return f"outbox:{key}"


def _record_failure(message: OutboxMessage, error: Exception) -> None:
    pause = min(FIRST_PAUSE * 2 ** min(message.attempts, 20), LONGEST_PAUSE)
    OutboxMessage.objects.filter(pk=message.pk, done_at=None).update(
        attempts=F("attempts") + 1,
        last_error=f"{type(error).__name__}: {error}"[:2000].replace("\x00", ""),
        due_at=clock.now() + pause,
        claimed_until=None,
    )


def _run_quietly(key: str) -> None:
    try:
        outbox_run(key)
    except Exception:  # the commit has happened: the caller's answer must not change any more
        logger.exception("Outbox key %s could not be run at once; a worker will", key)


def _ring(key: str) -> None:
    """Tell a worker to look at this key. A doorbell that fails is logged: the sweep rings again."""
    from portal.outbox.tasks import handle  # noqa: PLC0415  tasks stand above services

    try:
        handle.apply_async(args=[key], retry=False)
    except Exception:
        logger.exception("Could not ring for outbox key %s; the sweep will", key)
