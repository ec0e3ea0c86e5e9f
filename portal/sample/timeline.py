"""Acts out the past in its own order: before each act, everything that had become due by then is done."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from portal.outbox.models import OutboxMessage
from portal.outbox.services import outbox_drain
from portal.promises.models import Promise
from portal.promises.services import promises_sweep

Act = Callable[[datetime], None]


class StuckError(Exception):
    """A message of the past could not be handled: the sample would tell half a story, so it is not loaded at all."""


class Timeline:
    """Acts with their moments; `run` takes them in the order of time, of one moment in the order they were given."""

    def __init__(self) -> None:
        self._acts: list[tuple[datetime, int, Act]] = []

    def add(self, at: datetime, act: Act) -> None:
        """Something that happened at a moment."""
        self._acts.append((at, len(self._acts), act))

    def run(self, until: datetime) -> None:
        """Act out everything that happened by `until`."""
        for at, _, act in sorted(self._acts, key=lambda entry: entry[:2]):
            if at <= until:
                _catch_up(at)
                act(at)
        _catch_up(until)


def _catch_up(now: datetime) -> None:
    """Let each promise warn, break and post at its own moment, as the sweep of that day would have done."""
    _hand_on(now)
    while due := Promise.objects.filter(next_at__lte=now).order_by("next_at").values_list("next_at", flat=True).first():
        promises_sweep(now=due)
        _hand_on(due)


def _hand_on(now: datetime) -> None:
    """Handle what was written, but send no letters: what happened weeks ago is not told by e-mail today."""
    while True:
        OutboxMessage.objects.filter(kind="notice.email", done_at=None).update(done_at=now)
        if not outbox_drain(limit=1):  # one at a time, for it may write the next letter
            break
    stuck = OutboxMessage.objects.filter(done_at=None, attempts__gt=0).order_by("pk").first()
    if stuck:
        raise StuckError(f"{stuck}: {stuck.last_error}")
