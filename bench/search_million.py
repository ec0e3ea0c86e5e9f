"""The same at a million parts; growing the catalogue takes minutes, so it runs only when it is named."""

from __future__ import annotations

from bench import search
from bench.measure import Row
from bench.world import Shop

SIZE = 1_000_000


def run(shop: Shop, url: str) -> list[Row]:
    """See bench.search."""
    return search.run(shop, url, size=SIZE)
