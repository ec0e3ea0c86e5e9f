"""What the outbox holds."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import Q, QuerySet

from portal.outbox.models import OutboxMessage

POISON_ATTEMPTS = 5


def heads(now: datetime) -> QuerySet[OutboxMessage]:
    """The message each key stands at: its oldest that has become due, also while it waits for its next attempt.

    A message whose time has not come yet holds nobody up; one that failed does, or the order per key were lost.
    """
    waiting = OutboxMessage.objects.filter(done_at=None).filter(Q(due_at__lte=now) | Q(attempts__gt=0))
    return OutboxMessage.objects.filter(pk__in=waiting.order_by("key", "pk").distinct("key").values("pk")).order_by(
        "pk"
    )


def head_of(key: str, now: datetime) -> OutboxMessage | None:
    """The message `key` stands at, if it may be handled now."""
    head = (
        OutboxMessage.objects.filter(Q(due_at__lte=now) | Q(attempts__gt=0), done_at=None, key=key)
        .order_by("pk")
        .first()
    )
    return head if head and head.due_at <= now else None


def keys_due(now: datetime) -> list[str]:
    """Keys whose head may be handled now, the one with the oldest head first."""
    return list(heads(now).filter(due_at__lte=now).values_list("key", flat=True))


def oldest_age(now: datetime) -> timedelta:
    """How long the message that waits longest has been waiting since it became due."""
    waiting = OutboxMessage.objects.filter(done_at=None)
    failed = waiting.filter(attempts__gt=0).order_by("created_at").values_list("created_at", flat=True).first()
    due = waiting.filter(due_at__lte=now).order_by("due_at").values_list("due_at", flat=True).first()
    return max((now - moment for moment in (failed, due) if moment), default=timedelta(0))


def older_waits(message: OutboxMessage, *, error: str, now: datetime) -> bool:
    """Does an older message of the same kind, whatever its key, that failed with `error` still wait for its next attempt?"""
    older = OutboxMessage.objects.filter(kind=message.kind, pk__lt=message.pk, done_at=None, due_at__gt=now)
    return older.filter(attempts__gt=0, last_error__startswith=error).exists()


def poison() -> QuerySet[OutboxMessage]:
    """Messages that keep failing: a person must look (`python -m portal doctor`)."""
    return OutboxMessage.objects.filter(done_at=None, attempts__gte=POISON_ATTEMPTS).order_by("pk")
