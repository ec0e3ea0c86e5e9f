"""What a change of the catalogue means for a search that keeps an index of its own."""

from __future__ import annotations

from collections.abc import Collection

from django.conf import settings

from portal import clock
from portal.outbox.services import outbox_write

KIND = "search.changed"
KEY = "search"
INDEXED = "catalog.search.elastic"  # the module behind search that has an index
_MANY = 2_000  # parts a message names; for more, the whole index is compared


def parts_changed(part_ids: Collection[int] | None) -> None:
    """Tell search, in the caller's transaction, that these parts have changed; None: any may have. Nothing is told when PostgreSQL searches.

    A change is anything `catalog_part`, its names, other numbers, supersessions and counted words hold of a part, and whether a warehouse has
    free pieces. Prices, fit and stop-sales are asked of the database when a page is made.
    """
    if settings.CATALOG_SEARCH != INDEXED or (part_ids is not None and not part_ids):
        return
    named = None if part_ids is None or len(part_ids) > _MANY else sorted(set(part_ids))
    outbox_write(kind=KIND, key=KEY, payload={"parts": named}, now=clock.now())
