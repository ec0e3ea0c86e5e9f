"""What the store says of an order: each fact once, whoever tells it and however often."""

from __future__ import annotations

from datetime import datetime

import pytest

from catalog.models import Part
from orders.engines.embedded import EmbeddedEngine
from orders.models import Order, OrderEvent
from orders.services.placing import order_place
from orders.services.submitting import order_apply, order_submit
from orders.tasks import submit
from portal.engine import EngineEvent, EngineOrder, EventKind
from portal.notices.models import Notice
from portal.outbox.models import OutboxMessage
from portal.outbox.services import outbox_run
from tests.orders.world import World, line, request, won


@pytest.fixture
def order(world: World, part: Part) -> Order:
    """Placed, the store not told yet."""
    return order_place(actor=world.people.customer, request=request(line(part, 2)), now=world.now)


def history(order: Order) -> list[str]:
    """What happened, by kind."""
    return list(OrderEvent.objects.filter(order=order).values_list("kind", flat=True))


def test_an_order_is_pending_until_the_store_confirms_it(world: World, order: Order) -> None:
    assert order.engine_state == "PENDING"
    outbox_run(f"store:{order.number}")
    order.refresh_from_db()
    assert (order.engine_state, order.store_number) == ("ACCEPTED", order.number)


def test_the_same_fact_told_three_times_is_written_once(world: World, order: Order) -> None:
    event = EngineEvent("store-1", EventKind.ACCEPTED, order.number, world.now, store_number="S-1")
    assert [order_apply(event=event, now=world.now) for _ in range(3)] == [True, False, False]
    assert history(order).count("engine.accepted") == 1


def test_a_worker_that_dies_after_asking_the_store_asks_again_and_applies_once(world: World, order: Order) -> None:
    for event in order_submit(order_id=order.pk, now=world.now):
        order_apply(event=event, now=world.now)
    assert order_submit(order_id=order.pk, now=world.now) == []  # confirmed: nothing more to ask
    message = OutboxMessage.objects.get(key=f"store:{order.number}", kind="order.submit")
    submit(message)
    assert history(order).count("engine.accepted") == 1
    assert OutboxMessage.objects.get(pk=message.pk).done_at == world.now


def test_a_refusal_of_the_store_becomes_a_persons_business(world: World, order: Order) -> None:
    event = EngineEvent("store-2", EventKind.REFUSED, order.number, world.now, reason="sold elsewhere")
    for _ in range(2):
        order_apply(event=event, now=world.now)
    order.refresh_from_db()
    assert order.engine_state == "REFUSED"
    told = Notice.objects.filter(kind="order.refused", subject=order.number)
    assert [(one.role, one.data["reason"]) for one in told] == [("PARTS_MANAGER", "sold elsewhere")]


def test_the_store_is_told_what_the_buyer_pays_and_where_the_goods_lie(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[EngineOrder] = []

    def listen(engine: EmbeddedEngine, order: EngineOrder, *, now: datetime) -> list[EngineEvent]:
        seen.append(order)
        return []

    monkeypatch.setattr(EmbeddedEngine, "place", listen)
    part = world.part(home=3, away=2)
    placed = order_place(actor=world.people.customer, request=request(line(part, 5)), now=world.now)
    order_submit(order_id=placed.pk, now=world.now)
    (told,) = seen
    assert (told.key, told.currency, told.total) == (f"portal:{placed.number}", "KRW", won(50000))
    assert [(one.part_number, one.quantity, one.gross, one.holds) for one in told.lines] == [
        (part.number, 5, won(50000), {"HOME": 3, "AWAY": 2})
    ]
