"""Late days earn 1 % a day, at most 10 %, once a day, rounded as if all days were one (rules.md section 1)."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from catalog.models import Part
from orders.models import CreditAccrual, Order
from orders.selectors.ledger import credit_lines
from orders.services.cancelling import order_cancel
from orders.services.crediting import LateDay, credit_balance, late_day_post
from orders.services.shipping import shipment_correct, shipment_deliver
from portal.notices.models import Notice
from portal.promises.services.sweep import promises_sweep
from tests import factories as make
from tests.orders.world import World, free, line, lines_of, promise, seoul, won


def accrued(order: Order) -> list[Decimal]:
    """What each late date posted, oldest first, reversals left out."""
    rows = CreditAccrual.objects.filter(line__order=order, reversed_at=None).order_by("on", "pk")
    return [row.amount for row in rows if row.amount]


def test_each_started_day_late_earns_one_percent_and_no_day_before(world: World, part: Part) -> None:
    order = world.paid(line(part, 2))
    world.go_to(seoul("11-25 23:59"))
    assert accrued(order) == []
    world.go_to(seoul("11-26 00:00"))
    assert accrued(order) == [won(200)]
    world.go_to(seoul("11-28 10:00"))
    assert accrued(order) == [won(200)] * 3
    assert credit_balance(order) == won(0)  # shown as it accrues, spendable when the promise ends


def test_the_credit_stops_at_ten_percent_and_is_spendable_then_while_the_order_still_waits(
    world: World, part: Part
) -> None:
    order = world.paid(line(part, 2))
    world.go_to(seoul("12-04 23:59"))
    assert (sum(accrued(order)), credit_balance(order)) == (won(1800), won(0))
    world.go_to(seoul("12-05 00:00"))
    assert credit_balance(order) == won(2000)
    world.go_to(seoul("12-30 00:00"))
    assert (sum(accrued(order)), credit_balance(order)) == (won(2000), won(2000))


def test_however_late_the_sweep_comes_the_days_are_the_same(world: World, part: Part) -> None:
    one, other = world.paid(line(part)), world.paid(line(part))
    for _ in range(12):
        world.now += timedelta(days=1)
        promises_sweep(world.now)
    world.settle()
    assert accrued(one) == accrued(other) == [won(100)] * 10
    assert list(CreditAccrual.objects.filter(line__order=one).order_by("on").values_list("on", flat=True)) == [
        date(2026, 11, 26) + timedelta(days=n) for n in range(10)
    ]


def test_one_spendable_credit_when_the_promise_ends_and_the_customer_is_told(world: World, part: Part) -> None:
    order = world.paid(line(part))
    world.go_to(seoul("11-27 09:00"))
    world.ship(order)
    world.settle()
    world.go_to(seoul("12-20 00:00"))
    assert promise(order).state == "KEPT_LATE"
    assert [one.amount for one in credit_lines(order)] == [won(200)]
    assert Notice.objects.filter(subject=order.number, kind="credit.posted").count() == 1


def test_only_the_pieces_that_are_late_earn(world: World, part: Part) -> None:
    order = world.paid(line(part, 4), line(part, 1))
    world.ship(order, (lines_of(order)[0], 3), (lines_of(order)[1], 1))
    world.go_to(seoul("11-26 12:00"))
    assert accrued(order) == [won(100)]
    assert CreditAccrual.objects.get().pieces == 1


def test_a_free_line_earns_by_its_published_price(world: World, part: Part) -> None:
    make.make_warranty_term()
    machine = world.machine(part)
    order = world.place(free(part, machine, world.card(machine)), payment="NONE")
    world.go_to(seoul("11-26 12:00"))
    assert accrued(order) == [won(100)]


def late_and_agreed(world: World, part: Part) -> Order:
    """Promised to leave on the 25th and to arrive on the 26th; it left on the 27th and arrived on the 28th."""
    order = world.paid(line(part), deliver_on=date(2026, 11, 26))
    world.go_to(seoul("11-27 12:00"))
    (shipment,) = world.ship(order)
    world.go_to(seoul("11-28 12:00"))
    shipment_deliver(actor=world.people.manager, shipment_id=shipment.pk, now=world.now)
    world.settle()
    return order


def test_a_line_late_under_two_policies_earns_once_a_day(world: World, part: Part) -> None:
    order = late_and_agreed(world, part)
    assert accrued(order) == [won(100)] * 3  # the 26th and 27th it had not left, the 27th and 28th not arrived
    assert credit_balance(order) == won(300)


def test_proof_against_one_policy_leaves_the_days_of_the_other(world: World, part: Part) -> None:
    order = late_and_agreed(world, part)
    shipment_correct(
        actor=world.people.manager, shipment_id=order.shipments.get().pk, evidence="scan", now=world.now,
        shipped_at=seoul("11-25 18:00"),
    )  # fmt: skip
    world.settle()
    assert (promise(order).state, promise(order, "agreed-delivery").state) == ("KEPT", "KEPT_LATE")
    assert credit_balance(order) == won(200)
    assert accrued(order) == [won(100)] * 2


def test_pieces_of_two_promises_of_one_line_earn_side_by_side(world: World) -> None:
    part = world.part(home=2)
    make.make_expected(part, world.home, 3, date(2026, 11, 27))
    order = world.paid(line(part, 5, accept_expected_on=date(2026, 11, 27)))
    world.go_to(seoul("11-28 12:00"))
    assert accrued(order) == [won(200), won(200), won(200), won(300)]
    assert sum(accrued(order)) == won(900)  # two pieces three days, three pieces one day


def test_the_cap_holds_for_the_line_over_all_its_policies(world: World, part: Part) -> None:
    order = world.place(line(part, 3), by=world.people.dealer, payment="ACCOUNT")
    world.go_to(seoul("12-30 00:00"))
    assert (sum(accrued(order)), credit_balance(order)) == (won(3000), won(3000))


@pytest.mark.parametrize(
    ("world", "price", "days"),
    [
        ("JPY", "333", ["3", "4", "3", "3", "4", "3", "3", "4", "3", "3"]),
        ("KRW", "50", ["1", "0", "1", "0", "1", "0", "1", "0", "1", "0"]),
        ("KWD", "1.234", ["0.012", "0.013", "0.012", "0.012", "0.013", "0.012", "0.012", "0.013", "0.012", "0.012"]),
        ("EUR", "0.40", ["0", "0.01", "0", "0.01", "0", "0", "0.01", "0", "0.01", "0"]),
    ],
    indirect=["world"],
)
def test_the_sum_of_the_days_is_rounded_not_each_day(world: World, price: str, days: list[str]) -> None:
    order = world.paid(line(world.part(home=1, price=price)))
    world.go_to(seoul("12-20 00:00"))
    found = CreditAccrual.objects.filter(line__order=order).order_by("on").values_list("amount", flat=True)
    assert list(found) == [Decimal(amount) for amount in days]


def test_a_price_per_thousand_earns_by_the_exact_price_of_a_piece(world: World) -> None:
    order = world.paid(line(world.part(home=9000, price="333", per=1000), 5000))  # 1665 won in all
    world.go_to(seoul("12-20 00:00"))
    assert sum(accrued(order)) == won(167)


def test_the_same_late_day_told_twice_is_posted_once(world: World, part: Part) -> None:
    order = world.paid(line(part))
    row = lines_of(order)[0]
    told: dict[str, Any] = {"ref": str(row.pk), "quantity": 1, "base": "10000"}
    late = LateDay(promise(order).pk, "ship", 1, date(2026, 11, 26), world.now, Decimal("0.01"), Decimal("0.10"))
    for _ in range(3):
        late_day_post(order=order, late=late, lines=[told])
    assert accrued(order) == [won(100)]


def test_what_was_cancelled_late_keeps_what_it_earned_until_then(world: World, part: Part) -> None:
    order = world.paid(line(part))
    world.go_to(seoul("11-27 12:00"))
    order_cancel(actor=world.people.customer, order_id=order.pk, line_ids=None, reason="too late", now=world.now)
    world.settle()
    world.go_to(seoul("12-20 12:00"))
    assert (promise(order).state, credit_balance(order)) == ("CANCELLED", won(200))
