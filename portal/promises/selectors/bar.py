"""How far along a promise is."""

from __future__ import annotations

from datetime import datetime

from portal.promises.models import Promise
from portal.promises.rules.late import dates_late
from portal.promises.rules.late import late_days as counted_days
from portal.promises.rules.words import ENDS, State
from portal.promises.selectors.case import case_of
from portal.promises.types import Bar

NEAR = 0.8


def share_used(promise: Promise, now: datetime) -> Bar:
    """The promise bar at `now`; while paused the bar stands where the pause began."""
    if promise.started_at is None or promise.due_at is None:
        return Bar(0.0, "cancelled" if promise.state == State.CANCELLED else "offered")
    at = min(now, promise.stopped_at or now, _paused_since(promise) or now)
    whole = (promise.due_at - promise.started_at).total_seconds()
    share = min(1.0, max(0.0, (at - promise.started_at).total_seconds() / whole)) if whole > 0 else 1.0
    return Bar(share, _tone(promise, share, now))


def late_days(promise: Promise, now: datetime) -> int:
    """Late days up to `now` (or its end), without those the customer held; 0 in time. Wants pauses prefetched."""
    if promise.due_at is None or promise.state == State.PAUSED:  # while paused, its due moment moves on
        return 0
    until = promise.stopped_at or now
    if not dates_late(promise.due_at, until, promise.zone):
        return 0
    return sum(1 for _ in counted_days(promise.due_at, promise.zone, case_of(promise, ()).pauses, until=until))


def _paused_since(promise: Promise) -> datetime | None:
    if promise.state != State.PAUSED:
        return None
    return min((pause.started_at for pause in promise.pauses.all() if pause.ended_at is None), default=None)


def _tone(promise: Promise, share: float, now: datetime) -> str:
    if promise.state in ENDS or promise.state == State.PAUSED:
        return promise.state.lower()
    if promise.due_at is not None and now >= promise.due_at:
        return "late"
    return "near" if share >= NEAR else "running"
