"""Saleor behind the portal: orders taken beside the embedded engine, also while Saleor is down; and how fast they are handed over.

Needs a real Saleor (SALEOR_API_URL, SALEOR_STAFF_EMAIL, SALEOR_STAFF_PASSWORD), which is changed. The other side of the hand-over is a bare loop
of draft and completion of the same lines, over the same client.
"""

from __future__ import annotations

import itertools
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings

from bench.measure import Row, interleaved, rate, ratios
from bench.world import Shop
from catalog.rules.store import store_key
from orders.engines.saleor_draft import Ids, draft_input
from orders.models import Order
from orders.services.engines import engine, store_queue
from orders.services.handing_over import engine_order
from portal import clock
from portal.outbox.services import outbox_run
from portal.saleor.plan import METHOD
from portal.saleor.services import client, link_get, links_of
from tests import store
from tests.shop import part_make, shop_make

EMBEDDED, SALEOR = "orders.engines.embedded.EmbeddedEngine", "orders.engines.saleor.SaleorEngine"
NOWHERE = "http://127.0.0.1:9/graphql/"
TAKEN, DRAINED = 0.9, 0.8
_bare = itertools.count(1)


def run(shop: Shop, url: str, *, rounds: int = 7, times: int = 20, handed: int = 8) -> list[Row]:
    """Nothing without a Saleor to ask."""
    if not store.named():
        print(f"    left out: {store.MISSING}")
        return []
    with store.app_made() as app:
        store.connect(store.API_URL, app.token, app.id)
        _link(shop)
        with _worker():
            behind = _taken(shop, "orders taken, Saleor behind", rounds, times)
        store.connect(NOWHERE, app.token, app.id)
        with _worker():
            down = _taken(shop, "orders taken, Saleor down", rounds, times)
        store.connect(store.API_URL, app.token, app.id)
        return [behind, down, _drained(shop, rounds, handed)]


def _link(shop: Shop) -> None:
    there = shop_make(clock.real_now().strftime("%m%d%H%M%S"), currency="KRW")
    keys = [part_make(there, f"B{place}", home=1_000_000) for place in range(len(shop.parts))]
    ours = [store_key(part.maker, part.number) for part in shop.parts]
    there.variants = {mine: there.variants[key] for mine, key in zip(ours, keys, strict=True)}
    there.channel = "kr-customer"
    there.link()


@contextmanager
def _worker() -> Iterator[None]:
    """A process of its own hands over what is placed meanwhile, as in a house."""
    made = subprocess.Popen([sys.executable, "-m", "bench.store_worker"], env=os.environ | {"COMMERCE_ENGINE": SALEOR})
    try:
        yield
    finally:
        made.kill()
        made.wait()


def _use(name: str) -> None:
    settings.COMMERCE_ENGINE = name
    engine.cache_clear()


def _taken(shop: Shop, name: str, rounds: int, times: int) -> Row:
    def with_engine(engine_name: str) -> float:
        _use(engine_name)
        return rate(shop.order, times)

    ours, beside = interleaved(lambda: with_engine(SALEOR), lambda: with_engine(EMBEDDED), rounds=rounds)
    middle, low, high = ratios(ours, beside)
    return Row(
        name, f"{sorted(ours)[rounds // 2]:.1f} orders/s", f"{sorted(beside)[rounds // 2]:.1f} orders/s, embedded", middle, low, high,
        f"at least {TAKEN:.3f}", middle >= TAKEN, {"ours": ours, "beside": beside},
    )  # fmt: skip


def _drained(shop: Shop, rounds: int, handed: int) -> Row:
    _use(SALEOR)

    def placed() -> list[Order]:
        return [shop.order() for _ in range(handed)]

    def ours() -> float:
        waiting = iter(placed())
        return rate(lambda: outbox_run(store_queue(next(waiting).number)), handed)

    def bare() -> float:
        inputs = iter([_input(order) for order in placed()])
        return rate(lambda: _complete(next(inputs)), handed)

    mine, beside = interleaved(ours, bare, rounds=rounds)
    middle, low, high = ratios(mine, beside)
    return Row(
        "orders of 3 lines handed over", f"{sorted(mine)[rounds // 2]:.2f} orders/s", f"{sorted(beside)[rounds // 2]:.2f} x draft and completion/s",
        middle, low, high, f"at least {DRAINED:.3f}", middle >= DRAINED, {"ours": mine, "beside": beside},
    )  # fmt: skip


def _input(order: Order) -> dict[str, object]:
    told = engine_order(Order.objects.select_related("company__contact", "placed_by__user").get(pk=order.pk))
    ids = Ids(str(link_get("channel", told.channel)), str(link_get("method", METHOD)), links_of("part"))
    return {**draft_input(told, ids), "externalReference": f"bare:{told.number}:{next(_bare)}"}


def _complete(given: dict[str, object]) -> None:
    made = client().call("draft_create", input=given)["order"]
    client().call("draft_complete", id=made["id"])
