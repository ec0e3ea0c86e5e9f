"""The outbox's messages that parts have changed, carried into the index."""

from __future__ import annotations

import logging
from datetime import timedelta

from django.db import transaction

from catalog.search.changes import KEY, KIND
from catalog.search.elastic.client import ElasticError, asked, served
from catalog.search.elastic.index import alias
from catalog.search.elastic.sync import compare, parts_write
from portal import clock
from portal.outbox.models import OutboxMessage
from portal.outbox.services import outbox_done, outbox_write

logger = logging.getLogger(__name__)
AGAIN = timedelta(seconds=60)


def changes_follow(message: OutboxMessage) -> None:
    """Write the named parts' documents, or compare the whole index when none is named.

    Documents are made from what the database holds now, so a message may come twice or late. While the server is away messages do not pile
    up: each is done, and one that compares everything stays until the server is back. A document it rejects fails its message; `doctor` shows it.
    """
    parts: list[int] | None = message.payload["parts"]
    same = _all_waiting(message) if parts is None else []
    try:
        asked(lambda: compare(alias(), repair=True) if parts is None else parts_write(parts))
    except ElasticError:
        _later(message)
    else:
        served()
        _done(message, same)


def _all_waiting(message: OutboxMessage) -> list[OutboxMessage]:
    """Messages written by now that ask for the same comparison: it sees their changes, for those were committed with them."""
    waiting = OutboxMessage.objects.filter(kind=KIND, key=KEY, done_at=None, payload={"parts": None})
    return list(waiting.exclude(pk=message.pk))


@transaction.atomic
def _done(message: OutboxMessage, same: list[OutboxMessage]) -> None:
    for one in (message, *same):
        outbox_done(one)


@transaction.atomic
def _later(message: OutboxMessage) -> None:
    """In place of this message, one that compares everything in a minute; one for all that fail meanwhile."""
    now = clock.now()
    outbox_done(message)
    waiting = OutboxMessage.objects.filter(kind=KIND, key=KEY, done_at=None, due_at__gt=now, payload={"parts": None})
    if not waiting.exists():
        outbox_write(kind=KIND, key=KEY, payload={"parts": None}, now=now, due_at=now + AGAIN)
