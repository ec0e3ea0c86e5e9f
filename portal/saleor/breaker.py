"""A store that is dead costs nothing: after some failures in a row nobody asks it for some seconds, in any process."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.core.cache import cache

from portal.saleor.errors import SaleorAway

FAILURES = 5  # in a row, of all processes together
PAUSE = timedelta(seconds=15)
_KEEP = 600  # seconds a count is remembered


class Breaker:
    """Shared through the cache. After the pause one caller tries; the others go on being answered "away" until it knows."""

    def __init__(self, name: str) -> None:
        self._state, self._probe = f"saleor.breaker:{name}", f"saleor.probe:{name}"

    def ask(self, now: datetime) -> bool:
        """Let the caller through, or raise SaleorAway; answers whether failures are counted at present."""
        state = cache.get(self._state)
        if state is None:
            return False
        count, until = state
        if count >= FAILURES and (now < until or not cache.add(self._probe, 1, timeout=PAUSE.seconds)):
            raise SaleorAway("The store did not answer lately; it is asked again in some seconds.")
        return True

    def failed(self, now: datetime) -> None:
        """Nobody answered. Two that count at once may count as one: the pause then comes one failure later."""
        count, _ = cache.get(self._state) or (0, now)
        cache.set(self._state, (count + 1, now + PAUSE), timeout=_KEEP)
        cache.delete(self._probe)

    def worked(self) -> None:
        """It answers again."""
        cache.delete_many([self._state, self._probe])
