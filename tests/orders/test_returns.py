"""What comes back: within its window, never more than went out, into stock only when unused."""

from __future__ import annotations

from datetime import date, timedelta
from functools import partial
from typing import Any

import pytest

from catalog.models import Part, PartGroup
from orders.models import LineHold, Order, Return
from orders.rules.returns import last_return_day
from orders.services.returning import ReturnLine, return_create, return_receive
from orders.services.shipping import shipment_deliver
from portal.accounts.actor import Actor
from tests import factories as make
from tests.orders.world import World, free, level, line, lines_of, refused, seoul
from warranty.models import RepairCardLine
from warranty.services.repair_cards import repair_card_close, repair_card_confirm
from warranty.services.repair_use import repair_card_use
from warranty.types import UsedPart


def announce(
    world: World, order: Order, quantity: int = 1, reason: str = "CHANGE_OF_MIND", **extra: Any
) -> list[Return]:
    """Announce pieces of the first line."""
    given: dict[str, Any] = {
        "actor": world.people.customer,
        "lines": [ReturnLine(lines_of(order)[0].pk, quantity)],
    } | extra
    return return_create(order_id=order.pk, reason=reason, now=world.now, **given)


def receive(world: World, row: Return, quantity: int | None = None, by: Actor | None = None) -> Return:
    """Book it in."""
    return return_receive(
        actor=by or world.people.manager, return_id=row.pk, now=world.now, quantity=quantity, condition="clean"
    )


def delivered(world: World, part: Part, quantity: int = 5, by: Actor | None = None) -> Order:
    """An order delivered on the day it was placed."""
    order = world.paid(line(part, quantity), by=by)
    for shipment in world.ship(order):
        shipment_deliver(actor=world.people.manager, shipment_id=shipment.pk, now=world.now)
    return order


@pytest.mark.parametrize(
    ("reason", "market", "is_dealer", "last"),
    [
        ("CHANGE_OF_MIND", "KR", False, date(2026, 11, 30)),
        ("CHANGE_OF_MIND", "CN", False, date(2026, 11, 30)),
        ("CHANGE_OF_MIND", "EU", False, date(2026, 12, 7)),
        ("CHANGE_OF_MIND", "KR", True, date(2026, 12, 23)),
        ("SHORT", "KR", False, date(2026, 11, 30)),  # five working days
        ("DAMAGED", "KR", True, date(2026, 11, 30)),
        ("HIDDEN_DEFECT", "KR", False, date(2026, 11, 30)),
        ("WRONG_PART", "KR", False, date(2026, 12, 23)),
        ("DEAD_ON_ARRIVAL", "KR", False, None),
        ("UNUSED", "KR", False, None),
    ],
)
def test_each_reason_has_its_last_day(reason: str, market: str, is_dealer: bool, last: date | None) -> None:
    assert last_return_day(reason=reason, delivered_on=date(2026, 11, 23), market=market, is_dealer=is_dealer) == last


def test_the_last_day_of_the_window_is_in_time_and_the_next_is_too_late(world: World, part: Part) -> None:
    order = delivered(world, part)
    world.now = seoul("11-30 23:59")
    assert announce(world, order)
    world.now = seoul("12-01 00:00")
    assert refused(lambda: announce(world, order)) == [("TOO_LATE", "lines[0]")]


def test_what_comes_back_unopened_is_sold_again(world: World, part: Part) -> None:
    order = delivered(world, part)
    (row,) = announce(world, order, 2)
    receive(world, row)
    assert (level(part, world.home), lines_of(order)[0].returned) == ((6, 0), 2)
    assert Return.objects.get().state == "RECEIVED"


def test_what_comes_back_fills_who_waits(world: World) -> None:
    part = world.part(home=2)
    order = delivered(world, part, 2)
    make.make_expected(part, world.home, 5, date(2026, 12, 20))
    waiting = world.paid(line(part, 1, accept_expected_on=date(2026, 12, 20)), by=world.people.other)
    receive(world, announce(world, order)[0])
    assert LineHold.objects.get(line__order=waiting).receipt is None
    assert level(part, world.home) == (1, 1)


@pytest.mark.parametrize("reason", ["DAMAGED", "HIDDEN_DEFECT", "DEAD_ON_ARRIVAL", "SHORT", "CORE"])
def test_what_is_broken_or_never_came_does_not_enter_saleable_stock(world: World, part: Part, reason: str) -> None:
    order = delivered(world, part)
    receive(world, announce(world, order, 2, reason)[0])
    assert level(part, world.home) == (4, 0)


def test_a_return_may_come_in_parts_and_no_more_than_was_announced(world: World, part: Part) -> None:
    order = delivered(world, part)
    (row,) = announce(world, order, 4)
    assert receive(world, row, 3).state == "EXPECTED"
    for pieces in (2, 0, -1):
        assert refused(partial(receive, world, row, pieces)) == [("INVALID", "quantity")]
    assert receive(world, row).state == "RECEIVED"
    assert refused(lambda: receive(world, row)) == [("WRONG_STATE", "return")]
    assert lines_of(order)[0].returned == 4


def test_no_more_comes_back_than_went_out_and_is_not_announced_yet(world: World, part: Part) -> None:
    order = delivered(world, part, 5)
    announce(world, order, 3)
    for quantity in (3, 0, -1):
        assert refused(partial(announce, world, order, quantity)) == [("INVALID", "lines[0].quantity")]
    assert announce(world, order, 2)


def test_pieces_that_are_here_are_not_counted_as_announced_as_well(world: World, part: Part) -> None:
    order = delivered(world, part, 5)
    (row,) = announce(world, order, 3)
    receive(world, row, 2)
    assert announce(world, order, 2)  # five went out, two are back, one is on its way


def test_what_is_not_handed_over_cannot_come_back(world: World, part: Part) -> None:
    order = world.paid(line(part, 2))
    assert refused(lambda: announce(world, order)) == [("WRONG_STATE", "lines[0].line")]


def test_a_repeat_by_reference_announces_once(world: World, part: Part) -> None:
    order = delivered(world, part)
    first = announce(world, order, reference="rma-1")
    assert announce(world, order, reference="rma-1") == first
    assert Return.objects.count() == 1
    assert refused(lambda: announce(world, order, 2, reference="rma-1")) == [("REFERENCE_REUSED", "reference")]


def test_returns_are_the_buyers_own_and_booked_by_the_house(world: World, part: Part) -> None:
    order, other = delivered(world, part, 2), delivered(world, part, 2, world.people.other)
    assert refused(lambda: announce(world, other)) == [("NOT_FOUND", "order")]
    foreign = [ReturnLine(lines_of(other)[0].pk, 1)]
    assert refused(lambda: announce(world, order, lines=foreign)) == [("NOT_FOUND", "lines[0].line")]
    assert refused(lambda: announce(world, order, lines=[])) == [("INVALID", "lines")]
    assert refused(lambda: announce(world, order, reason="OLD_PART")) == [("INVALID", "reason")]
    (row,) = announce(world, order)
    assert refused(lambda: receive(world, row, by=world.people.customer)) == [("NOT_ALLOWED", "")]


def repaired(world: World, quantity: int = 2, price: str = "50000", **group: Any) -> tuple[Part, Order, Any]:
    """A kit shipped free for a repair."""
    kit = world.part(home=9, price=price, group=PartGroup.objects.create(code="SEALS", name="Seals", **group))
    make.make_warranty_term()
    machine = world.machine(kit)
    card = world.card(machine)
    order = world.place(free(kit, machine, card, quantity), payment="NONE")
    world.ship(order)
    return kit, order, card


def close(world: World, card: Any) -> None:
    """The head of workshop confirms and closes."""
    repair_card_confirm(actor=world.people.desk, card_id=card.pk, now=world.now)
    repair_card_close(actor=world.people.desk, card_id=card.pk, minutes=60, now=world.now)
    world.numbers.append(card.number)
    world.settle()


def test_the_old_part_is_expected_back_and_due_so_many_days_after_the_card_closes(world: World) -> None:
    kit, order, card = repaired(world, old_part_days=20)
    old = Return.objects.get(line__order=order)
    assert (old.reason, old.quantity, old.due_on) == ("OLD_PART", 2, None)
    used = UsedPart(quantity=2, order_line=str(old.line_id))
    repair_card_use(actor=world.people.desk, card_id=card.pk, parts=[used], now=world.now)
    world.now += timedelta(days=3)
    close(world, card)
    old.refresh_from_db()
    assert old.due_on == date(2026, 12, 16)
    receive(world, old)
    assert (level(kit, world.home), lines_of(order)[0].returned) == ((7, 0), 0)  # never into saleable stock


@pytest.mark.parametrize("policy", ["HOLD", "PHOTO", "SCRAP"])
def test_other_groups_do_not_ask_for_the_old_part(world: World, policy: str) -> None:
    repaired(world, old_part=policy)
    assert not Return.objects.exists()


def test_an_old_part_worth_less_than_its_way_back_is_not_asked_for(world: World) -> None:
    repaired(world, price="34999")
    assert not Return.objects.exists()


def test_a_part_of_a_repair_not_used_goes_back_into_stock_and_the_card_reconciles(world: World) -> None:
    kit, order, card = repaired(world)
    row = lines_of(order)[0]
    used = UsedPart(quantity=1, order_line=str(row.pk))
    repair_card_use(actor=world.people.desk, card_id=card.pk, parts=[used], now=world.now)
    (back,) = announce(world, order, 1, "UNUSED")
    receive(world, back)
    on_card = RepairCardLine.objects.get(card=card)
    assert (on_card.ordered, on_card.used, on_card.sent_back, level(kit, world.home)) == (2, 1, 1, (8, 0))
    close(world, card)
    card.refresh_from_db()
    assert card.state == "CLOSED"
