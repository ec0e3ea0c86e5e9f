"""Goods that should have come and did not: nobody knows their day, so they are not sold on it (rules.md section 1)."""

from __future__ import annotations

from datetime import date, timedelta

from catalog.models import Part
from orders.models import Order
from orders.services.quoting import order_quote
from tests import factories as make
from tests.orders.world import NOW, World, details, line, refused, request

OVERDUE, COMING = NOW.date() - timedelta(days=1), NOW.date() + timedelta(days=20)


def _awaited(world: World, *days: date) -> Part:
    part = world.part(home=0)
    for on in days:
        make.make_expected(part, world.home, 5, on)
    return part


def test_an_overdue_day_is_not_offered(world: World) -> None:
    part = _awaited(world, OVERDUE)
    told = details(lambda: world.place(line(part)))
    assert (told["free"], told["expectedOn"]) == (0, None)


def test_an_overdue_day_cannot_be_accepted(world: World) -> None:
    part = _awaited(world, OVERDUE)
    assert refused(lambda: world.place(line(part, accept_expected_on=OVERDUE))) == [
        ("OUT_OF_STOCK", "lines[0].quantity")
    ]
    assert not Order.objects.exists()


def test_the_next_known_day_is_offered_and_holds_that_receipt_alone(world: World) -> None:
    part = _awaited(world, OVERDUE, COMING)
    assert details(lambda: world.place(line(part)))["expectedOn"] == COMING.isoformat()
    order = world.place(line(part, 2, accept_expected_on=COMING))
    assert [hold.expected_on for hold in order.lines.get().holds.all()] == [COMING]


def test_a_quote_says_the_same(world: World) -> None:
    part = _awaited(world, OVERDUE)
    asked = request(line(part, accept_expected_on=OVERDUE))
    quoted = order_quote(actor=world.people.customer, request=asked, now=world.now)
    assert [problem.code for problem in quoted.draft.problems] == ["OUT_OF_STOCK"]


def test_what_is_expected_today_is_still_sold(world: World) -> None:
    part = _awaited(world, NOW.date())
    assert world.place(line(part, accept_expected_on=NOW.date())).lines.get().expected_on == NOW.date()
