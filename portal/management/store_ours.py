"""Our side of a look at the store, read once for a whole sweep."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from catalog.selectors.stock import warehouses_all
from catalog.selectors.store import store_channels
from catalog.services.store_pull import Ours
from orders.selectors.store_claims import store_claims
from orders.services.backorders import backorders_fill, parts_wanted


def ours_read(now: datetime) -> Ours:
    """Channels by today's lists, warehouses, what our orders claim, and who waits."""
    warehouses = {one.code: one.pk for one in warehouses_all()}
    return Ours(store_channels(now), warehouses, store_claims, _serve)


def _serve(part_ids: Collection[int], now: datetime) -> None:
    if wanted := parts_wanted(part_ids):
        backorders_fill(part_ids=wanted, now=now)
