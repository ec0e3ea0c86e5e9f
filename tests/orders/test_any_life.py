"""Whatever is done with orders, goods and promises, in whatever order: the books agree, and nobody is cheated."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import transaction
from django.db.models import Sum
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from catalog.models import ExpectedReceipt, StockLedger, StockLevel
from orders.models import CreditAccrual, LedgerEntry, LineHold, Order, OrderHold, OrderLine, Return, Shipment
from orders.rules.state import order_state
from orders.selectors.ledger import credit_of
from orders.services.cancelling import order_cancel
from orders.services.events import facts_of
from orders.services.holding import order_hold, order_release
from orders.services.paying import order_approve, order_pay
from orders.services.placing import order_place
from orders.services.returning import ReturnLine, return_create, return_receive
from orders.services.shipping import ShipLine, shipment_correct, shipment_create, shipment_deliver
from orders.services.stocking import stock_adjust, stock_expect, stock_receive
from portal import clock
from portal.errors import PortalError
from portal.money import quantise
from portal.promises.models import Promise, PromiseLine
from tests.orders.world import line, request, world_make

few = st.integers(0, 99)  # picks one of what there is
pieces = st.integers(1, 6)
TENTH = Decimal("0.10")


class Life(RuleBasedStateMachine):
    """Two parts in two warehouses, a customer who pays in advance and a dealer with an account; everybody acts at random."""

    def __init__(self) -> None:
        super().__init__()
        self.atom = transaction.atomic()
        self.atom.__enter__()
        self.world = world_make()
        self.parts = [self.world.part(home=9, away=6, price="1111"), self.world.part(home=9, price="90000")]
        self.seen: dict[int, datetime] = {}  # promise: the moment first promised
        self.done: Counter[str] = Counter()

    def teardown(self) -> None:
        """Every life begins in the same world."""
        transaction.set_rollback(True)
        self.atom.__exit__(None, None, None)

    def act(self, name: str, service: Callable[..., Any], **given: Any) -> None:
        """Do it; a refusal is an answer too, an accident is not. What orders tell themselves is told at once."""
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(clock, "now", lambda: self.world.now)
            try:
                with transaction.atomic():
                    made = service(now=self.world.now, **given)
                self.done[name] += 1
                if isinstance(made, Order) and made.number not in self.world.numbers:
                    self.world.numbers.append(made.number)
            except PortalError:
                self.done[f"{name} refused"] += 1
            self.world.settle()

    def one(self, rows: Any, place: int) -> Any:
        """One of the rows there are."""
        found = list(rows.order_by("pk"))
        return found[place % len(found)]

    def order_in(self, place: int, *states: str) -> Order:
        """Mostly an order for which the act makes sense; now and then any."""
        fitting = Order.objects.filter(state__in=states)
        found: Order = self.one(fitting if place % 10 and fitting.exists() else Order.objects, place)
        return found

    @rule(part=few, quantity=pieces, dealer=st.booleans(), wait=st.booleans(), agreed=st.booleans(), kind=st.booleans())
    def place(self, part: int, quantity: int, dealer: bool, wait: bool, agreed: bool, kind: bool) -> None:
        world, today = self.world, self.world.now.date()
        asked = request(
            line(self.parts[part % 2], quantity, accept_expected_on=today + timedelta(days=60) if wait else None),
            line(self.parts[(part + 1) % 2], 1),
            payment="ACCOUNT" if dealer else "TRANSFER",
            deliver_on=today + timedelta(days=5) if agreed else None,
            type="CUSTOMER" if kind else "STOCK",
        )
        self.act("place", order_place, actor=world.people.dealer if dealer else world.people.customer, request=asked)

    @precondition(lambda self: self.world.numbers)
    @rule(order=few, half=st.booleans())
    def pay(self, order: int, half: bool) -> None:
        found = self.order_in(order, "AWAITING_PAYMENT")
        amount = quantise(found.total / 2, "KRW") if half else None
        self.act(
            "pay", order_pay, actor=self.world.people.accountant, order_id=found.pk, method="TRANSFER", amount=amount
        )

    @precondition(lambda self: self.world.numbers)
    @rule(order=few)
    def pay_and_ship_late(self, order: int) -> None:
        """The common road, so that the longer ones begin further on."""
        found = self.order_in(order, "AWAITING_PAYMENT")
        people = self.world.people
        self.act("pay", order_pay, actor=people.accountant, order_id=found.pk, method="TRANSFER")
        self.world.now += timedelta(hours=order % 150)
        self.act("ship", shipment_create, actor=people.manager, order_id=found.pk, lines=None, carrier="Post")

    @precondition(lambda self: Order.objects.filter(state="AWAITING_APPROVAL").exists())
    @rule(order=few)
    def approve(self, order: int) -> None:
        found = self.order_in(order, "AWAITING_APPROVAL")
        self.act("approve", order_approve, actor=self.world.people.approver, order_id=found.pk, note="")

    @precondition(lambda self: self.world.numbers)
    @rule(order=few, part=st.none() | pieces, away=st.booleans())
    def ship(self, order: int, part: int | None, away: bool) -> None:
        found = self.order_in(order, "READY", "PARTLY_SHIPPED")
        chosen = [ShipLine(self.one(found.lines, order).pk, part)] if part else None
        place = "AWAY" if away and part else None
        self.act("ship", shipment_create, actor=self.world.people.manager, order_id=found.pk, lines=chosen, carrier="Post", warehouse=place)  # fmt: skip

    @precondition(lambda self: Shipment.objects.filter(delivered_at=None).exists())
    @rule(shipment=few)
    def deliver(self, shipment: int) -> None:
        found = self.one(Shipment.objects.filter(delivered_at=None), shipment)
        self.act("deliver", shipment_deliver, actor=self.world.people.manager, shipment_id=found.pk)

    @precondition(lambda self: Shipment.objects.exists())
    @rule(shipment=few, hours=st.integers(-200, 200))
    def correct(self, shipment: int, hours: int) -> None:
        found = self.one(Shipment.objects, shipment)
        at = found.shipped_at + timedelta(hours=hours)
        self.act("correct", shipment_correct, actor=self.world.people.manager, shipment_id=found.pk, evidence="scan", shipped_at=at)  # fmt: skip

    @precondition(lambda self: self.world.numbers)
    @rule(order=few, whole=st.booleans())
    def cancel(self, order: int, whole: bool) -> None:
        found = self.one(Order.objects, order)
        named = None if whole else [self.one(found.lines, order).pk]
        self.act("cancel", order_cancel, actor=self.world.people.desk, order_id=found.pk, line_ids=named, reason="no")

    @precondition(lambda self: self.world.numbers)
    @rule(order=few, reason=st.sampled_from(["BAD_ADDRESS", "PICKING_ERROR", "CUSTOMS"]))
    def hold(self, order: int, reason: str) -> None:
        found = self.one(Order.objects, order)
        self.act("hold", order_hold, actor=self.world.people.manager, order_id=found.pk, reason=reason, note="seen")

    @precondition(lambda self: OrderHold.objects.filter(until=None).exists())
    @rule(order=few)
    def release(self, order: int) -> None:
        found = self.one(OrderHold.objects.filter(until=None), order)
        self.act("release", order_release, actor=self.world.people.manager, order_id=found.order_id)

    @rule(part=few, quantity=pieces, away=st.booleans(), days=st.none() | st.integers(0, 20))
    def stock(self, part: int, quantity: int, away: bool, days: int | None) -> None:
        """Goods are announced, or come in."""
        given: dict[str, Any] = {"actor": self.world.people.manager, "part_number": self.parts[part % 2].number}
        given |= {"warehouse": "AWAY" if away else "HOME", "quantity": quantity}
        if days is None:
            self.act("receive", stock_receive, **given)
        else:
            self.act("expect", stock_expect, on=self.world.now.date() + timedelta(days=days), **given)

    @precondition(lambda self: self.world.numbers)
    @rule(part=few, change=st.integers(-4, 4))
    def adjust(self, part: int, change: int) -> None:
        self.act("adjust", stock_adjust, actor=self.world.people.manager, part_number=self.parts[part % 2].number, warehouse="HOME", change=change, reason="COUNT")  # fmt: skip

    @precondition(lambda self: OrderLine.objects.filter(shipped__gt=0).exists())
    @rule(place=few, quantity=pieces, reason=st.sampled_from(["CHANGE_OF_MIND", "DAMAGED", "UNUSED"]))
    def announce_return(self, place: int, quantity: int, reason: str) -> None:
        found = self.one(OrderLine.objects.filter(shipped__gt=0), place)
        self.act("return", return_create, actor=self.world.people.desk, order_id=found.order_id, lines=[ReturnLine(found.pk, quantity)], reason=reason)  # fmt: skip

    @precondition(lambda self: Return.objects.filter(state="EXPECTED").exists())
    @rule(place=few, quantity=st.none() | pieces)
    def receive_return(self, place: int, quantity: int | None) -> None:
        found = self.one(Return.objects.filter(state="EXPECTED"), place)
        self.act("come back", return_receive, actor=self.world.people.manager, return_id=found.pk, quantity=quantity)

    @precondition(lambda self: Promise.objects.exclude(next_at=None).exists())
    @rule(hours=st.integers(1, 100))
    def wait(self, hours: int) -> None:
        self.world.now += timedelta(hours=hours)
        self.act("wait", lambda now: None)

    @invariant()
    def the_books_agree(self) -> None:
        for level in StockLevel.objects.all():
            moved = StockLedger.objects.filter(part=level.part_id, warehouse=level.warehouse_id)
            holds = LineHold.objects.filter(line__part=level.part_id, warehouse=level.warehouse_id, receipt=None)
            assert level.on_hand == (moved.aggregate(sum=Sum("change"))["sum"] or 0)
            assert level.held == (holds.aggregate(sum=Sum("quantity"))["sum"] or 0)
            assert 0 <= level.held <= level.on_hand
        for receipt in ExpectedReceipt.objects.all():
            assert receipt.held == (receipt.holds.aggregate(sum=Sum("quantity"))["sum"] or 0)

    @invariant()
    def no_line_is_given_or_owed_more_than_was_ordered(self) -> None:
        for row in OrderLine.objects.prefetch_related("holds", "shipment_lines"):
            assert row.shipped + row.cancelled <= row.quantity
            assert row.delivered <= row.shipped
            assert row.returned <= row.shipped
            assert row.shipped == sum(one.quantity for one in row.shipment_lines.all())
            assert sum(one.quantity for one in row.holds.all()) <= row.open_quantity

    @invariant()
    def an_order_is_what_its_lines_add_up_to(self) -> None:
        for order in Order.objects.prefetch_related("lines"):
            rows = list(order.lines.all())
            assert order.state == order_state(facts_of(rows), needs_approval=order.needs_approval)
            assert order.total == sum((row.net for row in rows), Decimal(0)) + order.freight

    @invariant()
    def what_was_promised_stands(self) -> None:
        for promise in Promise.objects.exclude(promised_at=None):
            assert promise.promised_at is not None
            assert self.seen.setdefault(promise.pk, promise.promised_at) == promise.promised_at
            assert promise.due_at is not None
            assert promise.due_at >= promise.promised_at

    @invariant()
    def a_finished_order_owes_nothing(self) -> None:
        for order in Order.objects.filter(state__in=["DELIVERED", "CANCELLED"]):
            open_ = Promise.objects.filter(subject=order.number, state__in=["OFFERED", "RUNNING", "PAUSED", "BROKEN"])
            assert not open_.exists()

    @invariant()
    def no_more_is_promised_than_is_still_to_leave(self) -> None:
        owed: Counter[str] = Counter()
        living = PromiseLine.objects.filter(promise__policy_code="ship").exclude(promise__state="CANCELLED")
        for row in living.prefetch_related("facts"):
            owed[row.ref] += row.quantity - sum(fact.quantity for fact in row.facts.all())
        for line_ in OrderLine.objects.all():
            assert owed[str(line_.pk)] <= line_.open_quantity

    @invariant()
    def credits_stay_under_the_cap_and_are_spendable_as_they_accrued(self) -> None:
        for row in OrderLine.objects.select_related("order"):
            earned = row.accruals.filter(reversed_at=None).aggregate(sum=Sum("amount"))["sum"] or Decimal(0)
            assert 0 <= earned <= quantise(row.published_each * row.quantity * TENTH, row.order.currency)
        for promise in Promise.objects.filter(state__in=["KEPT", "KEPT_LATE"]):
            living = CreditAccrual.objects.filter(promise_id=promise.pk, reversed_at=None)
            assert _sum(living) == credit_of(LedgerEntry.objects.filter(promise_id=promise.pk))


def _sum(rows: Any) -> Decimal:
    return rows.aggregate(sum=Sum("amount"))["sum"] or Decimal(0)


def _live(examples: int, steps: int) -> None:
    quiet = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much]
    run_state_machine_as_test(
        Life,
        settings=settings(
            max_examples=examples,
            stateful_step_count=steps,
            deadline=None,
            suppress_health_check=quiet,
            print_blob=True,
        ),
    )


@pytest.mark.django_db
def test_a_few_lives() -> None:
    _live(8, 20)


@pytest.mark.long
@pytest.mark.timeout(3600)
@pytest.mark.django_db
def test_many_lives() -> None:
    _live(200, 50)
