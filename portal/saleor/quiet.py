"""Our webhooks about parts switched off while masses of parts are written, and on again whatever happens.

A store builds such a webhook's payload inside the write: ten times slower with one that listens. What was queued before is let out first,
for switching off drops it. What is switched off is remembered (`StoreLink` of kind `webhook.off`), so that whoever comes after a crash ends it.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from portal.locks import key_lock_session_try
from portal.saleor.client import SaleorClient
from portal.saleor.models import StoreLink
from portal.saleor.services import link_set

OFF = "webhook.off"
LOCK = "store.quiet"
PATIENCE = 60.0  # seconds for what is queued to be delivered; what is left comes with the next sweep
PAUSE = 1.0


class BusyElsewhere(Exception):  # noqa: N818  reads as what is the case
    """Another process has switched them off and is at work."""


@contextmanager
def webhooks_quiet(asked: SaleorClient, *, patience: float = PATIENCE) -> Iterator[None]:
    """Nobody tells us of parts meanwhile. Raises BusyElsewhere, SaleorError."""
    with key_lock_session_try(LOCK) as ours:
        if not ours:
            raise BusyElsewhere
        wanted = [one for one in _of_parts(asked) if one["isActive"]]
        _drain(asked, {one["id"] for one in wanted}, patience)
        for one in wanted:
            link_set(OFF, one["id"], one["id"])  # before it is off: a crash in between harms nobody
            asked.call("webhook_switch", id=one["id"], active=False)
        try:
            yield
        finally:
            _wake(asked)


def webhooks_wake(asked: SaleorClient) -> int:
    """Switch on what somebody left off who is not at work any more; answers how many. Raises SaleorError."""
    if not StoreLink.objects.filter(kind=OFF).exists():
        return 0
    with key_lock_session_try(LOCK) as free:
        return _wake(asked) if free else 0


def _wake(asked: SaleorClient) -> int:
    off = list(StoreLink.objects.filter(kind=OFF))
    there = {one["id"] for one in _of_parts(asked)} if off else set()
    for one in off:
        if one.key in there:
            asked.call("webhook_switch", id=one.key, active=True)
        one.delete()
    return len(off)


def _of_parts(asked: SaleorClient) -> list[dict[str, Any]]:
    app = asked.call("webhooks_of_ours") or {"webhooks": []}
    return [
        one
        for one in app["webhooks"]
        if any(event["eventType"].startswith("PRODUCT_VARIANT") for event in one["asyncEvents"])
    ]


def _drain(asked: SaleorClient, ids: set[str], patience: float) -> None:
    until = time.monotonic() + patience
    while ids and _waiting(asked) & ids and time.monotonic() < until:
        time.sleep(PAUSE)


def _waiting(asked: SaleorClient) -> set[str]:
    """Webhooks with a delivery that has not gone out yet."""
    app = asked.call("deliveries_waiting") or {"webhooks": []}
    return {one["id"] for one in app["webhooks"] if one["eventDeliveries"]["edges"]}
