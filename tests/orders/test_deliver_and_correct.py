"""Deliveries, and late proof of when things really happened."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import partial
from typing import Any

import pytest

from catalog.models import Part
from orders.models import Order, OrderEvent, Shipment
from orders.selectors.ledger import credit_lines
from orders.services.crediting import credit_balance
from orders.services.shipping import shipment_correct, shipment_deliver
from portal.accounts.actor import Actor
from tests.orders.world import World, line, lines_of, promise, refused, seoul, won


def deliver(world: World, shipment: Shipment, at: datetime | None = None, by: Actor | None = None) -> Shipment:
    """Delivered now, or at a moment."""
    actor = by or world.people.manager
    return shipment_deliver(actor=actor, shipment_id=shipment.pk, now=world.now, delivered_at=at, received_by="Gate 3")


def correct(world: World, shipment: Shipment, **extra: Any) -> Shipment:
    """Late proof by the manager."""
    given: dict[str, Any] = {"actor": world.people.manager, "evidence": "scan of the carrier", "now": world.now} | extra
    return shipment_correct(shipment_id=shipment.pk, **given)


@pytest.fixture
def dealers(world: World, part: Part) -> Order:
    """A dealer's order of two on account."""
    return world.place(line(part, 2), by=world.people.dealer, payment="ACCOUNT")


def test_a_delivery_in_time_keeps_the_dealers_promise(world: World, dealers: Order) -> None:
    (shipment,) = world.ship(dealers)
    world.now = seoul("12-02 15:00")
    deliver(world, shipment)
    dealers.refresh_from_db()
    assert (dealers.state, lines_of(dealers)[0].delivered) == ("DELIVERED", 2)
    assert (promise(dealers, "dealer-delivery").state, promise(dealers).state) == ("KEPT", "KEPT")


def test_the_eleventh_day_is_late(world: World, dealers: Order) -> None:
    (shipment,) = world.ship(dealers)
    world.go_to(seoul("12-04 15:00"))
    deliver(world, shipment)
    assert promise(dealers, "dealer-delivery").state == "KEPT_LATE"
    world.settle()
    assert credit_balance(dealers) == won(200)


def test_a_repeat_changes_nothing_and_another_day_is_refused(world: World, dealers: Order) -> None:
    (shipment,) = world.ship(dealers)
    at = world.now
    world.now += timedelta(hours=2)
    deliver(world, shipment, at)
    assert deliver(world, shipment, at).delivered_at == at
    assert deliver(world, shipment).delivered_at == at
    assert refused(lambda: deliver(world, shipment, world.now)) == [("WRONG_STATE", "shipment")]
    assert OrderEvent.objects.filter(order=dealers, kind="delivered").count() == 1


@pytest.mark.parametrize("hours", [-1, 1])
def test_a_delivery_comes_after_the_hand_over_and_not_in_the_future(world: World, dealers: Order, hours: int) -> None:
    (shipment,) = world.ship(dealers)
    moment = world.now + timedelta(hours=hours)
    assert refused(lambda: deliver(world, shipment, moment)) == [("INVALID", "deliveredAt")]


def test_nobody_else_records_a_delivery(world: World, dealers: Order) -> None:
    (shipment,) = world.ship(dealers)
    for buyer in (world.people.customer, world.people.dealer):  # their own word would decide their own credit
        assert refused(partial(deliver, world, shipment, by=buyer)) == [("NOT_ALLOWED", "")]
    assert refused(lambda: deliver(world, shipment, by=world.people.technician)) == [("NOT_ALLOWED", "")]


def late_order(world: World, part: Part) -> tuple[Order, Shipment]:
    """Handed over on the third late day, as it was typed."""
    order = world.paid(line(part))
    world.go_to(seoul("11-28 12:00"))
    (shipment,) = world.ship(order)
    world.settle()
    assert promise(order).state == "KEPT_LATE"
    return order, shipment


def test_late_proof_turns_kept_late_to_kept_and_takes_the_credit_back(world: World, part: Part) -> None:
    order, shipment = late_order(world, part)
    assert credit_balance(order) == won(300)
    correct(world, shipment, shipped_at=seoul("11-25 23:59"))
    world.settle()
    assert promise(order).state == "KEPT"
    assert credit_balance(order) == won(0)
    assert [one.amount for one in credit_lines(order)] == [won(300), won(-300)]
    assert not lines_of(order)[0].accruals.filter(reversed_at=None).exists()


def test_proof_of_one_day_less_takes_one_day_back(world: World, part: Part) -> None:
    order, shipment = late_order(world, part)
    correct(world, shipment, shipped_at=seoul("11-27 23:59"))
    world.settle()
    assert (promise(order).state, credit_balance(order)) == ("KEPT_LATE", won(200))


def test_proof_that_it_was_later_adds_the_days_it_was(world: World, part: Part) -> None:
    order, shipment = late_order(world, part)
    world.now = seoul("11-30 12:00")
    correct(world, shipment, shipped_at=seoul("11-29 08:00"))
    world.settle()
    assert (promise(order).state, credit_balance(order)) == ("KEPT_LATE", won(400))


def test_a_correction_twice_reverses_once(world: World, part: Part) -> None:
    order, shipment = late_order(world, part)
    for _ in range(2):
        correct(world, shipment, shipped_at=seoul("11-25 12:00"))
        world.settle()
    assert credit_balance(order) == won(0)
    assert len(credit_lines(order)) == 2


def test_the_promised_moment_stands_through_every_correction(world: World, part: Part) -> None:
    order, shipment = late_order(world, part)
    before = promise(order).promised_at
    correct(world, shipment, shipped_at=seoul("11-25 12:00"))
    world.settle()
    assert promise(order).promised_at == before == seoul("11-26 00:00")


def test_a_correction_needs_evidence_a_manager_and_times_that_can_be(world: World, part: Part) -> None:
    order, shipment = late_order(world, part)
    assert refused(lambda: correct(world, shipment, evidence=" ", shipped_at=world.now)) == [("INVALID", "evidence")]
    assert refused(lambda: correct(world, shipment, actor=world.people.desk)) == [("NOT_ALLOWED", "")]
    assert refused(lambda: correct(world, shipment, actor=world.people.customer)) == [("NOT_ALLOWED", "")]
    early, future = seoul("11-23 09:59"), world.now + timedelta(minutes=1)
    for moment in (early, future):
        assert refused(partial(correct, world, shipment, shipped_at=moment)) == [("INVALID", "shippedAt")]
    assert refused(lambda: correct(world, shipment, delivered_at=world.now)) == [("WRONG_STATE", "deliveredAt")]
    deliver(world, shipment)
    earlier = shipment.shipped_at - timedelta(minutes=1)
    assert refused(lambda: correct(world, shipment, delivered_at=earlier)) == [("INVALID", "deliveredAt")]
    assert order.state == "SHIPPED"
