"""Workers that are killed while they speak to Saleor."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from orders.models import Order
from portal.outbox.models import OutboxMessage
from portal.outbox.services import outbox_run
from portal.saleor import services
from portal.saleor.client import SaleorClient
from tests.killing import Killer, killed_child
from tests.saleor.shop import Shop


class Deadly(Killer):
    """Its points are Saleor's answers and commits: what was not committed is as if it had not been written."""

    def _statement(self, execute: Callable[..., Any], sql: str, *given: Any) -> Any:
        return execute(sql, *given)


def killed_worker(order: Order, after: int) -> bool:
    """A worker that says to Saleor what is to be said about an order, and is killed at its n-th point; answers whether it was."""
    killer = Deadly(after)

    def work() -> None:
        services._client.cache_clear()  # connections of its own
        real = SaleorClient._post

        def post(self: SaleorClient, *args: Any) -> Any:
            answer = real(self, *args)
            killer.word()
            return answer

        SaleorClient._post = post  # type: ignore[method-assign,assignment]
        outbox_run(f"store:{order.number}")

    return killed_child(work, killer)


def one_worker(shop: Shop, order: Order) -> None:
    """Until nothing waits: a dead one's lock goes with its connection."""
    waiting = OutboxMessage.objects.filter(key=f"store:{order.number}", done_at=None)
    for _ in range(100):
        shop.settle(order)
        if not waiting.exists():
            return
        time.sleep(0.1)
    raise AssertionError(list(waiting.values()))
