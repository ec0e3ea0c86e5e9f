"""A search and a suggestion through HTTP, beside a bare Django view that runs the same SQL; and how far the slow ones lie from the usual."""

from __future__ import annotations

import http.client
import pickle
import random
import statistics
import time
from collections.abc import Callable, Sequence
from contextlib import contextmanager
from typing import Any

from django.core.management import call_command
from django.db import connection
from django.test import Client

from bench.database import DATA
from bench.grow import grow
from bench.measure import Row, interleaved, ratios
from bench.served import Served, served
from bench.world import Shop
from catalog.models import Part, PartName
from portal.accounts.models import User

SEED, MANY, ROUNDS = 20, 60, 7
MOST = 3.0  # times the bare view
SIZE = 76_000
Said = list[tuple[str, Any]]


def run(shop: Shop, url: str, *, size: int = SIZE) -> list[Row]:
    """Numbers whole, slipped and begun, names and pieces of them, drawn by a seed from a catalogue of `size` parts."""
    call_command("collectstatic", interactive=False, verbosity=0)
    count = grow(size)
    user = User.objects.get(pk=shop.world.people.customer.user_id)
    client = Client(SERVER_NAME="127.0.0.1")
    client.force_login(user)
    drawn = random.Random(SEED)
    rows = []
    for name, path, texts in (
        ("search", "/search/", _asked(drawn)),
        ("suggestions", "/search/suggest/", _typed(drawn)),
    ):
        rows += _measured(f"{name}, {count:,} parts", client, path, texts, url)
    return rows


def _asked(drawn: random.Random) -> list[str]:
    """What people ask: a third numbers, a third whole names, a third words of names."""
    numbers, names = _drawn(drawn)
    asked = []
    for at in range(MANY):
        number, words = numbers[at], names[at].split()
        some = " ".join(drawn.sample(words, min(3, len(words))))
        asked.append((number if at % 2 else number[1:], names[at], some)[at % 3])
    return asked


def _typed(drawn: random.Random) -> list[str]:
    """The beginnings of numbers and names."""
    numbers, names = _drawn(drawn)
    return [(numbers[at][:4], names[at][:9], names[at][:15])[at % 3] for at in range(MANY)]


def _drawn(drawn: random.Random) -> tuple[list[str], list[str]]:
    parts = drawn.sample(range(Part.objects.count()), MANY)
    keys = list(Part.objects.order_by("pk").values_list("pk", flat=True))
    found = [keys[at] for at in parts]
    numbers = Part.objects.in_bulk(found)
    names = dict(PartName.objects.filter(part__in=found, language="en").values_list("part_id", "name"))
    return [numbers[key].number for key in found], [names.get(key, "part") for key in found]


def _measured(name: str, client: Client, path: str, texts: Sequence[str], url: str) -> list[Row]:
    said = DATA / "said.pickle"
    said.write_bytes(pickle.dumps({text: statements(client, path, {"q": text}) for text in texts}))
    cookies = "; ".join(f"{key}={morsel.value}" for key, morsel in client.cookies.items())
    with served(url, "portal.wsgi:application") as ours, served(url, "bench.bare:application", said=said) as bare:
        took: dict[str, list[float]] = {"ours": [], "bare": []}

        def asking(server: Served, whose: str, address: str) -> Callable[[], float]:
            def ask() -> float:
                server.anew()
                times = [_timed(server, address, text, cookies) for text in texts]
                took[whose] += times
                return sum(times)

            return ask

        mine, beside = asking(ours, "ours", path), asking(bare, "bare", "/")
        mine(), beside()  # warm
        for times in took.values():
            times.clear()
        first, second = interleaved(mine, beside, rounds=ROUNDS)
    return [_row(name, took, ratios(first, second))]


def _timed(server: Served, address: str, text: str, cookies: str) -> float:
    began = time.perf_counter()
    server.get(address, {"q": text}, cookies)
    return time.perf_counter() - began


def _row(name: str, took: dict[str, list[float]], ratio: tuple[float, float, float]) -> Row:
    shown = {whose: told(times) for whose, times in took.items()}
    middle, low, high = ratio
    return Row(
        name, shown["ours"], f"{shown['bare']} bare view, same SQL", middle, low, high, f"at most {MOST}", middle <= MOST,
        {"milliseconds": {whose: [round(1000 * one, 2) for one in times] for whose, times in took.items()}},
    )  # fmt: skip


def told(times: Sequence[float]) -> str:
    """Times in seconds as people read them."""
    cuts = statistics.quantiles(times, n=100)
    p50, p95, p99 = (1000 * cuts[at - 1] for at in (50, 95, 99))
    return f"p50 {p50:.0f} p95 {p95:.0f} p99 {p99:.0f} ms (p99/p50 {p99 / p50:.1f})"


def statements(client: Client, path: str, query: dict[str, str]) -> Said:
    """Every statement of one request, with its parameters."""
    found: Said = []
    with _listening(found):
        answer = client.get(path, query, secure=True)
    if answer.status_code != http.client.OK:
        raise RuntimeError(f"{path} answered {answer.status_code}")
    return found


@contextmanager
def _listening(found: Said) -> Any:
    def note(execute: Callable, sql: str, params: Any, many: bool, context: Any) -> Any:
        found.append((sql, params))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        yield
