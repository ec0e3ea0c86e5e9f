"""Waiting lines before new buyers: machine-down first, then by time of payment, whatever receipt they had held."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from functools import partial
from typing import Any

import pytest

from catalog.models import ExpectedReceipt, Part
from orders.models import LineHold, Order
from orders.services.placing import order_place
from orders.services.stocking import stock_adjust, stock_expect, stock_receive
from portal.notices.models import Notice
from tests import factories as make
from tests.orders.world import World, level, line, promise, refused, request, seoul

COMING = date(2026, 12, 20)


@pytest.fixture
def scarce(world: World) -> Part:
    """Nothing on the shelf, ten pieces expected on 20 December."""
    part = world.part()
    make.make_expected(part, world.home, 10, COMING)
    return part


def wait(world: World, part: Part, quantity: int = 1, *, paid: bool = True, serial: str = "", **extra: Any) -> Order:
    """An order that agreed to wait, a minute after the one before."""
    world.now += timedelta(minutes=1)
    place = world.paid if paid else world.place
    return place(line(part, quantity, accept_expected_on=COMING, serial=serial), **extra)


def receive(world: World, part: Part, quantity: int, warehouse: str = "HOME", **extra: Any) -> None:
    """Goods come in."""
    stock_receive(
        actor=world.people.manager,
        part_number=part.number,
        warehouse=warehouse,
        quantity=quantity,
        now=world.now,
        **extra,
    )


def on_shelf(order: Order) -> int:
    """Pieces an order holds on shelves."""
    return sum(LineHold.objects.filter(line__order=order, receipt=None).values_list("quantity", flat=True))


def test_what_arrives_fills_the_oldest_payment_first(world: World, scarce: Part) -> None:
    first, second, third = (wait(world, scarce, 2) for _ in range(3))
    receive(world, scarce, 3)
    assert [on_shelf(order) for order in (first, second, third)] == [2, 1, 0]
    assert level(scarce, world.home) == (3, 3)
    receipt = ExpectedReceipt.objects.get()
    assert (receipt.received, receipt.held) == (3, 3)


def test_a_machine_that_stands_still_goes_before_older_payments(world: World, scarce: Part) -> None:
    older = wait(world, scarce, 2)
    stock = wait(world, scarce, 2, type="STOCK")
    down = wait(world, scarce, 2, type="MACHINE_DOWN", serial=world.machine(scarce).serial)
    receive(world, scarce, 2)
    assert [on_shelf(order) for order in (older, stock, down)] == [0, 0, 2]
    receive(world, scarce, 2)
    assert [on_shelf(order) for order in (older, stock, down)] == [2, 0, 2]


def test_the_paid_go_before_the_unpaid_however_old(world: World, scarce: Part) -> None:
    unpaid, paid = wait(world, scarce, paid=False), wait(world, scarce)
    receive(world, scarce, 1)
    assert (on_shelf(unpaid), on_shelf(paid)) == (0, 1)


def test_nobody_new_gets_what_the_waiting_wait_for(world: World, scarce: Part) -> None:
    waiting = wait(world, scarce, 10)
    receive(world, scarce, 10)
    asked = request(line(scarce))
    found = refused(lambda: order_place(actor=world.people.other, request=asked, now=world.now))
    assert (found, on_shelf(waiting)) == ([("OUT_OF_STOCK", "lines[0].quantity")], 10)


def test_a_line_that_held_a_later_receipt_is_filled_by_the_one_that_came(world: World) -> None:
    part = world.part()
    make.make_expected(part, world.home, 1, COMING)
    make.make_expected(part, world.away, 5, date(2026, 12, 31))
    world.paid(line(part, 1, accept_expected_on=COMING))
    late = world.paid(line(part, 2, accept_expected_on=date(2026, 12, 31)))
    receive(world, part, 3)
    assert on_shelf(late) == 2
    assert [one.held for one in ExpectedReceipt.objects.order_by("pk")] == [0, 0]


def test_pieces_beyond_all_receipts_are_simply_more_stock(world: World, scarce: Part) -> None:
    wait(world, scarce, 4)
    receive(world, scarce, 15)
    assert level(scarce, world.home) == (15, 4)
    assert ExpectedReceipt.objects.get().received == 10


def test_the_day_that_was_promised_stays_as_promised_when_goods_come_early(world: World, scarce: Part) -> None:
    order = wait(world, scarce)
    before = promise(order).due_at
    receive(world, scarce, 1)
    assert promise(order).due_at == before == datetime(2026, 12, 21, tzinfo=world.now.tzinfo)
    world.ship(order)
    assert promise(order).state == "KEPT"


def test_found_pieces_fill_who_waits_too_and_losses_never_take_what_is_held(world: World, scarce: Part) -> None:
    order = wait(world, scarce, 2)

    def adjust(change: int, **extra: Any) -> Any:
        return stock_adjust(
            actor=world.people.manager, part_number=scarce.number, warehouse="HOME", change=change, reason="FOUND",
            now=world.now, **extra,
        )  # fmt: skip

    adjust(3)
    assert on_shelf(order) == 2
    assert refused(lambda: adjust(-2)) == [("OUT_OF_STOCK", "change")]
    adjust(-1)
    assert level(scarce, world.home) == (2, 2)
    assert refused(lambda: adjust(0)) == [("INVALID", "change")]


def test_a_line_whose_receipt_comes_short_is_a_persons_business_at_once(world: World) -> None:
    part = world.part()
    make.make_expected(part, world.home, 2, COMING)
    order = world.paid(line(part, 2, accept_expected_on=COMING))
    ExpectedReceipt.objects.update(quantity=2, received=0)
    receive(world, part, 1)
    assert on_shelf(order) == 1
    adjust: dict[str, Any] = {
        "actor": world.people.manager,
        "part_number": part.number,
        "warehouse": "HOME",
        "now": world.now,
    }
    hold = LineHold.objects.get(line__order=order, receipt__isnull=False)
    assert hold.quantity == 1
    hold.delete()
    ExpectedReceipt.objects.update(quantity=1, held=0)
    world.place(line(world.part(home=1)))
    stock_adjust(change=1, reason="FOUND", **adjust)
    assert on_shelf(order) == 2
    assert not Notice.objects.filter(kind="line.short", subject=order.number).exists()


def test_a_repeat_by_reference_is_booked_once(world: World, scarce: Part) -> None:
    for _ in range(2):
        receive(world, scarce, 3, reference="truck-1")
    assert level(scarce, world.home) == (3, 0)
    assert refused(lambda: receive(world, scarce, 4, reference="truck-1")) == [("REFERENCE_REUSED", "reference")]


def test_goods_on_their_way_are_announced_for_a_day_to_come(world: World, part: Part) -> None:
    def expect(on: date, quantity: int = 5, number: str = part.number, warehouse: str = "HOME", **extra: Any) -> Any:
        given: dict[str, Any] = {"actor": world.people.manager, "now": world.now} | extra
        return stock_expect(part_number=number, warehouse=warehouse, quantity=quantity, on=on, **given)

    expect(COMING)
    assert ExpectedReceipt.objects.get().free == 5
    assert refused(lambda: expect(date(2026, 11, 1))) == [("INVALID", "on")]
    for quantity in (0, -1, 10**12):
        assert refused(partial(expect, COMING, quantity)) == [("INVALID", "quantity")]
    assert refused(lambda: expect(COMING, number="NO-SUCH")) == [("UNKNOWN_PART", "partNumber")]
    assert refused(lambda: expect(COMING, warehouse="MOON")) == [("NOT_FOUND", "warehouse")]
    assert refused(lambda: expect(COMING, actor=world.people.customer)) == [("NOT_ALLOWED", "")]


def test_an_old_number_at_the_dock_means_the_old_part(world: World) -> None:
    old, new = world.part(), world.part()
    make.make_supersession(old, new)
    receive(world, old, 2)
    assert (level(old, world.home), level(new, world.home)) == ((2, 0), (0, 0))


def test_a_warehouse_that_does_not_serve_the_buyers_market_fills_nobody_there(world: World, scarce: Part) -> None:
    order = wait(world, scarce)
    make.make_warehouse("FAR", market="US")
    receive(world, scarce, 5, "FAR")
    assert on_shelf(order) == 0
    assert seoul("12-20 00:00").date() == COMING
