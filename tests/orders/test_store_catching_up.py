"""A store that says pieces are missing is believed when it knew all that was moved here; till then it is told, and asked again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import pytest

from catalog import tasks as catalogue_tasks
from catalog.models import Part, StorePart
from orders import tasks as order_tasks
from orders.engines.embedded import EmbeddedEngine
from orders.models import Order, StoreRefusal
from orders.selectors.refusals import orders_unanswered
from orders.services.cancelling import order_cancel
from orders.services.stocking import stock_receive
from portal import clock
from portal.engine import (
    EngineEvent,
    EngineOrder,
    EventKind,
    LineRefusal,
    Refusal,
    ShelfStock,
    StoreItem,
    StorePage,
)
from portal.outbox.services import outbox_run
from portal.saleor.errors import SaleorAway
from tests.orders.world import World, line


@dataclass
class Counted:
    """A store with a count of its own of one part, what it gave to whom, and nothing but what it is told."""

    part: Part
    pieces: int
    given: dict[str, int] = field(default_factory=dict)
    asked: int = 0
    away: bool = False

    def place(self, order: EngineOrder, *, now: datetime) -> list[EngineEvent]:
        """Given, or refused by line."""
        self.asked += 1
        number, (wanted,) = order.number, order.lines
        missing = wanted.quantity - (self.pieces - sum(self.given.values()))
        if missing > 0:
            short = [LineRefusal(Refusal.OUT_OF_STOCK, 1, missing)]
            return [EngineEvent(f"{number}:REFUSED:{order.attempt}", EventKind.REFUSED, number, now, refusals=short)]
        self.given[number] = wanted.quantity
        return [EngineEvent(f"{number}:ACCEPTED:T3JkZXI6{number}", EventKind.ACCEPTED, number, now, store_number="S1")]

    def catalogue_look(self, store_ids: Sequence[str]) -> StorePage:
        """What lies there."""
        if self.away:
            raise SaleorAway("Nobody answers.")
        stock = {"HOME": ShelfStock(self.pieces, 0)}
        return StorePage([StoreItem("v1", "p1", "", "", "", True, {}, stock)], "", clock.now())

    def stock_put(self, store_id: str, on_hand: Mapping[str, int]) -> None:
        """So many from now on."""
        self.pieces = on_hand["HOME"]

    def mirrored(self, *, order_id: int, now: datetime) -> None:
        """An order was cancelled here."""
        self.given.pop(Order.objects.get(pk=order_id).number, None)


@pytest.fixture
def store(world: World, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Counted:
    """It has the three pieces that lie at home, and speaks in the embedded engine's place."""
    settings.STORE_CATALOGUE = "a store"
    made = Counted(world.part(home=3), pieces=3)
    StorePart.objects.create(part=made.part, variant_id="v1", product_id="p1")
    monkeypatch.setattr(EmbeddedEngine, "place", lambda engine, order, *, now: made.place(order, now=now))
    monkeypatch.setattr(EmbeddedEngine, "mirrored", True)
    monkeypatch.setattr(catalogue_tasks, "catalogue_of_store", lambda: made)
    monkeypatch.setattr(order_tasks, "order_mirror", made.mirrored)
    return made


def receive(world: World, store: Counted, pieces: int) -> None:
    """Goods in; the store has not heard of it."""
    stock_receive(actor=world.people.manager, part_number=store.part.number, warehouse="HOME", quantity=pieces, now=world.now)  # fmt: skip


def test_goods_that_came_in_a_moment_ago_are_told_before_they_are_ordered(world: World, store: Counted):
    receive(world, store, 4)
    assert world.place(line(store.part, 6)).engine_state == "ACCEPTED"
    assert (store.pieces, store.asked) == (7, 1)


def test_pieces_another_order_let_go_are_given_back_there_and_the_store_is_asked_again(world: World, store: Counted):
    first = world.place(line(store.part, 3))
    order_cancel(actor=world.people.customer, order_id=first.pk, line_ids=None, reason="too many", now=world.now)
    assert world.place(line(store.part, 2)).engine_state == "ACCEPTED"
    assert store.asked == 3  # the first, and the second twice


def test_what_a_stranger_took_is_refused_at_once(world: World, store: Counted):
    store.given["a stranger"] = 2
    assert world.place(line(store.part, 2)).engine_state == "REFUSED"
    assert store.asked == 1
    assert StoreRefusal.objects.get().missing == 1


def test_while_the_store_cannot_be_told_nobody_is_refused_and_it_goes_through_later(world: World, store: Counted):
    receive(world, store, 4)
    store.away = True
    order = world.place(line(store.part, 6))
    assert (order.engine_state, StoreRefusal.objects.exists()) == ("PENDING", False)
    (listed,) = orders_unanswered(world.people.manager)
    assert (listed.order, listed.attempts) == (order, 1)
    assert (listed.trouble, "has not heard" in listed.error) == ("STORE_BEHIND", True)
    store.away = False
    world.now = listed.again_at
    outbox_run(f"store:{order.number}")
    order.refresh_from_db()
    assert (order.engine_state, store.pieces) == ("ACCEPTED", 7)
