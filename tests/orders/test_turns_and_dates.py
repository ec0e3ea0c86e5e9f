"""What a buyer cannot choose (its turn, its moment) and what it is told when a date moves."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest

from orders.models import LineHold
from orders.services.cancelling import order_cancel
from orders.services.holding import order_hold
from orders.services.reviewing import line_review
from orders.services.shipping import shipment_deliver
from orders.services.stocking import stock_expect
from portal.notices.models import Notice
from portal.outbox.models import OutboxMessage
from portal.promises.models import Promise
from tests.factories import make_freight, make_warranty_term
from tests.orders.world import World, free, line, lines_of, promise, promises, seoul

pytestmark = pytest.mark.django_db


def expect(world: World, part, quantity: int, day: date) -> None:
    stock_expect(
        actor=world.people.manager, part_number=part.number, warehouse="HOME", quantity=quantity, on=day, now=world.now
    )


def holds_of(order) -> list[tuple[int, date | None]]:
    return list(
        LineHold.objects.filter(line__order=order).order_by("expected_on").values_list("quantity", "expected_on")
    )


def test_a_displaced_buyer_is_told_the_new_day(world: World) -> None:
    part, early, late = world.part(), date(2026, 11, 27), date(2026, 12, 20)
    expect(world, part, 1, early)
    waits = world.paid(line(part, accept_expected_on=early))
    machine = world.machine(part)
    expect(world, part, 1, late)
    down = line(part, accept_expected_on=late, serial=machine.serial, repair_card=world.card(machine).number)
    urgent = world.paid(down, type="MACHINE_DOWN", payment="TRANSFER")
    expect(world, part, 5, date(2027, 1, 5))  # anything that moves the part gives it out anew, in turn
    assert holds_of(urgent) == [(1, early)]
    assert holds_of(waits) == [(1, late)]
    assert lines_of(waits)[0].expected_on == late
    assert Notice.objects.filter(kind="line.moved", subject=waits.number).count() == 1


def test_a_type_the_line_does_not_live_up_to_gives_no_better_turn(world: World) -> None:
    part, early, late = world.part(), date(2026, 11, 27), date(2026, 12, 20)
    expect(world, part, 1, early)
    expect(world, part, 1, late)
    first = world.paid(line(part, accept_expected_on=early))
    world.now += timedelta(minutes=1)
    loud = world.paid(line(part, accept_expected_on=late, serial="NOBODYS-1"), type="MACHINE_DOWN")
    expect(world, part, 5, date(2027, 1, 5))
    assert (holds_of(first), holds_of(loud)) == ([(1, early)], [(1, late)])


def test_the_clock_starts_when_the_last_of_the_money_was_in(world: World) -> None:
    order = world.place(line(world.part(home=5), 2))
    world.go_to(seoul("11-28 12:00"))
    world.pay(order, amount=Decimal(15000), received_at=seoul("11-27 09:00"))
    world.pay(order, amount=Decimal(5000), received_at=seoul("11-24 09:00"))
    assert promise(order).started_at == seoul("11-27 09:00")


def test_money_that_comes_after_the_agreed_day_owes_that_day_no_more(world: World) -> None:
    order = world.place(line(world.part(home=5)), deliver_on=date(2026, 11, 27))
    assert promise(order, "agreed-delivery").state == "OFFERED"
    world.go_to(seoul("12-03 09:00"))
    world.pay(order)
    assert promise(order, "agreed-delivery").state == "CANCELLED"
    assert promise(order).state == "RUNNING"
    assert Notice.objects.filter(kind="order.day_lost", subject=order.number).count() == 1
    assert order.deliver_on is None
    world.ship(order)
    assert promises(order) == {"ship": "KEPT", "agreed-delivery": "CANCELLED"}  # nor when the goods move


def test_a_day_lost_for_a_line_decided_late_stays_owed_for_the_others(world: World) -> None:
    make_warranty_term()
    kit = world.part(home=9)
    machine = world.machine(kit, held=1)
    wish = free(kit, machine, world.card(machine), 2)  # more than the machine holds: a person decides
    order = world.place(wish, line(world.part(home=5)), deliver_on=date(2026, 11, 27))
    world.pay(order)
    (shipment,) = world.ship(order, (lines_of(order)[1], 1))
    shipment_deliver(actor=world.people.manager, shipment_id=shipment.pk, now=world.now)
    world.go_to(seoul("12-03 09:00"))
    line_review(
        actor=world.people.approver, line_id=lines_of(order)[0].pk, payer="WARRANTY", customer_share=None, note="worn",
        now=world.now,
    )  # fmt: skip
    world.ship(order)
    agreed = Promise.objects.filter(subject=order.number, policy_code="agreed-delivery").order_by("state")
    assert [(one.state, [row.ref for row in one.lines.all()]) for one in agreed] == [
        ("CANCELLED", [str(lines_of(order)[0].pk)]),
        ("KEPT", [str(lines_of(order)[1].pk)]),
    ]
    told = [one.payload["state"] for one in OutboxMessage.objects.filter(kind="promise.settled").order_by("pk")]
    assert told.count("CANCELLED") == 0  # what was kept was never told to be given up


def test_a_cancelled_order_is_held_no_more(world: World) -> None:
    order = world.paid(line(world.part(home=5)))
    order_hold(
        actor=world.people.manager, order_id=order.pk, reason="BAD_ADDRESS", note="no such street", now=world.now
    )
    order_cancel(actor=world.people.customer, order_id=order.pk, line_ids=None, reason="never mind", now=world.now)
    assert not order.order_holds.filter(until=None).exists()


def test_goodwill_makes_a_paid_line_on_a_card_free(world: World) -> None:
    part = world.part(home=5)
    machine = world.machine(part)
    asked = line(part, serial=machine.serial, repair_card=world.card(machine).number)
    order = world.place(asked)
    assert (lines_of(order)[0].payer, order.state) == ("PAID", "AWAITING_PAYMENT")
    line_review(
        actor=world.people.admin, line_id=lines_of(order)[0].pk, payer="WARRANTY", customer_share=None,
        note="two breakdowns in a month", now=world.now,
    )  # fmt: skip
    order.refresh_from_db()
    assert (order.state, order.total, lines_of(order)[0].payer) == ("READY", 0, "WARRANTY")
    assert lines_of(order)[0].decision.bearer == "GOODWILL"


def test_freight_is_due_again_when_a_free_line_is_decided_to_be_paid(world: World) -> None:
    make_freight("7000")
    part = world.part(home=9)
    machine = world.machine(part, held=1)
    make_warranty_term()
    order = world.place(
        free(part, machine, world.card(machine), 2)
    )  # more pieces than the machine holds: a person decides
    assert (order.state, order.freight) == ("AWAITING_REVIEW", 0)
    line_review(
        actor=world.people.approver,
        line_id=lines_of(order)[0].pk,
        payer="PAID",
        customer_share=None,
        note="no",
        now=world.now,
    )
    order.refresh_from_db()
    assert (order.state, order.freight, order.total) == ("AWAITING_PAYMENT", 7000, 27000)
