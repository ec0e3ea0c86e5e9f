"""An order held back for a reason: the customer's cause stops the clocks, ours does not."""

from __future__ import annotations

from datetime import timedelta

import pytest

from catalog.models import Part
from orders.models import Order, OrderHold
from orders.services.cancelling import order_cancel
from orders.services.holding import order_hold, order_release
from tests.orders.world import World, line, promise, refused, seoul


def hold(world: World, order: Order, reason: str = "BAD_ADDRESS", note: str = "no such street", by=None) -> Order:
    """Held by the manager unless somebody else is told."""
    return order_hold(actor=by or world.people.manager, order_id=order.pk, reason=reason, note=note, now=world.now)


def release(world: World, order: Order) -> Order:
    """Let it go."""
    return order_release(actor=world.people.manager, order_id=order.pk, now=world.now)


@pytest.mark.parametrize("reason", ["BAD_ADDRESS", "CREDIT_STOP", "CUSTOMER_ASKED", "CUSTOMS", "FORCE_MAJEURE"])
def test_a_hold_that_is_not_our_fault_moves_the_due_moment_by_its_midnights(
    world: World, part: Part, reason: str
) -> None:
    order = world.paid(line(part))
    hold(world, order, reason)
    assert promise(order).state == "PAUSED"
    world.now += timedelta(days=3)
    release(world, order)
    assert (promise(order).state, promise(order).due_at) == ("RUNNING", seoul("11-29 00:00"))
    assert promise(order).promised_at == seoul("11-26 00:00")


@pytest.mark.parametrize("reason", ["OUT_OF_STOCK", "PICKING_ERROR"])
def test_a_hold_that_is_ours_moves_nothing(world: World, part: Part, reason: str) -> None:
    order = world.paid(line(part))
    hold(world, order, reason)
    world.go_to(seoul("11-26 00:00"))
    assert promise(order).state == "BROKEN"
    release(world, order)
    assert promise(order).due_at == seoul("11-26 00:00")


def test_a_hold_on_a_broken_promise_leaves_it_broken_and_its_days_earn_nothing(world: World, part: Part) -> None:
    order = world.paid(line(part))
    world.go_to(seoul("11-26 12:00"))
    hold(world, order)
    assert promise(order).state == "BROKEN"
    world.go_to(seoul("11-29 12:00"))
    release(world, order)
    world.go_to(seoul("11-30 12:00"))
    days = order.lines.get().accruals.values_list("on", flat=True)
    assert sorted(day.day for day in days) == [26, 30]


def test_a_promise_that_starts_during_a_hold_stands_still_from_its_first_moment(world: World, part: Part) -> None:
    order = world.place(line(part))
    hold(world, order)
    world.pay(order)
    assert promise(order).state == "PAUSED"
    world.now += timedelta(days=2)
    release(world, order)
    assert promise(order).due_at == seoul("11-28 00:00")


def test_a_held_order_does_not_ship_until_it_is_released(world: World, part: Part) -> None:
    order = world.paid(line(part))
    hold(world, order, "PICKING_ERROR")
    assert refused(lambda: world.ship(order)) == [("WRONG_STATE", "order")]
    release(world, order)
    assert world.ship(order)


def test_a_hold_needs_words_a_role_and_an_order_that_is_still_here(world: World, part: Part) -> None:
    order = world.paid(line(part))
    assert refused(lambda: hold(world, order, note="  ")) == [("INVALID", "note")]
    assert refused(lambda: hold(world, order, by=world.people.customer)) == [("NOT_ALLOWED", "")]
    assert refused(lambda: hold(world, order, "CUSTOMS", by=world.people.desk)) == [("NOT_ALLOWED", "")]
    assert refused(lambda: release(world, order)) == [("WRONG_STATE", "order")]
    hold(world, order, by=world.people.desk)
    assert refused(lambda: hold(world, order)) == [("WRONG_STATE", "order")]
    release(world, order)
    world.ship(order)
    assert refused(lambda: hold(world, order)) == [("WRONG_STATE", "order")]


def test_a_cancelled_order_is_not_held(world: World, part: Part) -> None:
    order = world.place(line(part))
    order_cancel(actor=world.people.customer, order_id=order.pk, line_ids=None, reason="no", now=world.now)
    assert refused(lambda: hold(world, order)) == [("WRONG_STATE", "order")]
    assert not OrderHold.objects.exists()
