"""Money recorded: partly, in full, at its value date; the clocks start with it."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from functools import partial
from typing import Any

import pytest

from catalog.models import Part
from orders.models import Payment
from orders.services.cancelling import order_cancel
from orders.services.paying import order_pay
from portal.accounts.actor import Actor
from tests.orders.world import World, line, promise, refused, seoul, won


def pay(world: World, order: Any, by: Actor | None = None, **extra: Any) -> Payment:
    """Record a transfer."""
    given: dict[str, Any] = {"method": "TRANSFER", "order_id": order.pk, "now": world.now} | extra
    return order_pay(actor=by or world.people.accountant, **given)


def test_part_of_the_money_starts_nothing_and_the_rest_starts_the_clock(world: World, part: Part) -> None:
    order = world.place(line(part, 2))
    pay(world, order, amount=won(5000))
    order.refresh_from_db()
    assert (order.payment_state, order.state, promise(order).state) == ("PARTLY_PAID", "AWAITING_PAYMENT", "OFFERED")
    assert pay(world, order).amount == won(15000)
    order.refresh_from_db()
    assert (order.payment_state, order.state, promise(order).state) == ("PAID", "READY", "RUNNING")


def test_the_clock_starts_at_the_banks_value_date_not_when_it_was_typed(world: World, part: Part) -> None:
    order = world.place(line(part))
    world.now = seoul("11-24 17:00")
    pay(world, order, received_at=seoul("11-23 18:00"))
    order.refresh_from_db()
    assert order.paid_at == seoul("11-23 18:00")
    assert promise(order).due_at == seoul("11-26 00:00")
    assert promise(order).offered_day == date(2026, 11, 25)


def test_what_was_promised_at_the_start_is_dated_by_the_money_though_shown_earlier(world: World, part: Part) -> None:
    order = world.place(line(part))
    world.now = seoul("12-01 09:00")
    pay(world, order)
    assert promise(order).offered_at == seoul("11-23 10:00")
    assert promise(order).promised_at == seoul("12-04 00:00")


@pytest.mark.parametrize("moment", ["11-23 09:59", "11-23 10:01"])
def test_money_came_neither_before_the_order_nor_in_the_future(world: World, part: Part, moment: str) -> None:
    order = world.place(line(part))
    assert refused(lambda: pay(world, order, received_at=seoul(moment))) == [("INVALID", "receivedAt")]


@pytest.mark.parametrize("amount", ["0", "-1", "0.5", "10001", "1E+40", "NaN", "Infinity"])
def test_an_amount_is_above_zero_in_whole_units_and_at_most_what_is_open(world: World, part: Part, amount: str) -> None:
    order = world.place(line(part))
    assert refused(lambda: pay(world, order, amount=Decimal(amount))) == [("INVALID", "amount")]
    assert not Payment.objects.exists()


def test_nothing_is_open_twice(world: World, part: Part) -> None:
    order = world.paid(line(part))
    assert refused(lambda: pay(world, order)) == [("INVALID", "amount")]


def test_a_repeat_by_reference_books_once(world: World, part: Part) -> None:
    order = world.place(line(part))
    first = pay(world, order, amount=won(4000), reference="bank-1")
    assert pay(world, order, amount=won(4000), reference="bank-1").pk == first.pk
    assert Payment.objects.count() == 1
    noted = partial(pay, world, order, amount=won(4000), reference="bank-1", note="another statement")
    assert refused(noted) == [("REFERENCE_REUSED", "reference")]
    assert refused(lambda: pay(world, order, amount=won(4001), reference="bank-1")) == [
        ("REFERENCE_REUSED", "reference")
    ]


def test_a_cancelled_order_takes_no_money_and_a_method_is_needed(world: World, part: Part) -> None:
    order = world.place(line(part))
    assert refused(lambda: pay(world, order, method="NONE")) == [("INVALID", "method")]
    order_cancel(actor=world.people.customer, order_id=order.pk, line_ids=None, reason="no", now=world.now)
    assert refused(lambda: pay(world, order)) == [("WRONG_STATE", "order")]


def test_only_the_house_books_money(world: World, part: Part) -> None:
    order = world.place(line(part))
    for actor in (world.people.customer, world.people.technician, world.people.approver):
        assert refused(partial(pay, world, order, actor)) == [("NOT_ALLOWED", "")]


def test_an_account_is_free_again_when_its_order_is_paid(world: World) -> None:
    part = world.part(home=200)
    order = world.place(line(part, 100), by=world.people.dealer, payment="ACCOUNT")
    pay(world, order)
    order.refresh_from_db()
    assert order.payment_state == "PAID"
    assert not world.place(line(part, 100), by=world.people.dealer, payment="ACCOUNT").needs_approval
