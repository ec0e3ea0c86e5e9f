"""The pull beside a bare loop that asks Saleor for the same pages and throws them away: parts that are new here, and parts that are as they were.

Against the Saleor of SALEOR_API_URL, which must be full: a stretch of it is looked through in each round, where the round before ended.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import suppress

from bench.measure import Row, interleaved, ratios
from bench.store_shop import Bare, set_up
from bench.world import Shop
from catalog.engines.saleor_pull import SaleorCatalogue
from catalog.models import StorePart
from catalog.services.store_sweep import store_sweep
from portal import clock
from portal.management.store_ours import ours_read
from portal.saleor.client import SaleorClient
from tests import store

WANTED = 0.9
ROUNDS = 5
PAGES = int(os.environ.get("BENCH_STORE_PAGES", "20"))  # of a hundred parts, in each round


class Enough(Exception):  # noqa: N818  reads as what is the case
    """The stretch of a round has been looked through."""


def run(shop: Shop, url: str) -> list[Row]:
    """Nothing without a Saleor to ask."""
    if not store.named():
        print(f"    left out: {store.MISSING}")
        return []
    with store.app_made() as app:
        asked = store.connect(store.API_URL, app.token, app.id)
        set_up(asked)
        rows = [_row("pulled, new here", asked, shop), _row("pulled, as they were", asked, shop)]
    print(f"    {StorePart.objects.count()} parts of the store are known now")
    return rows


def _row(name: str, asked: SaleorClient, shop: Shop) -> Row:
    ours, bare = _Pull(asked), _Pages()
    rates = interleaved(ours.stretch, bare.stretch, rounds=ROUNDS)
    middle, low, high = ratios(*rates)
    mine, theirs = (sorted(one)[ROUNDS // 2] for one in rates)
    return Row(
        f"parts {name}", f"{mine:.0f} parts/s", f"{theirs:.0f} parts/s of bare pages",
        middle, low, high, f"at least {WANTED:.3f}", middle >= WANTED, {"ours": rates[0], "beside": rates[1]},
    )  # fmt: skip


class _Pull:
    """`saleor_pull`, cut short after each stretch; the next one goes on there."""

    def __init__(self, asked: SaleorClient) -> None:
        self._catalogue, self._anew = SaleorCatalogue(asked), True

    def stretch(self) -> float:
        """Parts a second."""
        now = clock.now()
        ours, seen = ours_read(now), _Seen()
        with suppress(Enough):
            store_sweep(catalogue=self._catalogue, ours=ours, now=now, anew=self._anew, progress=seen)
        self._anew = False
        if not seen.pace:
            raise RuntimeError(f"the store has fewer than {ROUNDS * PAGES * 100} parts: set BENCH_STORE_PAGES")
        return seen.pace


class _Seen:
    """Told how many parts a page had; the first word is only where the sweep stands."""

    def __init__(self) -> None:
        self._began, self._pages, self.parts, self.pace = 0.0, -1, 0, 0.0

    def __call__(self, parts: int) -> None:
        self._pages += 1
        if not self._pages:
            self._began = time.perf_counter()
            return
        self.parts += parts
        if self._pages == PAGES:
            self.pace = self.parts / (time.perf_counter() - self._began)
            raise Enough


class _Pages:
    """The same question over one connection."""

    def __init__(self) -> None:
        self._bare, self._after = Bare(), ""

    def stretch(self) -> float:
        """Parts a second."""
        began = time.perf_counter()
        parts = sum(self._pages())
        return parts / (time.perf_counter() - began)

    def _pages(self) -> Iterator[int]:
        for _ in range(PAGES):
            page = self._bare.ask("catalogue_page", after=self._after or None)["productVariants"]
            yield len(page["edges"])
            self._after = page["pageInfo"]["endCursor"]
