"""The promise report: the share kept by week and policy, why the others broke, what that earned, and the fill rate."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from django.utils import timezone

from catalog.models import Part
from orders.selectors.promise_report import CreditPaid, break_causes, credits_paid, credits_weekly, filled_weekly
from orders.services.holding import order_hold
from orders.services.spending import credit_pay_out
from portal.promises.selectors.report import kept_weekly
from tests import factories as make
from tests.frontend.conftest import browser, text
from tests.orders.world import SEOUL, World, line


def told(world: World) -> dict[str, list[tuple[date, int, int]]]:
    with timezone.override(SEOUL):
        weeks = kept_weekly(world.now)
    return {policy: [(one.week, one.kept, one.late) for one in rows if one.total] for policy, rows in weeks.items()}


def test_a_promise_counts_in_the_week_of_its_day(world: World, part: Part) -> None:
    world.ship(world.paid(line(part)))  # Monday, due on Wednesday: kept
    world.paid(line(part))  # never shipped
    world.days(3)
    world.ship(world.paid(line(part)))  # Thursday, due on Saturday
    assert told(world) == {"ship": [(date(2026, 11, 23), 1, 1)]}
    world.days(7)
    assert told(world) == {"ship": [(date(2026, 11, 23), 2, 1)]}


def test_what_is_not_due_yet_is_not_told(world: World, part: Part) -> None:
    world.paid(line(part))
    assert told(world) == {}
    assert "No promise has fallen due yet." in text(browser(world.people.manager).get("/promises/"))


def test_each_break_has_its_cause(world: World, part: Part) -> None:
    held, silent = world.paid(line(part)), world.paid(line(part))
    kept = world.paid(line(part))
    world.ship(kept)
    order_hold(actor=world.people.manager, order_id=held.pk, reason="OUT_OF_STOCK", note="gone", now=world.now)
    world.days(4)
    with timezone.override(SEOUL):
        assert sorted(break_causes(world.now)) == [("NONE", 1), ("OUT_OF_STOCK", 1)]
    world.ship(silent)
    page = text(browser(world.people.manager).get("/promises/"))
    assert "out of stock" in page
    assert "no reason was recorded" in page
    assert "50%" in page


def test_late_days_earn_by_week_and_currency(world: World, part: Part) -> None:
    world.paid(line(part))
    world.days(5)  # Saturday: late since Thursday
    with timezone.override(SEOUL):
        earned = credits_weekly(world.now)
    assert {currency: sum(amount for _, amount in weeks) for currency, weeks in earned.items()} == {"KRW": Decimal(300)}
    assert "Earned by late days" in text(browser(world.people.manager).get("/promises/"))


def test_what_became_of_credit_is_told_beside_what_was_earned(world: World) -> None:
    order = world.paid(line(world.part(home=9, price="100000")))
    world.days(5)  # three days late
    world.ship(order)
    world.settle()
    world.place(line(world.part(home=9)), payment="TRANSFER", use_credit=True)  # more than the credit is
    world.paid(line(world.part(home=9)))
    world.days(5)
    with timezone.override(SEOUL):
        paid = credits_paid(world.now)["KRW"]
        earned = sum(amount for _, amount in credits_weekly(world.now)["KRW"])
    assert (paid.given, paid.spent, paid.paid_out) == (Decimal(3000), Decimal(3000), Decimal(0))
    assert earned == Decimal(3300)  # the second order is late and not shipped: that is earned, and not given yet
    page = text(browser(world.people.manager).get("/promises/"))
    for told in (
        "₩3,300",
        "Given to buyers as credit</dt><dd>₩3,000",
        "Spent on orders</dt><dd>₩3,000",
        "Paid out</dt><dd>₩0",
    ):
        assert told in page


def test_credit_that_is_paid_out_is_told(world: World, part: Part) -> None:
    order = world.paid(line(part))
    world.days(5)
    world.ship(order)
    world.settle()
    credit_pay_out(
        actor=world.people.accountant, company_id=order.company_id, amount=Decimal(300), currency="KRW", reference="p-1",
        reason="asked for it", now=world.now,
    )  # fmt: skip
    with timezone.override(SEOUL):
        assert credits_paid(world.now) == {"KRW": CreditPaid(Decimal(300), Decimal(0), Decimal(300))}


def test_the_fill_rate_is_what_was_free_at_once(world: World, part: Part) -> None:
    waits = world.part()
    make.make_expected(waits, world.home, 5, date(2026, 12, 4))
    world.paid(line(part), line(waits, 2, accept_expected_on=date(2026, 12, 4)))
    world.paid(line(part))
    with timezone.override(SEOUL):
        last = filled_weekly(world.now)[-1]
    assert (last.lines, last.at_once, last.share) == (3, 2, Decimal("0.6667"))


def test_the_report_asks_no_more_for_many_orders(world: World, part: Part, django_assert_max_num_queries) -> None:
    for _ in range(5):
        world.paid(line(part))
    world.days(4)
    manager = browser(world.people.manager)
    manager.get("/promises/")
    with django_assert_max_num_queries(16):
        manager.get("/promises/")
