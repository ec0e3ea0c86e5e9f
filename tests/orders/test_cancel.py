"""Cancelling what is not handed over: free, whole or by line; its goods go to who waits."""

from __future__ import annotations

from datetime import date
from importlib import import_module

from django.db import connection

from catalog.models import Part
from orders.models import LineHold, Order, OrderLine
from orders.services.cancelling import order_cancel
from orders.services.stocking import stock_expect
from portal.accounts.actor import Actor
from portal.promises.models import Promise
from tests import factories as make
from tests.orders.world import World, free, level, line, lines_of, promise, promises, refused, won
from warranty.models import RepairCardLine
from warranty.services.repair_use import repair_card_use
from warranty.types import UsedPart


def cancel(world: World, order: Order, *lines: OrderLine, by: Actor | None = None, reason: str = "no need") -> Order:
    """Cancel these lines, or the whole order."""
    chosen = [one.pk for one in lines] or None
    return order_cancel(
        actor=by or world.people.customer, order_id=order.pk, line_ids=chosen, reason=reason, now=world.now
    )


def test_a_whole_order_is_cancelled_free_and_its_goods_are_free_again(world: World, part: Part) -> None:
    order = world.paid(line(part, 2), line(part, 3))
    cancelled = cancel(world, order)
    assert (cancelled.state, cancelled.total, cancelled.payment_state) == ("CANCELLED", won(0), "REFUND_DUE")
    assert level(part, world.home) == (9, 0)
    assert promises(order) == {"ship": "CANCELLED"}
    assert not LineHold.objects.exists()


def test_a_line_cancelled_whole_is_promised_no_more_whatever_else_moves(world: World, part: Part) -> None:
    scarce, day = world.part(), date(2026, 12, 20)
    stock_expect(
        actor=world.people.manager, part_number=scarce.number, warehouse="HOME", quantity=2, on=day, now=world.now
    )
    order = world.paid(line(part), line(scarce, 2, accept_expected_on=day))
    cancel(world, order, lines_of(order)[1])
    of_second = Promise.objects.get(subject=order.number, agreed_on=day)
    assert of_second.state == "CANCELLED"
    world.ship(order)
    of_second.refresh_from_db()
    assert (of_second.state, of_second.next_at) == ("CANCELLED", None)  # it would break, and earn a credit for nothing
    assert Promise.objects.get(subject=order.number, agreed_on=None).state == "KEPT"


def test_one_line_cancelled_leaves_the_others_and_the_sum(world: World, part: Part) -> None:
    order = world.paid(line(part, 2), line(part, 3))
    first, second = lines_of(order)
    cancelled = cancel(world, order, first)
    assert (cancelled.state, cancelled.total, cancelled.payment_state) == ("READY", won(30000), "REFUND_DUE")
    assert level(part, world.home) == (9, 3)
    assert promise(order).state == "RUNNING"
    assert [one.cancelled for one in lines_of(order)] == [2, 0]
    world.ship(order)
    assert promise(order).state == "KEPT"
    assert {second.pk} == set(order.lines.filter(shipped=3).values_list("pk", flat=True))


def test_what_is_left_of_a_partly_shipped_order_is_cancelled_and_the_promise_kept(world: World, part: Part) -> None:
    order = world.paid(line(part, 5))
    world.ship(order, (lines_of(order)[0], 2))
    cancelled = cancel(world, order)
    row = lines_of(order)[0]
    assert (cancelled.state, row.shipped, row.cancelled, cancelled.total) == ("SHIPPED", 2, 3, won(20000))
    assert promise(order).state == "KEPT"
    assert level(part, world.home) == (7, 0)


def test_what_is_handed_over_is_too_late_to_cancel(world: World, part: Part) -> None:
    order = world.paid(line(part), line(part))
    first, second = lines_of(order)
    world.ship(order, (first, 1))
    assert refused(lambda: cancel(world, order, first)) == [("TOO_LATE", "lines")]
    cancel(world, order, second)
    assert refused(lambda: cancel(world, order)) == [("TOO_LATE", "lines")]


def test_an_order_is_cancelled_once(world: World, part: Part) -> None:
    order = world.place(line(part))
    cancel(world, order)
    assert refused(lambda: cancel(world, order)) == [("WRONG_STATE", "lines")]


def test_a_line_cancelled_before_the_money_is_promised_no_more_once_it_is_in(world: World, part: Part) -> None:
    order = world.place(line(part, 2), line(part, 3))
    first, second = lines_of(order)
    cancel(world, order, first)
    world.pay(order)
    found = Promise.objects.filter(subject=order.number).prefetch_related("lines")
    assert [(one.state, [row.ref for row in one.lines.all()]) for one in found] == [("RUNNING", [str(second.pk)])]


def test_offers_that_were_left_without_lines_are_gone_after_the_update(world: World, part: Part) -> None:
    order, other = world.place(line(part)), world.place(line(part))
    Promise.objects.get(subject=order.number).lines.all().delete()
    with connection.cursor() as cursor:
        cursor.execute(import_module("portal.promises.migrations.0004_no_empty_offers").FORWARD)
    assert Promise.objects.get().subject == other.number


def test_freight_falls_away_with_the_last_thing_to_pay_for(world: World, part: Part) -> None:
    make.make_freight("3000")
    order = world.place(line(part), line(part))
    first, second = lines_of(order)
    assert cancel(world, order, first).total == won(13000)
    assert cancel(world, order, second).total == won(0)


def test_the_goods_go_to_who_waits_before_anybody_new(world: World) -> None:
    part = world.part(home=2)
    make.make_expected(part, world.home, 5, date(2026, 12, 20))
    early = world.paid(line(part, 2))
    late = world.paid(line(part, 2, accept_expected_on=date(2026, 12, 20)), by=world.people.other)
    cancel(world, early)
    hold = LineHold.objects.get(line__order=late)
    assert (hold.quantity, hold.receipt, hold.expected_on) == (2, None, None)
    assert level(part, world.home) == (2, 2)
    assert part.expected.get().held == 0


def test_a_hold_on_expected_goods_is_given_back_to_its_receipt(world: World) -> None:
    part = world.part()
    make.make_expected(part, world.home, 5, date(2026, 12, 20))
    order = world.paid(line(part, 3, accept_expected_on=date(2026, 12, 20)))
    assert part.expected.get().held == 3
    cancel(world, order)
    assert part.expected.get().held == 0


def test_cancelled_pieces_leave_the_repair_card_unless_they_are_used(world: World, part: Part) -> None:
    make.make_warranty_term()
    machine = world.machine(part)
    card = world.card(machine)
    order = world.place(free(part, machine, card, 2), free(part, machine, card, 1), payment="NONE")
    first, second = lines_of(order)
    cancel(world, order, first)
    assert RepairCardLine.objects.get(order_line=str(first.pk)).ordered == 0
    used = UsedPart(quantity=1, order_line=str(second.pk))
    repair_card_use(actor=world.people.desk, card_id=card.pk, parts=[used], now=world.now)
    assert refused(lambda: cancel(world, order, second)) == [("WRONG_STATE", str(second.pk))]


def test_cancelling_needs_a_reason_a_role_and_ones_own_lines(world: World, part: Part) -> None:
    order, other = world.place(line(part)), world.place(line(part), by=world.people.other)
    assert refused(lambda: cancel(world, order, reason=" ")) == [("INVALID", "reason")]
    assert refused(lambda: cancel(world, order, *lines_of(other))) == [("NOT_FOUND", "lines")]
    assert refused(lambda: cancel(world, order, *lines_of(order), *lines_of(other))) == [("NOT_FOUND", "lines")]
    assert refused(lambda: cancel(world, other)) == [("NOT_FOUND", "order")]
    assert refused(lambda: cancel(world, order, by=world.people.accountant)) == [("NOT_ALLOWED", "")]
    assert cancel(world, order, by=world.people.desk).state == "CANCELLED"
