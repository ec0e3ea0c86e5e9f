"""The shipping queue at ten thousand open orders: its first page and one far behind, beside a bare Django view that runs the same SQL."""

from __future__ import annotations

import pickle
import time
from collections.abc import Callable

from django.core.management import call_command
from django.db import connection
from django.test import Client

from bench.database import DATA
from bench.measure import Row, interleaved, ratios
from bench.search import statements, told
from bench.served import Served, served
from bench.world import Shop
from orders.selectors.queue import shipping_queue
from portal import clock
from portal.accounts.models import User
from tests.many_orders import orders_copied
from tests.orders.world import line

OPEN, TIMES, ROUNDS = 10_000, 12, 7
PATH = "/queue/"


def run(shop: Shop, url: str, *, many: int = OPEN) -> list[Row]:
    """Orders of three lines each, paid and ready; told as a ratio, with nothing it must reach."""
    call_command("collectstatic", interactive=False, verbosity=0)
    world = shop.world
    order = world.paid(*(line(part, 2) for part in shop.parts))
    orders_copied(order, many)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    manager = world.people.manager
    page = shipping_queue(manager, now=clock.now())
    for _ in range(100):
        page = shipping_queue(manager, now=clock.now(), after=page.later) if page.later else page
    client = Client(SERVER_NAME="127.0.0.1")
    client.force_login(User.objects.get(pk=manager.user_id))
    asked = (("first page", {}), ("page 100", {"after": page.earlier}))
    return [_measured(f"queue of {many:,} orders, {name}", client, query, url) for name, query in asked]


def _measured(name: str, client: Client, query: dict[str, str], url: str) -> Row:
    said = DATA / "said.pickle"
    found = statements(client, PATH, query)
    said.write_bytes(pickle.dumps({"page": found}))
    cookies = "; ".join(f"{key}={morsel.value}" for key, morsel in client.cookies.items())
    with served(url, "portal.wsgi:application") as ours, served(url, "bench.bare:application", said=said) as bare:
        took: dict[str, list[float]] = {"ours": [], "bare": []}

        def asking(server: Served, whose: str, address: str, given: dict[str, str]) -> Callable[[], float]:
            def ask() -> float:
                server.anew()
                times = [_timed(server, address, given, cookies) for _ in range(TIMES)]
                took[whose] += times
                return sum(times)

            return ask

        mine, beside = asking(ours, "ours", PATH, query), asking(bare, "bare", "/", {"q": "page"})
        mine(), beside()  # warm
        for times in took.values():
            times.clear()
        middle, low, high = ratios(*interleaved(mine, beside, rounds=ROUNDS, name=name))
    return Row(
        name, f"{told(took['ours'])}, {len(found)} queries", f"{told(took['bare'])} bare view, same SQL", middle, low, high,
        facts={"milliseconds": {whose: [round(1000 * one, 2) for one in times] for whose, times in took.items()}},
    )  # fmt: skip


def _timed(server: Served, address: str, query: dict[str, str], cookies: str) -> float:
    began = time.perf_counter()
    server.get(address, query, cookies)
    return time.perf_counter() - began
