"""Every movement of money is one entry that balances, written once; the database refuses anything else."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from django.db import Error, connection, transaction
from django.db.models import Sum
from django.test.utils import CaptureQueriesContext

from catalog.models import Part
from orders.models import AccountKind, EntryKind, LedgerAccount, LedgerEntry, LedgerPosting, Order
from orders.selectors.ledger import order_account, receivables, spendable
from orders.selectors.ledger_check import ledger_disagreements
from orders.services.cancelling import order_cancel
from orders.services.ledger import Fact, entry_post
from orders.services.returning import ReturnLine, return_create, return_receive
from portal.accounts.actor import SYSTEM
from tests import factories as make
from tests.orders.world import World, line, lines_of, won

BANK, OWED, CREDIT = AccountKind.BANK, AccountKind.RECEIVABLE, AccountKind.CREDIT


def sides(order: Order) -> list[tuple[str, dict[str, Decimal]]]:
    """(kind, {account: amount}) of every entry of an order, oldest first."""
    entries = LedgerEntry.objects.filter(order=order).order_by("pk")
    return [(one.kind, {row.account.kind: row.amount for row in one.postings.all()}) for one in entries]


def fact(world: World, key: str = "test:1", currency: str = "KRW") -> Fact:
    """A fact of the customer's."""
    return Fact(key, EntryKind.GOODWILL, world.people.customer.company_id, currency, world.now)


def post(world: World, amount: str, key: str = "test:1", currency: str = "KRW") -> LedgerEntry | None:
    """Give so much goodwill."""
    given = Decimal(amount)
    return entry_post(
        fact(world, key, currency), {AccountKind.GOODWILL: given, CREDIT: -given}, actor=SYSTEM, now=world.now
    )


def balances(company_id: int | None) -> dict[str, Decimal]:
    """{account: balance} of a company."""
    return {one.kind: one.balance for one in LedgerAccount.objects.filter(company_id=company_id)}


def test_money_in_advance_stands_against_the_goods_once_they_leave(world: World, part: Part) -> None:
    order = world.paid(line(part, 2))
    assert sides(order) == [("PAID", {BANK: won(20000), OWED: won(-20000)})]
    world.ship(order)
    assert sides(order)[1:] == [("BILLED", {OWED: won(20000), AccountKind.GOODS: won(-20000)})]
    assert balances(order.company_id)[OWED] == 0


def test_goods_are_billed_as_they_leave_and_the_parts_add_up_to_the_line(world: World) -> None:
    order = world.place(line(world.part(home=3, price="100.00", per=3), 3), by=world.people.dealer, payment="ACCOUNT")
    for _ in range(3):
        world.ship(order, (lines_of(order)[0], 1))
    owed = [amounts[OWED] for kind, amounts in sides(order) if kind == EntryKind.BILLED]
    assert owed == [won(33), won(34), won(33)]
    assert sum(owed) == order.total


def test_what_is_shipped_on_account_is_due_after_the_companys_terms(world: World, part: Part) -> None:
    order = world.place(line(part), by=world.people.dealer, payment="ACCOUNT")
    assert sides(order) == []  # an order is a commitment; owed is what has left
    world.ship(order)
    ((of, items),) = receivables(order.company_id, "KRW")
    assert (of, [(one.due_on.isoformat(), one.amount) for one in items]) == (order, [("2026-12-23", won(10000))])
    world.pay(order, method="ACCOUNT", amount=won(4000))
    assert receivables(order.company_id, "KRW")[0][1][0].amount == won(6000)
    world.pay(order)
    assert receivables(order.company_id, "KRW") == []


def test_an_account_paid_before_its_order_was_cancelled_keeps_the_money_as_credit(world: World, part: Part) -> None:
    order = world.place(line(part), line(part, 2), by=world.people.dealer, payment="ACCOUNT")
    world.pay(order)
    cancel: dict[str, Any] = {"actor": world.people.dealer, "order_id": order.pk, "reason": "no need", "now": world.now}
    order_cancel(line_ids=[lines_of(order)[1].pk], **cancel)
    order.refresh_from_db()
    assert (order.payment_state, spendable(order.company_id, "KRW")) == ("PAID", won(20000))
    order_cancel(line_ids=None, **cancel)
    assert spendable(order.company_id, "KRW") == won(30000)
    assert order_account(order).settled == 0


def test_money_in_advance_for_a_cancelled_order_waits_to_be_paid_back(world: World, part: Part) -> None:
    order = world.paid(line(part))
    order_cancel(actor=world.people.customer, order_id=order.pk, line_ids=None, reason="no", now=world.now)
    order.refresh_from_db()
    assert (order.payment_state, spendable(order.company_id, "KRW")) == ("REFUND_DUE", 0)


def test_the_same_fact_is_posted_once(world: World) -> None:
    assert post(world, "5") is not None
    assert post(world, "5") is None
    assert balances(world.people.customer.company_id) == {AccountKind.GOODWILL: won(5), CREDIT: won(-5)}


def test_an_entry_is_written_under_the_companys_lock(world: World) -> None:
    with CaptureQueriesContext(connection) as seen:
        post(world, "5")
    said = [one["sql"] for one in seen]
    locked = next(place for place, sql in enumerate(said) if 'FROM "accounts_company"' in sql and sql.endswith("FOR NO KEY UPDATE OF \"accounts_company\""))  # fmt: skip
    assert locked < next(place for place, sql in enumerate(said) if '"orders_ledgerentry"' in sql)


@pytest.mark.parametrize(("currency", "amount"), [("KRW", "0.5"), ("JPY", "1.01"), ("EUR", "0.005"), ("KWD", "0.0001")])
def test_less_than_the_smallest_coin_is_not_posted(world: World, currency: str, amount: str) -> None:
    with pytest.raises(ValueError, match="does not balance"):
        post(world, amount, currency=currency)


def test_three_decimals_of_a_dinar_are(world: World) -> None:
    assert post(world, "0.001", currency="KWD") is not None


def test_sides_that_do_not_sum_to_zero_are_refused_before_the_database_is_asked(world: World) -> None:
    with pytest.raises(ValueError, match="does not balance"):
        entry_post(fact(world), {BANK: won(5), OWED: won(-4)}, actor=SYSTEM, now=world.now)


def at_once() -> None:
    """What the commit would check."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


@pytest.mark.parametrize("amounts", [[], [5], [5, -4], [5, -5, 1]])
def test_the_database_refuses_an_entry_that_does_not_balance(world: World, amounts: list[int]) -> None:
    company = world.people.customer.company_id
    kinds = (BANK, OWED, CREDIT)
    with pytest.raises(Error, match="does not balance"), transaction.atomic():
        entry = LedgerEntry.objects.create(
            key="by hand", kind="PAID", company_id=company, currency="KRW", actor="system", at=world.now, recorded_at=world.now
        )  # fmt: skip
        for kind, amount in zip(kinds, amounts, strict=False):
            account = LedgerAccount.objects.create(company_id=company, currency="KRW", kind=kind)
            LedgerPosting.objects.create(entry=entry, account=account, amount=amount)
        at_once()


def test_the_database_refuses_an_account_of_another_currency(world: World) -> None:
    entry = post(world, "5")
    euros = LedgerAccount.objects.create(company_id=world.people.customer.company_id, currency="EUR", kind=BANK)
    with pytest.raises(Error, match="another currency"), transaction.atomic():
        LedgerPosting.objects.create(entry=entry, account=euros, amount=1)


@pytest.mark.parametrize("model", [LedgerEntry, LedgerPosting])
def test_what_is_written_stands(world: World, model: type) -> None:
    post(world, "5")
    for act in (lambda: model.objects.update(id=1), lambda: model.objects.all()._raw_delete("default")):
        with pytest.raises(Error, match="append-only"), transaction.atomic():
            act()


def test_a_balance_is_the_sum_of_its_postings(world: World, part: Part) -> None:
    for number in range(3):
        post(world, str(7 + number), key=f"test:{number}")
    world.ship(world.paid(line(part)))
    for account in LedgerAccount.objects.annotate(sum=Sum("postings__amount")):
        assert account.balance == account.sum
    assert LedgerPosting.objects.aggregate(sum=Sum("amount"))["sum"] == 0


def test_tax_is_billed_with_the_goods_and_comes_back_with_them(world: World, part: Part) -> None:
    make.make_tax_rate("KR", "0.10")
    dealer = world.people.dealer
    order = world.place(line(part, 3), by=dealer, payment="ACCOUNT")
    world.ship(order)
    (row,) = return_create(
        actor=dealer, order_id=order.pk, lines=[ReturnLine(lines_of(order)[0].pk, 1)], reason="UNUSED", now=world.now
    )
    return_receive(actor=world.people.manager, return_id=row.pk, now=world.now)
    goods, tax = AccountKind.GOODS, AccountKind.TAX
    assert sides(order) == [
        ("BILLED", {OWED: won(33000), goods: won(-30000), tax: won(-3000)}),
        ("RETURNED", {OWED: won(-9350), goods: won(10000), tax: won(850), AccountKind.RESTOCKING: won(-1500)}),
    ]
    assert ledger_disagreements() == []
