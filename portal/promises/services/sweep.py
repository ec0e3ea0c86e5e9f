"""The sweep: warns, breaks and posts late days when their moment has come.

One step of one promise is one transaction: the row is claimed by a conditional UPDATE (which also holds it until the
commit), the step's message and the next look are written with it. Killed at any line, the claim rolls back and the next
sweep finds the row as it was; two sweeps at once never take the same step.
"""

from __future__ import annotations

import logging
from datetime import datetime

from django.db import transaction

from portal import clock
from portal.promises.models import Promise
from portal.promises.rules.standing import judge
from portal.promises.rules.steps import next_step
from portal.promises.selectors.case import case_of, lines_of
from portal.promises.selectors.policies import closed_days
from portal.promises.services.steps import lines_save, step_take, steps_plan

log = logging.getLogger(__name__)


def promises_sweep(now: datetime | None = None) -> int:
    """Take every step due at `now` (None: the clock's), oldest moment first over all promises; the number of steps taken.

    A promise whose step fails is logged and left for the next sweep; the others do not wait for it.
    """
    now = now or clock.now()
    taken, failed = 0, set[int]()
    while (found := _first_due(now, failed)) is not None:
        pk, seen = found
        try:
            taken += _claim(pk, seen, now)
        except Exception:
            log.exception("promise %s: its step could not be taken", pk)
            failed.add(pk)
    return taken


def _first_due(now: datetime, failed: set[int]) -> tuple[int, datetime] | None:
    rows = Promise.objects.filter(next_at__lte=now).exclude(pk__in=failed)
    first = rows.order_by("next_at", "pk").only("next_at").first()
    return (first.pk, first.next_at) if first and first.next_at else None


@transaction.atomic
def _claim(pk: int, seen: datetime, now: datetime) -> int:
    """Take the promise's step if nobody else did since it was seen; the number of steps taken (0 or 1)."""
    if not Promise.objects.filter(pk=pk, next_at=seen).update(next_at=None):
        return 0
    return _step(Promise.objects.get(pk=pk), now)


def _step(promise: Promise, now: datetime) -> int:
    lines = lines_of(promise)
    case = read = case_of(promise, lines)
    standing = judge(read, closed_days(promise.calendar), now)
    promise.due_at = standing.due_at
    step = next_step(case, standing)
    due = step is not None and step.at <= now
    if step is not None and due:
        case = step_take(promise, lines, case, step, now=now)
    steps_plan(promise, case, standing)
    promise.save()
    lines_save(lines, read)
    return int(due)
