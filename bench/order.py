"""An order of three lines against the same rows in bare SQL."""

from __future__ import annotations

from bench.measure import Row, interleaved, rate, ratios
from bench.replay import Replay, written_by
from bench.world import Shop

WANTED = 1 / 25


def run(shop: Shop, url: str, *, rounds: int = 9, times: int = 20) -> list[Row]:
    """Orders a second: the whole call with cover, promise, history and outbox, and the store told after the commit."""
    for _ in range(10):
        shop.order()
    written = written_by(shop.order)
    replay = Replay(url, written)
    for _ in range(10):
        replay.write()
    ours, beside = interleaved(lambda: rate(shop.order, times), lambda: rate(replay.write, times * 10), rounds=rounds)
    replay.close()
    middle, low, high = ratios(ours, beside)
    return [
        Row(
            "order of 3 lines, cover decided",
            f"{sorted(ours)[rounds // 2]:.1f} orders/s",
            f"{sorted(beside)[rounds // 2]:.0f} x {written.count} rows/s in bare SQL",
            middle, low, high, "at least 0.040", middle >= WANTED,
            {"ours": ours, "beside": beside, "tables": {table: len(rows) for table, rows in written.tables}},
        )
    ]  # fmt: skip
