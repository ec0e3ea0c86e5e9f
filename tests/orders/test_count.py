"""A shelf is counted; safety stock and reorder point are set."""

from __future__ import annotations

from datetime import date
from typing import Any

from catalog.models import Part, StockLedger
from orders.services.stocking import stock_count, stock_plan
from tests import factories as make
from tests.orders.world import World, details, level, line, lines_of, refused


def count(world: World, part: Part, counted: int, **more: Any) -> None:
    stock_count(
        actor=world.people.manager, part_number=part.number, warehouse="HOME", counted=counted, now=world.now, **more
    )


def test_on_hand_becomes_what_was_counted(world: World, part: Part) -> None:
    count(world, part, 7, note="two broken")
    assert level(part, world.home) == (7, 0)
    row = StockLedger.objects.latest("pk")
    assert (row.change, row.reason, row.note) == (-2, "COUNT", "two broken")


def test_a_count_that_agrees_is_on_record(world: World, part: Part) -> None:
    count(world, part, 9)
    assert StockLedger.objects.latest("pk").change == 0
    assert level(part, world.home) == (9, 0)


def test_a_count_sent_twice_counts_once(world: World, part: Part) -> None:
    count(world, part, 7, reference="c-1")
    before = StockLedger.objects.count()
    count(world, part, 7, reference="c-1")
    assert StockLedger.objects.count() == before


def test_fewer_than_orders_hold_is_refused_and_says_how_many(world: World, part: Part) -> None:
    world.paid(line(part, 4))
    assert refused(lambda: count(world, part, 3)) == [("OUT_OF_STOCK", "change")]
    assert details(lambda: count(world, part, 3)) == {"onHand": 9, "held": 4}


def test_what_is_found_goes_to_who_waits(world: World) -> None:
    part = world.part()
    make.make_expected(part, world.home, 5, date(2026, 12, 4))
    order = world.paid(line(part, 2, accept_expected_on=date(2026, 12, 4)))
    count(world, part, 3)
    hold = lines_of(order)[0].holds.get()
    assert (hold.quantity, hold.receipt_id) == (2, None)


def test_less_than_nothing_cannot_be_counted(world: World, part: Part) -> None:
    assert refused(lambda: count(world, part, -1)) == [("INVALID", "counted")]


def test_safety_stock_and_reorder_point_move_no_piece(world: World, part: Part) -> None:
    made = stock_plan(
        actor=world.people.manager, part_number=part.number, warehouse="AWAY", safety_stock=2, reorder_point=5, place="A-1", now=world.now,
    )  # fmt: skip
    assert (made.on_hand, made.safety_stock, made.reorder_point, made.place) == (0, 2, 5, "A-1")
    wrong: dict[str, Any] = {
        "actor": world.people.manager,
        "part_number": part.number,
        "warehouse": "HOME",
        "now": world.now,
    }
    assert refused(lambda: stock_plan(**wrong, safety_stock=-1, reorder_point=5)) == [("INVALID", "safetyStock")]
    assert refused(lambda: stock_plan(**wrong, safety_stock=1, reorder_point=5, place="x" * 41)) == [
        ("INVALID", "place")
    ]
