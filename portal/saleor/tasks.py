"""What workers do about the store itself."""

from __future__ import annotations

from celery import shared_task
from django.db import transaction

from portal import clock
from portal.outbox.handlers import outbox_handler
from portal.outbox.models import OutboxMessage
from portal.outbox.services import outbox_done
from portal.saleor.check import check_keep
from portal.saleor.models import Connection
from portal.saleor.services import check_ask
from portal.saleor.waking import store_back


@outbox_handler(remote=True, absorbs=True)
def store_check(message: OutboxMessage) -> None:
    """`store.check`: ask the store how it stands, and keep what was found; a store that does not answer is a finding too."""
    check_keep(now=clock.now())
    with transaction.atomic():
        outbox_done(message)


@shared_task(ignore_result=True)
def back() -> int:
    """Does a store that was away answer again? Then what waits for it goes now, not at its next attempt; answers how many messages."""
    return store_back(now=clock.now())


@shared_task(ignore_result=True)
def check() -> None:
    """Look again."""
    if Connection.objects.exclude(token_sealed="").exists():
        check_ask(now=clock.now())
