"""A fuse before the server: after a failure nobody asks it for a while, so that a page never waits for it twice."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from threading import Lock

FIRST_PAUSE = timedelta(seconds=5)
LONGEST_PAUSE = timedelta(seconds=60)


@dataclass
class Breaker:
    """Closed: the server is asked. After a failure it is open for a pause that doubles up to a minute; then one caller tries, the others go on
    without until that one has come back. One for each process; time is passed in."""

    why: str = ""
    since: datetime | None = None  # the first failure of this outage
    _until: datetime | None = None
    _pause: timedelta = FIRST_PAUSE
    _lock: Lock = field(default_factory=Lock, repr=False)

    def allows(self, now: datetime) -> bool:
        """May the server be asked? Who is told so while it is away is the one that tries: the pause begins anew for the others."""
        with self._lock:
            if self._until is None:
                return True
            if now < self._until:
                return False
            self._until = now + self._pause
            return True

    def failed(self, why: str, now: datetime) -> bool:
        """The server did not answer as it should; tells whether this is news (worth a line in the log)."""
        with self._lock:
            news = self.since is None
            self._pause = FIRST_PAUSE if news else min(self._pause * 2, LONGEST_PAUSE)
            self.why, self.since, self._until = why, self.since or now, now + self._pause
            return news

    def worked(self) -> datetime | None:
        """The server answered; tells since when it had been away, None when it had not."""
        with self._lock:
            since, self.since, self._until, self.why = self.since, None, None, ""
            return since
