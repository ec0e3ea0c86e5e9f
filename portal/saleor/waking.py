"""A store that was away is back: what waits for it goes at once (docs/adr/0077)."""

from __future__ import annotations

from datetime import datetime

from portal.outbox.models import OutboxMessage
from portal.outbox.services import outbox_hurry
from portal.saleor.errors import SaleorAway, SaleorError
from portal.saleor.selectors import STORE_KINDS
from portal.saleor.services import client

AT_ONCE = 100  # messages in one turn: a store that has just come up is not run down again
PATIENCE = 5.0  # seconds


def store_back(*, now: datetime) -> int:
    """Ask the store for a sign of life where something waits that found it away; answers how many messages need not wait any more."""
    error = SaleorAway.__name__
    waiting = OutboxMessage.objects.filter(
        kind__in=STORE_KINDS, done_at=None, due_at__gt=now, last_error__startswith=error
    )
    if not waiting.exists():
        return 0
    try:
        client().within(PATIENCE).call("who_am_i")
    except SaleorError:
        return 0
    return outbox_hurry(kinds=STORE_KINDS, error=error, limit=AT_ONCE, now=now)
