"""Moves a demo's clock, so that two days can be tried in a minute. Does not exist outside a demo."""

from __future__ import annotations

import time
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import F
from django.utils.module_loading import import_string

from portal import clock
from portal.errors import Code, refusal
from portal.locks import key_lock_session
from portal.models import ClockOffset
from portal.outbox.selectors import keys_due

MOST_HOURS = 24 * 366
PATIENCE = 60.0  # real seconds for the worker to finish what it has in its hands


def clock_start() -> None:
    """Mark this database as a demo's; a clock moved before stays where it is."""
    ClockOffset.objects.get_or_create(pk=1)


def clock_advance(hours: int) -> datetime:
    """Move the clock by whole `hours` and do all that has become due; answer the new time.

    Raises NOT_FOUND outside a demo (there the act does not exist) and INVALID for hours outside 1 to a year.
    """
    if not settings.DEMO:
        raise refusal(Code.NOT_FOUND)
    if not 0 < hours <= MOST_HOURS:
        raise refusal(Code.INVALID, "hours", most=MOST_HOURS)
    with key_lock_session("portal.clock", timeout=PATIENCE):
        clock_start()
        ClockOffset.objects.filter(pk=1).update(ahead=F("ahead") + timedelta(hours=hours))
        _work_off()
    return clock.now()


def _work_off() -> None:
    """Run everything due to its end; what a worker holds at this moment is waited for, not passed over."""
    steps = [import_string(path) for path in settings.DEMO_ADVANCE]
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        if not any([step() for step in steps]):  # noqa: C419  all of them, not only the first that did something
            if not keys_due(now=clock.now()):
                return
            time.sleep(0.05)
