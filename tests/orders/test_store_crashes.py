"""A store that crashes while an order is placed: the order stands, staff see it, and it is handed over again by itself, later each time."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from catalog.models import Part
from orders.engines.embedded import EmbeddedEngine
from orders.models import Order, StoreRefusal
from orders.selectors.refusals import orders_unanswered
from portal.engine import EngineEvent, EngineOrder
from portal.notices.models import Notice
from portal.outbox.models import OutboxMessage
from portal.outbox.services import outbox_run
from portal.saleor.errors import SaleorAway, SaleorBroken
from tests.orders.world import World, level, line

Placing = list[EngineOrder]
_place = EmbeddedEngine.place


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> Placing:
    """What a store was asked that crashes three times, then does as it should."""
    seen: Placing = []

    def place(engine: EmbeddedEngine, order: EngineOrder, *, now: datetime) -> list[EngineEvent]:
        seen.append(order)
        if len(seen) <= 3:
            raise SaleorBroken("draft_create: IntegrityError at /graphql/")
        return _place(engine, order, now=now)

    monkeypatch.setattr(EmbeddedEngine, "place", place)
    return seen


def message(order: Order) -> OutboxMessage:
    return OutboxMessage.objects.get(kind="order.submit", key=f"store:{order.number}")


def test_an_order_the_store_crashed_over_is_kept_listed_and_handed_over_again(world: World, part: Part, asked: Placing) -> None:  # fmt: skip
    order = world.place(line(part, 4))
    assert (order.engine_state, level(part, world.home)) == ("PENDING", (9, 4))
    waits: list[timedelta] = []
    for attempts in (1, 2, 3):
        (listed,) = orders_unanswered(world.people.manager)
        assert (listed.order, listed.attempts) == (order, attempts)
        assert (listed.trouble, "IntegrityError" in listed.error) == ("STORE_BROKEN", True)
        assert orders_unanswered(world.people.customer) == []
        waits.append(listed.again_at - world.now)
        assert outbox_run(f"store:{order.number}") == 0  # not before its time
        world.now = listed.again_at
        outbox_run(f"store:{order.number}")
    assert waits[0] < waits[1] < waits[2]
    order.refresh_from_db()
    assert (order.engine_state, len(asked), {one.attempt for one in asked}) == ("ACCEPTED", 4, {1})
    assert (message(order).done_at, orders_unanswered(world.people.manager)) == (world.now, [])
    assert not StoreRefusal.objects.exists()


def test_a_store_that_is_away_holds_up_no_alarm_about_the_order(world: World, part: Part, monkeypatch: pytest.MonkeyPatch) -> None:  # fmt: skip
    def away(engine: EmbeddedEngine, order: EngineOrder, *, now: datetime) -> list[EngineEvent]:
        raise SaleorAway("nobody answers")

    monkeypatch.setattr(EmbeddedEngine, "place", away)
    order = world.paid(line(part, 4))
    world.days(5)
    assert order.engine_state == "PENDING"
    told = Notice.objects.filter(subject=order.number, kind__startswith="promise.broken")
    assert set(told.values_list("role", flat=True)) >= {"PARTS_MANAGER"}
