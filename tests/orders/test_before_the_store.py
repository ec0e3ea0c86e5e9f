"""Orders the portal confirmed before it had a store stay here; their goods are told as stock."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest

from catalog.models import StorePart
from orders.engines.embedded import EmbeddedEngine
from orders.models import Order
from orders.selectors.store_kept import order_kept, orders_kept
from orders.services import engines
from orders.services.mirroring import Mirrored, order_mirror
from orders.services.numbers import order_number_next, order_numbers_skip
from portal.engine import EngineEvent, EngineOrder, EventKind
from portal.outbox.models import OutboxMessage
from tests.orders.world import World, line

pytestmark = pytest.mark.django_db


class Store:
    """Remembers that it was looked at, and knows numbers of an earlier portal."""

    in_process = False
    mirrored = True
    looks = 0

    def look(self, number: str) -> None:
        """Has nothing."""
        self.looks += 1

    def changed_since(self, since: object) -> list[str]:
        """All there are."""
        return ["100007", "150000", "R-1"]


def accepted_there(self: object, order: EngineOrder, *, now: datetime) -> list[EngineEvent]:
    """As a store would say it, with its own name for the order."""
    event_id = f"{order.number}:{EventKind.ACCEPTED}:T3JkZXI6MQ=="
    return [EngineEvent(event_id, EventKind.ACCEPTED, order.number, now, store_number="1")]


@pytest.fixture
def store() -> Store:
    """One that has none of our orders."""
    return Store()


def connect(store: Store, settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """From now on there is a store."""
    settings.STORE_CATALOGUE = "a store"
    monkeypatch.setattr(engines, "engine", lambda: store)


def test_an_order_of_before_is_left_alone_and_its_goods_are_told(
    world: World, store: Store, settings: Any, monkeypatch: pytest.MonkeyPatch
):
    part = world.part(home=5)
    order = world.paid(line(part, 2))
    connect(store, settings, monkeypatch)
    StorePart.objects.create(part=part, variant_id="v1", product_id="p1")
    assert (order_kept(order), order_mirror(order_id=order.pk, now=world.now), store.looks) == (False, Mirrored(), 0)
    world.ship(order)
    assert [one.payload["part"] for one in OutboxMessage.objects.filter(kind="stock.tell")] == [part.pk]


def test_one_the_store_confirmed_is_kept_there_and_its_hand_over_tells(
    world: World, store: Store, settings: Any, monkeypatch: pytest.MonkeyPatch
):
    part = world.part(home=5)
    monkeypatch.setattr(EmbeddedEngine, "place", accepted_there)
    order = world.paid(line(part, 2))
    connect(store, settings, monkeypatch)
    StorePart.objects.create(part=part, variant_id="v1", product_id="p1")
    assert list(orders_kept(Order.objects.all())) == [order]
    world.ship(order)
    assert not OutboxMessage.objects.filter(kind="stock.tell").exists()


def test_numbers_go_on_behind_those_an_earlier_portal_left_in_the_store(
    store: Store, settings: Any, monkeypatch: pytest.MonkeyPatch
):
    connect(store, settings, monkeypatch)
    assert order_numbers_skip() == 150000
    assert order_number_next() == "150001"
