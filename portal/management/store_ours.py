"""Our side of a look at the store, read once for a whole sweep."""

from __future__ import annotations

from datetime import datetime

from catalog.selectors.stock import warehouses_all
from catalog.selectors.store import store_channels
from catalog.services.store_pull import Ours
from orders.selectors.store_claims import store_claims


def ours_read(now: datetime) -> Ours:
    """Channels by today's lists, warehouses, and what our orders claim."""
    return Ours(store_channels(now.date()), {one.code: one.pk for one in warehouses_all()}, store_claims)
