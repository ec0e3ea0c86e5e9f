"""Saleor behind the portal: orders taken beside the embedded engine, also while Saleor is down; and how fast they are handed over.

Needs a real Saleor (SALEOR_API_URL, SALEOR_STAFF_EMAIL, SALEOR_STAFF_PASSWORD), which is changed. It runs on the machine that is measured, so its
own work takes from both sides of a row or is told in the row's name:

- *hand-over paused*: the same orders by both engines, the store's with its message written, nobody handing over;
- *handed over meanwhile*: a worker hands over while orders are taken; beside it the embedded engine while a bare loop keeps Saleor as busy;
- *Saleor's own work included*: the same worker; beside it the embedded engine with the machine to itself. A machine of Saleor's own is the rule.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext

from django.conf import settings

from bench.measure import Row, interleaved, rate, ratios
from bench.store_shop import EMBEDDED, SALEOR, Bare, draft_of, furnish
from bench.store_worker import worker
from bench.world import Shop
from orders.models import EngineState, Order
from orders.services.engines import engine, store_queue
from portal.outbox.models import OutboxMessage
from portal.outbox.services import outbox_run
from tests import store

NOWHERE = "http://127.0.0.1:9/graphql/"
TAKEN, DRAINED = 0.9, 0.8


def run(shop: Shop, url: str, *, rounds: int = 7, times: int = 30, handed: int = 8) -> list[Row]:
    """Nothing without a Saleor to ask."""
    if not store.named():
        print(f"    left out: {store.MISSING}")
        return []
    with store.app_made() as app:
        furnish(store.connect(store.API_URL, app.token, app.id), shop)
        for name in (SALEOR, EMBEDDED):
            _taking(shop, name, times)
        rows = [_taken("orders taken, hand-over paused", shop, rounds, times), _drained(shop, rounds, handed)]
        with worker("drain") as ours, worker("bare") as beside:
            rows += [
                _taken("orders taken, handed over meanwhile", shop, rounds, times, ours.at_work, beside.at_work),
                _taken("  Saleor's own work included", shop, rounds, times, ours.at_work, wanted=None),
            ]
        _forget()
        store.connect(NOWHERE, app.token, app.id)
        with worker("drain") as ours:
            rows.append(_taken("orders taken, Saleor down", shop, rounds, times, ours.at_work))
        return rows


def _forget() -> None:
    """What was left to hand over would be handed over in a later row."""
    OutboxMessage.objects.filter(done_at=None).delete()


Busy = Callable[[], AbstractContextManager[None]]


def _taken(
    name: str, shop: Shop, rounds: int, times: int, ours: Busy = nullcontext, beside: Busy = nullcontext,
    *, wanted: float | None = TAKEN,
) -> Row:  # fmt: skip
    def by(engine_name: str, busy: Busy) -> float:
        with busy():
            return _taking(shop, engine_name, times)

    behind, embedded = interleaved(lambda: by(SALEOR, ours), lambda: by(EMBEDDED, beside), rounds=rounds)
    middle, low, high = ratios(behind, embedded)
    return Row(
        name, f"{sorted(behind)[rounds // 2]:.1f} orders/s", f"{sorted(embedded)[rounds // 2]:.1f} orders/s, embedded",
        middle, low, high, f"at least {wanted:.3f}" if wanted else "", middle >= wanted if wanted else None,
        {"ours": behind, "beside": embedded},
    )  # fmt: skip


def _taking(shop: Shop, engine_name: str, times: int) -> float:
    _use(engine_name)
    return rate(shop.order, times)


def _use(name: str) -> None:
    settings.COMMERCE_ENGINE = name
    engine.cache_clear()


def _drained(shop: Shop, rounds: int, handed: int) -> Row:
    """One at a time on both sides; what is handed over was placed before."""
    _use(SALEOR)
    bare = Bare()

    def placed() -> list[Order]:
        return [shop.order() for _ in range(handed)]

    def ours() -> float:
        orders = placed()
        waiting = iter(orders)
        pace = rate(lambda: outbox_run(store_queue(next(waiting).number)), handed)
        _accepted(orders)
        return pace

    def beside() -> float:
        drafts = iter([draft_of(order) for order in placed()])
        return rate(lambda: bare.order(next(drafts)), handed)

    mine, theirs = interleaved(ours, beside, rounds=rounds)
    middle, low, high = ratios(mine, theirs)
    return Row(
        "orders of 3 lines handed over", f"{sorted(mine)[rounds // 2]:.2f} orders/s", f"{sorted(theirs)[rounds // 2]:.2f} x draft and completion/s",
        middle, low, high, f"at least {DRAINED:.3f}", middle >= DRAINED, {"ours": mine, "beside": theirs},
    )  # fmt: skip


def _accepted(orders: list[Order]) -> None:
    if left := Order.objects.filter(pk__in=[one.pk for one in orders]).exclude(engine_state=EngineState.ACCEPTED):
        raise RuntimeError(f"not handed over: {left.first()}")
