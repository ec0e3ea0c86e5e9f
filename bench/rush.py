"""A thousand last pieces and sixty-four buyers: how many are sold, and what a hot row costs beside spread ones."""

from __future__ import annotations

import itertools
import json
import pickle
import statistics
import subprocess
import sys
from collections.abc import Sequence
from typing import Any

import psycopg
from django.db import connections

from bench import database
from bench.measure import Row, interleaved
from bench.replay import written_by
from bench.world import Shop
from catalog.models import Part, StockLevel
from orders.models import LineHold

PROCESSES, THREADS = 4, 16  # 64 connections
PIECES, ROUND, ROUNDS = 1000, 128, 3
WANTED = 0.8
_runs = itertools.count(1)  # each run of each process writes under keys of its own


def run(shop: Shop, url: str) -> list[Row]:
    """Exactly the pieces there are; hot over spread beside the same in bare SQL; and the control without the lock."""
    buyers = PROCESSES * THREADS
    _learn(shop)
    last = shop.world.part(home=PIECES)
    sold = rush(url, "portal", [last], buyers=PIECES + buyers)["sold"]
    held = _held(last)
    spread = [shop.world.part(home=ROUND) for _ in range(buyers)]
    ours = _hot_over_spread(shop, url, "portal", spread)
    bare = _hot_over_spread(shop, url, "sql", spread)
    ratios = [one / other for one, other in zip(ours, bare, strict=True)]
    middle = statistics.median(ratios)
    return [
        Row(f"{PIECES} last pieces, {buyers} connections", f"{sold} orders", f"{held} pieces held", None, wanted=f"exactly {PIECES}",
            good=sold == held == PIECES),
        Row("rate on a hot row over spread rows", f"{statistics.median(ours):.2f}", f"{statistics.median(bare):.2f} in bare SQL",
            middle, min(ratios), max(ratios), f"at least {WANTED}", middle >= WANTED, {"ours": ours, "beside": bare}),
        _control(shop, url),
    ]  # fmt: skip


def _learn(shop: Shop) -> None:
    """Keep the rows of one order of one piece, for the buyers in bare SQL."""
    part = shop.world.part(home=10)
    (database.DATA / "written").write_bytes(pickle.dumps(written_by(lambda: shop.buy(part))))


def _hot_over_spread(shop: Shop, url: str, kind: str, spread: Sequence[Part]) -> list[float]:
    hot = [shop.world.part(home=10**6)]
    first, second = interleaved(
        lambda: rush(url, kind, hot, buyers=ROUND)["rate"],
        lambda: rush(url, kind, spread, buyers=ROUND)["rate"],
        rounds=ROUNDS,
    )
    return [one / other for one, other in zip(first, second, strict=True)]


def _control(shop: Shop, url: str) -> Row:
    """The same rush in a copy without lock and without the CHECK behind it: it must sell what is not there."""
    pieces = 20
    part = shop.world.part(home=pieces)
    connections.close_all()
    other = database.copy(url, "control")
    with psycopg.connect(other, autocommit=True) as connection:
        connection.execute("ALTER TABLE catalog_stocklevel DROP CONSTRAINT stock_level_held_is_there")
    sold = rush(other, "unlocked", [part], buyers=pieces * 8)["sold"]
    return Row(
        "control: without lock and CHECK",
        f"{sold} of {pieces} pieces sold",
        "",
        wanted=f"more than {pieces}",
        good=sold > pieces,
    )


def rush(url: str, kind: str, parts: Sequence[Part], *, buyers: int) -> dict[str, Any]:
    """`buyers` orders of one piece by all connections at once, part by part in turn; how many were sold, and how many a second."""
    levels = dict(StockLevel.objects.filter(part__in=parts).values_list("part_id", "pk"))
    connections.close_all()
    count = PROCESSES * THREADS
    workers = [_worker(url, place) for place in range(PROCESSES)]
    for place, worker in enumerate(workers):
        own = [slot for slot in range(count) if slot % PROCESSES == place]
        jobs = [[parts[slot % len(parts)].number] * (buyers // count + (slot < buyers % count)) for slot in own]
        ids = [levels[parts[slot % len(parts)].pk] for slot in own]
        _say(worker, {"kind": kind, "jobs": jobs, "levels": ids, "first": next(_runs) * PROCESSES + place})
    for worker in workers:
        assert worker.stdout is not None
        if worker.stdout.readline().strip() != "ready":
            raise RuntimeError("a buyer did not get ready")
    for worker in workers:
        _say(worker, "go")
    answers = [json.loads(worker.communicate()[0]) for worker in workers]
    began, ended = min(one["began"] for one in answers), max(one["ended"] for one in answers)
    sold = sum(one["sold"] for one in answers)
    return {"sold": sold, "rate": sold / (ended - began)}


def _worker(url: str, place: int) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "bench.rush_worker", url]
    return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


def _say(worker: subprocess.Popen[str], what: object) -> None:
    assert worker.stdin is not None
    worker.stdin.write(json.dumps(what) + "\n")
    worker.stdin.flush()


def _held(part: Part) -> int:
    return sum(LineHold.objects.filter(line__part=part).values_list("quantity", flat=True))
