"""Saleor is stopped for a while (`SALEOR_AWAY_SECONDS`, half a minute unless told otherwise) while buyers order, pay and cancel and staff ship.

Then it is back, and one worker brings all of it there by itself: in order, once. Pages are as quick meanwhile as before.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from datetime import datetime
from statistics import median, quantiles
from typing import Any

import pytest
from django.test import Client

from orders.models import Order
from orders.selectors.ledger_check import ledger_disagreements
from orders.services.cancelling import order_cancel
from orders.services.placing import order_place
from portal import clock
from portal.outbox.models import OutboxMessage
from portal.saleor.selectors import STORE_KINDS
from tests.frontend.conftest import browser, text
from tests.orders.world import World, line, request
from tests.saleor import dashboard
from tests.saleor.shop import Shop
from tests.saleor.test_orders_survive import START, STOP, told
from tests.saleor.worker import worker

AWAY = float(os.environ.get("SALEOR_AWAY_SECONDS", "30"))
SLOWER = (
    2.0  # a page may take so many times as long as with Saleor up, before and after; other work on the machine blurs it
)
PAGES = ("/", "/orders/", "/orders/{}/", "/cart/", "/search/?q=TP")

pytestmark = [
    pytest.mark.timeout(6000),
    pytest.mark.skipif(not (STOP and START), reason="give commands that stop and start Saleor: SALEOR_STOP, SALEOR_START"),
]  # fmt: skip


class Living(World):
    """A world that goes by the machine's clock."""

    @property
    def now(self) -> datetime:
        """What time it is."""
        return clock.real_now()

    @now.setter
    def now(self, moment: datetime) -> None:
        """It is not for us to say."""


@pytest.fixture
def living(committed: None, shop: Shop, world: World, monkeypatch: pytest.MonkeyPatch) -> World:
    """The shop's world, in which time passes."""
    monkeypatch.setattr(clock, "now", clock.real_now)
    world.__class__ = Living
    return world


def ordered(world: World, *lines: Any) -> Order:
    """An order is placed, and nobody waits for the store."""
    return order_place(actor=world.people.customer, request=request(*lines), now=world.now)


def seconds(act: Callable[[], Any]) -> float:
    """How long it takes."""
    began = time.perf_counter()
    act()
    return time.perf_counter() - began


def read(buyer: Client, order: Order) -> list[float]:
    """Seconds for each page."""
    taken = []
    for page in PAGES:
        address = page.format(order.number)
        began = time.perf_counter()
        answer = buyer.get(address)
        taken.append(time.perf_counter() - began)
        assert answer.status_code == 200, address
    return taken


def waiting() -> int:
    """Messages for the store that are not done."""
    return OutboxMessage.objects.filter(kind__in=STORE_KINDS, done_at=None).count()


def until(done: Callable[[], bool], most: float) -> float:
    """Seconds until it is so."""
    began = time.monotonic()
    while not done():
        assert time.monotonic() - began < most, list(
            OutboxMessage.objects.filter(done_at=None).values_list("kind", "key", "attempts", "last_error")
        )
        time.sleep(0.2)
    return time.monotonic() - began


def test_what_happens_while_it_is_stopped_is_there_afterwards_in_order_and_once(shop: Shop, living: World, capsys: Any):
    world, part = living, shop.part(home=9000)
    buyer = browser(world.people.customer)
    with worker():
        before = [ordered(world, line(part, 3)) for _ in range(6)]
        for order in before[:4]:
            world.pay(order)
        until(lambda: not waiting(), 300)
        up = [taken for _ in range(10) for taken in read(buyer, before[0])]
        told(STOP)
        try:
            during, cancelled, down, placing = _meanwhile(world, before, buyer, lambda: ordered(world, line(part, 2)))
            assert {one.engine_state for one in Order.objects.filter(pk__in=[one.pk for one in during])} == {"PENDING"}
            assert "confirmed by the store as soon as it answers" in text(buyer.get(f"/orders/{during[0].number}/"))
            assert waiting() >= len(during)
        finally:
            told(START)
        accepted = Order.objects.filter(pk=during[0].pk, engine_state="ACCEPTED")
        first = until(accepted.exists, 300)
        through = first + until(lambda: not waiting(), 900)
        up += [taken for _ in range(10) for taken in read(buyer, during[-1])]
    _as_it_should_be(shop, before, during, cancelled)
    there, allocated = shop.stock(part)["HOME"]
    shipped = 3 * 2
    owed = 3 * 3 + 2 * (len(during) - len(cancelled))  # one of those before was cancelled
    assert (there, allocated) == (9000 - shipped, owed)
    slower = median(down) / median(up)
    with capsys.disabled():
        print(
            f"\nSaleor away for {AWAY:.0f} s: {len(during)} orders taken meanwhile ({len(cancelled)} cancelled), the first through {first:.0f} s after it was back, all after {through:.0f} s; "
            f"pages {median(up) * 1000:.0f} ms up, {median(down) * 1000:.0f} ms down ({slower:.2f}), 95 % {_late(up):.0f} and {_late(down):.0f} ms; "
            f"an order {median(placing) * 1000:.0f} ms"
        )
    assert slower < SLOWER


def _late(taken: list[float]) -> float:
    return quantiles(taken, n=20)[18] * 1000


def _meanwhile(
    world: World, before: list[Order], buyer: Client, order: Callable[[], Order]
) -> tuple[list[Order], set[int], list[float], list[float]]:
    """Buyers order, pay, cancel, read; staff ship two of those the store had confirmed. Answers orders, keys of the cancelled, seconds."""
    ended = time.monotonic() + AWAY
    during: list[Order] = []
    cancelled: set[int] = set()
    down: list[float] = []
    placing: list[float] = []
    for one in before[:2]:
        world.ship(one)
    world.pay(before[4])
    order_cancel(actor=world.people.customer, order_id=before[5].pk, line_ids=None, reason="no", now=world.now)
    while len(during) < 6 or time.monotonic() < ended:
        placing.append(seconds(lambda: during.append(order())))
        if len(during) % 2:
            world.pay(during[-1])
        elif len(during) % 4 == 0:
            order_cancel(actor=world.people.customer, order_id=during[-1].pk, line_ids=None, reason="no", now=world.now)
            cancelled.add(during[-1].pk)
        down += read(buyer, during[-1])
        time.sleep(max(AWAY / 100, 0.5))
    return during, cancelled, down, placing


def _as_it_should_be(shop: Shop, before: list[Order], during: list[Order], cancelled: set[int]) -> None:
    numbers = []
    for order in during:
        order.refresh_from_db()
        seen = dashboard.seen(order)
        if order.pk in cancelled:  # it never was there
            assert not seen
            continue
        assert (order.engine_state, seen["status"]) == ("ACCEPTED", "UNFULFILLED")
        assert seen["totalCharged"]["amount"] == (20000 if order.payment_state == "PAID" else 0)
        assert len(seen["transactions"]) == (order.payment_state == "PAID")
        assert shop.look(order) == []
        numbers.append(int(seen["number"]))
    assert numbers == sorted(numbers)
    states = []
    for order in before:
        assert shop.look(order) == []
        seen = dashboard.seen(order)
        states.append((seen["status"], len(seen["fulfillments"]), seen["totalCharged"]["amount"]))
    assert states == [("FULFILLED", 1, 30000)] * 2 + [("UNFULFILLED", 0, 30000)] * 3 + [("CANCELED", 0, 0)]
    assert ledger_disagreements() == []
