"""Orders that found the store away go to it in the order they were placed, before any that came since."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest

from catalog.models import Part
from orders.services.engines import engine
from portal.engine import EngineEvent, EngineOrder, EventKind
from portal.outbox.models import OutboxMessage
from portal.outbox.services import outbox_drain, outbox_hurry
from portal.saleor.errors import SaleorAway
from tests.orders.world import World, line


class Store:
    """Away until it is back; remembers whom it confirmed."""

    in_process, mirrored = False, True
    away = True
    confirmed: list[str] = []

    def place(self, order: EngineOrder, *, now: datetime) -> list[EngineEvent]:
        """Nobody answers, or it is taken."""
        if self.away:
            raise SaleorAway("nobody answers")
        self.confirmed.append(order.number)
        return [EngineEvent(f"{order.number}:ACCEPTED:S", EventKind.ACCEPTED, order.number, now, store_number="S")]

    def look(self, number: str) -> None:
        """Keeps nothing more."""


@pytest.fixture
def store(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[type[Store]]:
    """In the engine's place."""
    monkeypatch.setattr(Store, "away", True)
    monkeypatch.setattr(Store, "confirmed", [])
    settings.COMMERCE_ENGINE = f"{__name__}.Store"
    engine.cache_clear()
    yield Store
    engine.cache_clear()


def test_who_ordered_first_is_first_though_later_ones_are_tried_sooner(
    world: World, part: Part, store: type[Store], monkeypatch: pytest.MonkeyPatch
):
    first, second = world.place(line(part, 1)), world.place(line(part, 1))
    for _ in range(3):  # the first has waited longest, so its next attempt is farthest off
        world.now += timedelta(seconds=40)
        outbox_drain()
    store.away = False
    third = world.place(line(part, 1))
    assert (third.engine_state, store.confirmed) == ("PENDING", [])
    waiting = OutboxMessage.objects.filter(kind="order.submit", done_at=None)
    assert (waiting.count(), waiting.filter(due_at__lte=world.now).count()) == (3, 0)
    assert outbox_hurry(kinds=["order.submit"], error="SaleorAway", limit=2, now=world.now) == 2
    fourth = world.place(line(part, 1))
    outbox_drain()
    assert store.confirmed == [first.number, second.number]
    outbox_hurry(kinds=["order.submit"], error="SaleorAway", limit=9, now=world.now)
    outbox_drain()
    assert store.confirmed == [one.number for one in (first, second, third, fourth)]
    assert not waiting.exists()
