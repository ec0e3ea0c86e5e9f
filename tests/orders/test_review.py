"""A line whose cover a person decides: it starts no clock, the others do not wait, nobody decides their own."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from typing import Any

import pytest

from catalog.models import Part
from orders.models import Order, OrderLine
from orders.services.cancelling import order_cancel
from orders.services.reviewing import line_review
from portal.accounts.actor import Actor
from portal.accounts.models import Company
from portal.promises.models import Promise
from tests import factories as make
from tests.orders.world import World, free, level, line, lines_of, promise, refused, seoul, won
from warranty.models import Decision, RepairCardLine


@dataclass
class Case:
    """Five pieces of a kit asked for free where the machine holds four: a person decides."""

    world: World
    kit: Part
    wish: Any

    def order(self, *more: Any, **extra: Any) -> Order:
        """Ordered with other lines."""
        return self.world.place(self.wish, *more, **extra)

    def decide(self, order: Order, payer: str, by: Actor | None = None, **extra: Any) -> OrderLine:
        """Decide its first line."""
        given: dict[str, Any] = {"customer_share": None, "note": "looked at it", "now": self.world.now} | extra
        return line_review(actor=by or self.world.people.approver, line_id=lines_of(order)[0].pk, payer=payer, **given)


@pytest.fixture
def case(world: World) -> Case:
    kit = world.part(home=20)
    make.make_warranty_term()
    machine = world.machine(kit, held=4)
    return Case(world, kit, free(kit, machine, world.card(machine), 5))


def test_a_line_in_review_waits_with_its_goods_held_and_a_working_day_promised(case: Case) -> None:
    order = case.order(payment="NONE")
    assert (order.state, lines_of(order)[0].review, lines_of(order)[0].cleared_at) == (
        "AWAITING_REVIEW",
        "PENDING",
        None,
    )
    assert level(case.kit, case.world.home) == (20, 5)
    review = promise(order, "coverage-review")
    assert (review.state, review.due_at) == ("RUNNING", seoul("11-25 00:00"))
    assert promise(order, "ship").state == "OFFERED"


def test_other_lines_do_not_wait_for_a_review(case: Case) -> None:
    order = case.order(line(case.world.part(home=5)))
    case.world.pay(order)
    assert (order.state, order.payment_state) == ("READY", "PAID")
    states = sorted(Promise.objects.filter(subject=order.number, policy_code="ship").values_list("state", flat=True))
    assert states == ["OFFERED", "RUNNING"]


def test_confirmed_free_its_clock_starts_with_the_decision(case: Case) -> None:
    order = case.order(payment="NONE")
    case.world.now = seoul("11-24 10:00")
    row = case.decide(order, "WARRANTY")
    order.refresh_from_db()
    assert (row.payer, row.review, row.cleared_at, order.state) == ("WARRANTY", "DONE", case.world.now, "READY")
    assert promise(order, "coverage-review").state == "KEPT"
    assert promise(order, "ship").due_at == seoul("11-27 00:00")


def test_decided_to_paid_it_keeps_the_published_price_of_placing_and_waits_for_money(case: Case) -> None:
    order = case.order(payment="NONE")
    case.world.prices.prices.update(amount=99999)
    row = case.decide(order, "PAID")
    order.refresh_from_db()
    assert (row.net, order.total, order.state, order.payment_state) == (
        won(50000),
        won(50000),
        "AWAITING_PAYMENT",
        "UNPAID",
    )
    assert RepairCardLine.objects.get(order_line=str(row.pk)).payer == "PAID"
    assert order.payment_method == "TRANSFER"  # asked after, and ended in time
    case.world.pay(order)
    assert (order.state, promise(order, "ship").state) == ("READY", "RUNNING")


def test_decided_to_paid_it_may_be_cancelled_free(case: Case) -> None:
    order = case.order(payment="NONE")
    case.decide(order, "PAID")
    order_cancel(actor=case.world.people.customer, order_id=order.pk, line_ids=None, reason="dear", now=case.world.now)
    order.refresh_from_db()
    assert (order.state, order.total, level(case.kit, case.world.home)) == ("CANCELLED", won(0), (20, 0))


def test_a_share_is_a_fraction_of_the_published_price(case: Case) -> None:
    order = case.order(payment="NONE")
    assert case.decide(order, "WARRANTY", customer_share=Decimal("0.25")).net == won(12500)


def test_a_paid_order_does_not_wait_for_the_money_of_a_line_decided_later(case: Case) -> None:
    order = case.order(line(case.world.part(home=5)))
    case.world.pay(order)
    case.decide(order, "PAID")
    order.refresh_from_db()
    first, second = lines_of(order)
    assert (order.state, order.payment_state) == ("READY", "PARTLY_PAID")
    assert (first.cleared_at, second.cleared_at) == (None, case.world.now)


def test_on_account_a_line_decided_to_paid_may_pass_the_limit_and_waits_for_approval(world: World) -> None:
    kit = world.part(home=20, price="300000")
    make.make_warranty_term()
    machine = world.machine(kit, held=4, owner=world.people.dealer)
    case = Case(world, kit, free(kit, machine, world.card(machine), 5))
    order = case.order(by=world.people.dealer, payment="ACCOUNT")
    assert order.state == "AWAITING_REVIEW"
    case.decide(order, "PAID")
    order.refresh_from_db()
    assert (order.state, order.needs_approval) == ("AWAITING_APPROVAL", True)


def test_the_evidence_gets_a_row_and_nothing_is_overwritten(case: Case) -> None:
    order = case.order(payment="NONE")
    first, row = lines_of(order)[0].decision, case.decide(order, "WARRANTY")
    assert first is not None
    assert row.decision is not None
    assert Decision.objects.filter(subject=first.subject).count() == 2
    assert (row.decision.supersedes_id, row.decision.decided_by) == (
        first.pk,
        f"user:{case.world.people.approver.user_id}",
    )


def test_nobody_decides_their_own_and_only_an_approver_decides(case: Case) -> None:
    people = case.world.people
    order = case.order(payment="NONE", by=people.admin, company_id=people.customer.company_id)
    assert refused(lambda: case.decide(order, "WARRANTY", people.admin)) == [("NOT_ALLOWED", "line")]
    for actor in (people.manager, people.customer, people.technician):
        assert refused(partial(case.decide, order, "WARRANTY", actor)) == [("NOT_ALLOWED", "")]
    assert case.decide(order, "WARRANTY").review == "DONE"


def test_a_line_is_decided_once_and_not_after_it_is_cancelled(case: Case) -> None:
    order = case.order(payment="NONE")
    case.decide(order, "WARRANTY")
    assert refused(lambda: case.decide(order, "PAID")) == [("WRONG_STATE", "line")]
    gone = case.order(payment="NONE")
    order_cancel(actor=case.world.people.customer, order_id=gone.pk, line_ids=None, reason="no", now=case.world.now)
    assert refused(lambda: case.decide(gone, "PAID")) == [("WRONG_STATE", "line")]


def test_a_line_cancelled_in_review_ends_the_review_of_an_order_that_goes_on(case: Case) -> None:
    order = case.order(line(case.world.part(home=5)))
    case.world.pay(order)
    wish = lines_of(order)[0]
    order_cancel(
        actor=case.world.people.customer, order_id=order.pk, line_ids=[wish.pk], reason="no", now=case.world.now
    )
    assert promise(order, "coverage-review").state == "CANCELLED"
    assert refused(lambda: case.decide(order, "WARRANTY")) == [("WRONG_STATE", "line")]


def on_account(case: Case, part: Part, *, limit: int) -> Order:
    """The kit under review and nine pieces on account, by a customer with that credit limit."""
    Company.objects.filter(pk=case.world.people.customer.company_id).update(credit_limit=limit)
    return case.order(line(part, 9), payment="ACCOUNT")


def test_what_was_cleared_leaves_while_its_neighbour_asks_for_approval(case: Case) -> None:
    part = case.world.part(home=9)
    order = on_account(case, part, limit=100_000)
    case.decide(order, "PAID")  # 90,000 and 50,000 are over the limit together
    order.refresh_from_db()
    assert (order.state, order.needs_approval) == ("AWAITING_APPROVAL", True)
    case.world.ship(order, (lines_of(order)[1], 9))
    assert order.state == "PARTLY_SHIPPED"


def test_an_account_stopped_meanwhile_is_not_passed_by_a_review(case: Case) -> None:
    order = on_account(case, case.world.part(home=9), limit=1_000_000)
    Company.objects.filter(pk=order.company_id).update(credit_stopped=True)
    case.decide(order, "PAID")
    order.refresh_from_db()
    assert order.needs_approval
    assert lines_of(order)[0].cleared_at is None
