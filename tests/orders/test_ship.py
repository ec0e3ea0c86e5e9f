"""Handing over: partly, from several warehouses, never before the money nor in the future."""

from __future__ import annotations

from datetime import date, timedelta
from functools import partial
from typing import Any

import pytest

from catalog.models import Part, StockLedger, StockLevel
from orders.models import LineHold, Order, Shipment
from orders.services.shipping import ShipLine, shipment_create
from orders.services.submitting import order_apply
from portal.engine import EngineEvent, EventKind
from tests import factories as make
from tests.orders.world import World, level, line, lines_of, promise, refused, seoul


def test_a_hand_over_takes_the_goods_off_the_shelf_and_keeps_the_promise(world: World, part: Part) -> None:
    order = world.paid(line(part, 2))
    (shipment,) = world.ship(order, tracking_number="T-1")
    assert (order.state, shipment.number, shipment.shipped_at) == ("SHIPPED", f"{order.number}-1", world.now)
    assert level(part, world.home) == (7, 0)
    assert StockLedger.objects.get(reason="SHIPMENT").change == -2
    assert (promise(order).state, promise(order).stopped_at) == ("KEPT", world.now)
    assert not LineHold.objects.exists()


def test_a_part_of_a_line_may_go_first_and_the_promise_waits_for_the_last_piece(world: World, part: Part) -> None:
    order = world.paid(line(part, 5))
    row = lines_of(order)[0]
    world.ship(order, (row, 2))
    assert (order.state, lines_of(order)[0].shipped, promise(order).state) == ("PARTLY_SHIPPED", 2, "RUNNING")
    assert level(part, world.home) == (7, 3)
    world.ship(order)
    assert (order.state, promise(order).state) == ("SHIPPED", "KEPT")


def test_goods_of_two_warehouses_leave_in_two_shipments(world: World) -> None:
    part = world.part(home=3, away=3)
    order = world.paid(line(part, 5))
    shipments = world.ship(order)
    assert sorted((one.warehouse.code, one.lines.get().quantity) for one in shipments) == [("AWAY", 2), ("HOME", 3)]
    assert (level(part, world.home), level(part, world.away)) == ((0, 0), (1, 0))


def test_shipping_from_another_warehouse_moves_the_hold_there(world: World) -> None:
    part = world.part(home=5, away=5)
    order = world.paid(line(part, 3))
    assert (level(part, world.home), level(part, world.away)) == ((5, 3), (5, 0))
    world.ship(order, (lines_of(order)[0], 2), warehouse="AWAY")
    assert (level(part, world.home), level(part, world.away)) == ((5, 1), (3, 0))


def test_another_warehouse_gives_no_more_than_it_has(world: World) -> None:
    part = world.part(home=5, away=1)
    order = world.paid(line(part, 3))
    row = lines_of(order)[0]
    assert refused(lambda: world.ship(order, (row, 2), warehouse="AWAY")) == [("OUT_OF_STOCK", "lines")]
    assert (level(part, world.home), level(part, world.away)) == ((5, 3), (1, 0))


def test_nothing_leaves_before_its_money(world: World, part: Part) -> None:
    order = world.place(line(part))
    assert refused(lambda: world.ship(order)) == [("WRONG_STATE", "order")]
    assert refused(lambda: world.ship(order, (lines_of(order)[0], 1))) == [("WRONG_STATE", "lines")]


def test_what_is_only_expected_does_not_leave(world: World) -> None:
    part = world.part(home=1)
    make.make_expected(part, world.home, 5, date(2026, 12, 20))
    order = world.paid(line(part, 3, accept_expected_on=date(2026, 12, 20)))
    row = lines_of(order)[0]
    assert refused(lambda: world.ship(order, (row, 2))) == [("OUT_OF_STOCK", "lines")]
    world.ship(order)
    assert (order.state, lines_of(order)[0].shipped) == ("PARTLY_SHIPPED", 1)
    assert refused(lambda: world.ship(order)) == [("WRONG_STATE", "order")]


@pytest.mark.parametrize("moment", ["11-23 09:59", "11-23 10:01"])
def test_goods_leave_neither_before_their_clock_nor_in_the_future(world: World, part: Part, moment: str) -> None:
    order = world.paid(line(part))
    assert refused(lambda: world.ship(order, shipped_at=seoul(moment))) == [("INVALID", "shippedAt")]


def test_when_it_happened_counts_not_when_it_was_typed(world: World, part: Part) -> None:
    order = world.paid(line(part))
    world.go_to(seoul("11-26 09:00"))
    assert promise(order).state == "BROKEN"
    happened = seoul("11-25 18:00")
    assert refused(lambda: world.ship(order, shipped_at=happened)) == [("INVALID", "trackingNumber")]
    world.ship(order, shipped_at=happened, tracking_number="CJ-1")
    assert promise(order).state == "KEPT"


def bad_lines(order: Order) -> list[tuple[list[ShipLine], str]]:
    """Wishes that make no sense, and what is wrong with them."""
    row = lines_of(order)[0]
    return [
        ([ShipLine(row.pk, 0)], "lines[0].quantity"),
        ([ShipLine(row.pk, -1)], "lines[0].quantity"),
        ([ShipLine(row.pk, 3)], "lines[0].quantity"),
        ([ShipLine(row.pk, 1), ShipLine(row.pk, 1)], "lines"),
        ([], "lines"),
        ([ShipLine(row.pk, 2, ("S-1",))], "lines[0].units"),
    ]


def test_lines_make_sense_or_nothing_leaves(world: World, part: Part) -> None:
    order, other = world.paid(line(part, 2)), world.paid(line(part))

    def ship(lines: list[ShipLine] | None, **extra: Any) -> list[Shipment]:
        given: dict[str, Any] = {"actor": world.people.manager, "carrier": "Post", "now": world.now} | extra
        return shipment_create(order_id=order.pk, lines=lines, **given)

    for wish, field in bad_lines(order):
        assert refused(partial(ship, wish)) == [("INVALID", field)]
    foreign = [ShipLine(lines_of(other)[0].pk, 1)]
    assert refused(lambda: ship(foreign)) == [("NOT_FOUND", "lines[0].line")]
    assert refused(lambda: ship(None, warehouse="MOON")) == [("NOT_FOUND", "warehouse")]
    assert refused(lambda: ship(None, carrier=" ")) == [("INVALID", "carrier")]
    assert refused(lambda: ship(None, carrier="x" * 61)) == [("INVALID", "carrier")]
    for actor in (world.people.customer, world.people.desk):
        assert refused(partial(ship, None, actor=actor)) == [("NOT_ALLOWED", "")]
    assert level(part, world.home) == (9, 3)


def test_units_are_written_on_the_shipment_they_left_with(world: World) -> None:
    part = world.part(home=1, away=2)
    order = world.paid(line(part, 3))
    wish = [ShipLine(lines_of(order)[0].pk, 3, ("S-1", "S-2", "S-3"))]
    shipments = shipment_create(
        actor=world.people.manager, order_id=order.pk, lines=wish, carrier="Post", now=world.now
    )
    units = [one.lines.get().units for one in shipments]
    assert sorted(unit for row in units for unit in row) == ["S-1", "S-2", "S-3"]
    assert [len(row) for row in units] == [one.lines.get().quantity for one in shipments]


def test_a_repeat_by_reference_ships_once(world: World) -> None:
    part = world.part(home=3, away=3)
    order = world.paid(line(part, 5))
    first = world.ship(order, reference="scan-1")
    assert [one.pk for one in world.ship(order, reference="scan-1")] == [one.pk for one in first]
    assert Shipment.objects.count() == 2
    assert refused(lambda: world.ship(order, reference="scan-1", tracking_number="T")) == [
        ("REFERENCE_REUSED", "reference")
    ]


def test_an_order_the_store_has_not_confirmed_does_not_leave(world: World, part: Part) -> None:
    order = world.paid(line(part))
    event = EngineEvent("e-1", EventKind.REFUSED, order.number, world.now, reason="sold elsewhere")
    order_apply(event=event, now=world.now)
    assert refused(lambda: world.ship(order)) == [("WRONG_STATE", "order")]


def test_a_cancelled_or_empty_order_has_nothing_to_ship(world: World, part: Part) -> None:
    order = world.paid(line(part))
    world.ship(order)
    assert refused(lambda: world.ship(order)) == [("WRONG_STATE", "order")]
    assert StockLevel.objects.get(part=part).on_hand == 8


def test_shipping_from_a_shelf_that_needs_less_does_not_take_the_rest(world: World) -> None:
    part = world.part(home=2, away=9)
    first = world.paid(line(part, 2))
    world.paid(line(part, 9), by=world.people.other)
    row = lines_of(first)[0]
    assert refused(lambda: world.ship(first, (row, 1), warehouse="AWAY")) == [("OUT_OF_STOCK", "lines")]
    world.now += timedelta(hours=1)
    assert world.ship(first, (row, 2), warehouse="HOME")
