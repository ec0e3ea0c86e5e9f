"""Whatever is done with money, in whatever order: none is made and none is lost, and the books agree after every step.

`MONEY_LIVES=10000 .venv/bin/pytest -m long tests/orders/test_money_life.py` draws as many lives of up to fifty steps.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection, transaction
from django.db.models import Sum
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from orders.models import AccountKind, BankLine, LedgerAccount, LedgerPosting, Order, OrderLine
from orders.rules.references import payment_reference
from orders.selectors.ledger import order_account, spendable
from orders.selectors.ledger_check import ledger_disagreements
from orders.services.advancing import payable_now
from orders.services.banking import Share, bank_line_assign, bank_line_credit, bank_line_send_back, statement_read
from orders.services.cancelling import order_cancel
from orders.services.dunning import dunning_sweep
from orders.services.expiring import transfers_sweep
from orders.services.paying import order_approve, order_pay
from orders.services.placing import order_place
from orders.services.returning import ReturnLine, return_create, return_receive
from orders.services.shipping import shipment_create
from orders.services.spending import credit_grant, credit_pay_out, order_credit_use, order_refund
from portal import clock
from portal.errors import PortalError
from portal.money import quantise
from portal.promises.models import Promise
from tests.orders.world import line, request, world_make

few = st.integers(0, 99)  # picks one of what there is
sums = st.sampled_from([1, 50, 333, 1111, 2222, 5000, 100_000])
LIVES = int(os.environ.get("MONEY_LIVES", "60"))


class Money(RuleBasedStateMachine):
    """A customer who pays in advance and a dealer on account, an accountant, a bank; `came` and `went` count money outside the books."""

    def __init__(self) -> None:
        super().__init__()
        self.atom = transaction.atomic()
        self.atom.__enter__()
        self.world = world_make()
        self.parts = [self.world.part(home=60, price="1111"), self.world.part(home=60, price="90000")]
        self.came, self.went = Decimal(0), Decimal(0)
        self.files = 0
        self.done: Counter[str] = Counter()

    def teardown(self) -> None:
        """Every life begins in the same world."""
        transaction.set_rollback(True)
        self.atom.__exit__(None, None, None)

    def act(self, service: Callable[..., Any], **given: Any) -> Any:
        """Do it; a refusal is an answer too, an accident is not."""
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(clock, "now", lambda: self.world.now)
            made = None
            try:
                with transaction.atomic():
                    made = service(now=self.world.now, **given)
                self.done[service.__name__] += 1
            except PortalError:
                self.done[f"{service.__name__} refused"] += 1
            if isinstance(made, Order) and made.number not in self.world.numbers:
                self.world.numbers.append(made.number)
            self.world.settle()
        return made

    def one(self, rows: Any, place: int) -> Any:
        """One of the rows there are."""
        found = list(rows.order_by("pk"))
        return found[place % len(found)]

    def company(self, dealer: bool) -> int:
        """Whose."""
        return (self.world.people.dealer if dealer else self.world.people.customer).company_id or 0

    @rule(part=few, quantity=st.integers(1, 6), dealer=st.booleans(), credit=st.booleans())
    def place(self, part: int, quantity: int, dealer: bool, credit: bool) -> None:
        people = self.world.people
        asked = request(
            line(self.parts[part % 2], quantity), line(self.parts[0], 1), payment="ACCOUNT" if dealer else "TRANSFER", use_credit=credit
        )  # fmt: skip
        self.act(order_place, actor=people.dealer if dealer else people.customer, request=asked)

    @precondition(lambda self: Order.objects.exists())
    @rule(order=few, share=st.sampled_from([None, 2, 3, -1]))
    def pay(self, order: int, share: int | None) -> None:
        found = self.one(Order.objects, order)
        amount = quantise(found.total / share, "KRW") if share else None
        made = self.act(
            order_pay, actor=self.world.people.accountant, order_id=found.pk, method="TRANSFER", amount=amount
        )
        self.came += made.amount if made else 0

    @precondition(lambda self: Order.objects.filter(needs_approval=True).exists())
    @rule(order=few)
    def approve(self, order: int) -> None:
        found = self.one(Order.objects.filter(needs_approval=True), order)
        self.act(order_approve, actor=self.world.people.approver, order_id=found.pk, note="")

    @precondition(lambda self: Order.objects.exists())
    @rule(order=few)
    def use_credit(self, order: int) -> None:
        self.act(order_credit_use, actor=self.world.people.accountant, order_id=self.one(Order.objects, order).pk)

    @precondition(lambda self: Order.objects.exists())
    @rule(order=few, late=st.integers(0, 9))
    def ship(self, order: int, late: int) -> None:
        """Sometimes so late that it earns credit."""
        self.world.now += timedelta(days=late if late > 6 else 0)
        found = self.one(Order.objects, order)
        self.act(shipment_create, actor=self.world.people.manager, order_id=found.pk, lines=None, carrier="Post")

    @precondition(lambda self: Order.objects.exists())
    @rule(order=few, whole=st.booleans())
    def cancel(self, order: int, whole: bool) -> None:
        found = self.one(Order.objects, order)
        named = None if whole else [self.one(found.lines, order).pk]
        self.act(order_cancel, actor=self.world.people.desk, order_id=found.pk, line_ids=named, reason="no")

    @precondition(lambda self: OrderLine.objects.filter(shipped__gt=0).exists())
    @rule(place=few, quantity=st.integers(1, 3), reason=st.sampled_from(["CHANGE_OF_MIND", "DAMAGED", "UNUSED"]))
    def give_back(self, place: int, quantity: int, reason: str) -> None:
        found = self.one(OrderLine.objects.filter(shipped__gt=0), place)
        people, told = self.world.people, [ReturnLine(found.pk, quantity)]
        rows = self.act(return_create, actor=people.desk, order_id=found.order_id, lines=told, reason=reason)
        for row in rows or ():
            self.act(return_receive, actor=people.manager, return_id=row.pk)

    @precondition(lambda self: Order.objects.exists())
    @rule(order=few, credit=st.booleans(), amount=st.none() | sums)
    def refund(self, order: int, credit: bool, amount: int | None) -> None:
        found = self.one(Order.objects, order)
        before = order_account(found).settled
        given = {"amount": None if amount is None else Decimal(amount), "as_credit": credit}
        if self.act(order_refund, actor=self.world.people.accountant, order_id=found.pk, **given) and not credit:
            self.went += before - order_account(found).settled

    @rule(dealer=st.booleans(), amount=sums)
    def grant(self, dealer: bool, amount: int) -> None:
        self.act(credit_grant, actor=self.world.people.approver, company_id=self.company(dealer), currency="KRW", amount=Decimal(amount), reason="why")  # fmt: skip

    @rule(dealer=st.booleans(), amount=sums)
    def pay_out(self, dealer: bool, amount: int) -> None:
        if self.act(credit_pay_out, actor=self.world.people.accountant, company_id=self.company(dealer), currency="KRW", amount=Decimal(amount), reason="bank"):  # fmt: skip
            self.went += amount

    @rule(order=few, amount=sums, exact=st.booleans(), again=st.booleans())
    def bank(self, order: int, amount: int, exact: bool, again: bool) -> None:
        """A statement with one sum: for an order, or for nobody; sometimes a file read before."""
        self.files += 0 if again and self.files else 1
        text, came = f"sum {self.files}", Decimal(amount)
        if Order.objects.exists():
            found = self.one(Order.objects, order)
            text = f"{payment_reference(found.number)} sum {self.files}"
            came = max(Decimal(1), found.total - order_account(found).settled) if exact else came
        day = self.world.now.date().isoformat()
        data = f"date,amount,currency,text,id\n{day},{came},KRW,{text},n{self.files}".encode()
        made = self.act(statement_read, actor=self.world.people.accountant, data=data, name="bank.csv")
        if made is not None and not made.again:
            self.came += came

    @precondition(lambda self: BankLine.objects.filter(state="WAITING").exists())
    @rule(place=few, what=st.sampled_from(["assign", "credit", "back"]), order=few)
    def place_sum(self, place: int, what: str, order: int) -> None:
        row, people = self.one(BankLine.objects.filter(state="WAITING"), place), self.world.people
        given: dict[str, Any] = {"actor": people.accountant, "line_id": row.pk}
        if what == "credit":
            self.act(bank_line_credit, company_id=self.company(bool(order % 2)), **given)
        elif what == "back" and self.act(bank_line_send_back, note="bank", **given):
            self.went += row.amount
        elif what == "assign" and Order.objects.exists():
            found = self.one(Order.objects, order)
            share = min(row.amount, max(Decimal(0), found.total - order_account(found).settled))
            self.act(bank_line_assign, shares=[Share(found.number, share)], **given)

    @rule(days=st.integers(1, 20))
    def time_passes(self, days: int) -> None:
        """Late days are credited, transfers end, what is due is said; a second sweep finds nothing to do."""
        self.world.now += timedelta(days=days)
        self.act(transfers_sweep)
        assert not self.act(transfers_sweep)
        self.act(dunning_sweep)
        assert not self.act(dunning_sweep)

    @invariant()
    def the_books_agree(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute("SET CONSTRAINTS ALL DEFERRED")
        assert ledger_disagreements() == []
        assert (LedgerPosting.objects.aggregate(sum=Sum("amount"))["sum"] or 0) == 0

    @invariant()
    def no_money_is_made_and_none_is_lost(self) -> None:
        bank = LedgerAccount.objects.filter(kind=AccountKind.BANK).aggregate(sum=Sum("balance"))["sum"] or 0
        assert bank == self.came - self.went
        waiting = BankLine.objects.filter(state="WAITING").aggregate(sum=Sum("amount"))["sum"] or 0
        assert (
            -(LedgerAccount.objects.filter(kind=AccountKind.UNASSIGNED).aggregate(sum=Sum("balance"))["sum"] or 0)
            == waiting
        )

    @invariant()
    def credit_is_never_spent_beyond_what_there_was(self) -> None:
        for dealer in (False, True):
            assert spendable(self.company(dealer), "KRW") >= 0  # nobody brings late proof here

    @invariant()
    def every_order_says_what_is_so(self) -> None:
        for order in Order.objects.prefetch_related("lines"):
            account, due = order_account(order), payable_now(order, list(order.lines.all()))
            open_sum = due - account.settled
            assert (order.payment_state == "REFUND_DUE") == (open_sum < 0), (order.payment_state, due, account)
            assert account.credit_used >= 0
            if order.payment_method == "ACCOUNT":
                assert open_sum >= 0  # what is too much became credit

    @invariant()
    def a_promise_starts_once(self) -> None:
        for row in OrderLine.objects.select_related("order"):
            living = Promise.objects.filter(subject=row.order.number, policy_code="ship").exclude(state="OFFERED")
            promised = living.filter(lines__ref=str(row.pk)).aggregate(sum=Sum("lines__quantity"))["sum"] or 0
            assert promised <= row.quantity


def _live(examples: int, steps: int) -> None:
    quiet = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much]
    run_state_machine_as_test(
        Money,
        settings=settings(
            max_examples=examples, stateful_step_count=steps, deadline=None, suppress_health_check=quiet, print_blob=True
        ),
    )  # fmt: skip


@pytest.mark.django_db
def test_a_few_lives_of_money() -> None:
    _live(6, 15)


@pytest.mark.long
@pytest.mark.timeout(24 * 3600)
@pytest.mark.django_db
def test_many_lives_of_money() -> None:
    _live(LIVES, 50)
