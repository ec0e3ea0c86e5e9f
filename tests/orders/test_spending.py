"""Credit: earned, granted, spent on the next order, given back, paid out; each once, and never more than there is."""

from __future__ import annotations

from decimal import Decimal
from functools import partial
from typing import Any

import pytest

from catalog.models import Part
from orders.models import LedgerEntry, Order
from orders.selectors.ledger import order_account, spendable
from orders.selectors.ledger_check import ledger_disagreements
from orders.services.cancelling import order_cancel
from orders.services.paying import order_pay
from orders.services.returning import ReturnLine, return_create, return_receive
from orders.services.spending import credit_grant, credit_pay_out, order_credit_use, order_refund
from portal.accounts.actor import Actor
from portal.notices.models import Notice
from tests.orders.test_deliver_and_correct import correct, late_order
from tests.orders.world import World, details, line, lines_of, promise, refused, seoul, won


def grant(world: World, amount: str | int, to: Actor | None = None, **extra: Any) -> LedgerEntry:
    """Goodwill for the customer."""
    given: dict[str, Any] = {
        "actor": world.people.approver,
        "currency": world.currency,
        "reason": "a long wait",
    } | extra
    company = (to or world.people.customer).company_id or 0
    return credit_grant(company_id=company, amount=Decimal(amount), now=world.now, **given)


def credit(world: World, of: Actor | None = None) -> Decimal:
    """What the customer can spend."""
    return spendable((of or world.people.customer).company_id or 0, world.currency)


def cancel(world: World, order: Order, *places: int) -> None:
    """The buyer needs these lines no more, or none."""
    named = [lines_of(order)[place].pk for place in places] or None
    order_cancel(actor=world.people.desk, order_id=order.pk, line_ids=named, reason="no need", now=world.now)
    order.refresh_from_db()


def pay_out(world: World, amount: int, **extra: Any) -> LedgerEntry:
    """Pay the customer out."""
    given: dict[str, Any] = {
        "actor": world.people.accountant,
        "currency": world.currency,
        "reason": "bank order 7",
    } | extra
    company = world.people.customer.company_id or 0
    return credit_pay_out(company_id=company, amount=won(amount), now=world.now, **given)


def test_credit_pays_a_part_of_the_next_order_and_the_money_the_rest(world: World, part: Part) -> None:
    grant(world, 4000)
    order = world.place(line(part), use_credit=True)
    assert (order.payment_state, order.state, credit(world)) == ("PARTLY_PAID", "AWAITING_PAYMENT", 0)
    world.pay(order, amount=won(6000))
    assert (order.payment_state, order.state) == ("PAID", "READY")
    assert ledger_disagreements() == []


def test_credit_that_pays_all_starts_the_clock_at_once_and_the_rest_is_kept(world: World, part: Part) -> None:
    grant(world, 25000)
    order = world.place(line(part, 2), use_credit=True)
    assert (order.payment_state, order.state, promise(order).state) == ("PAID", "READY", "RUNNING")
    assert credit(world) == won(5000)


def test_credit_stays_where_the_buyer_does_not_ask_for_it(world: World, part: Part) -> None:
    grant(world, 4000)
    order = world.place(line(part))
    assert (order.payment_state, credit(world)) == ("UNPAID", won(4000))
    order_credit_use(actor=world.people.customer, order_id=order.pk, now=world.now)
    order.refresh_from_db()
    assert (order.payment_state, credit(world)) == ("PARTLY_PAID", 0)
    use = partial(order_credit_use, actor=world.people.customer, order_id=order.pk, now=world.now)
    assert refused(use) == [("WRONG_STATE", "order")]


def test_an_order_placed_twice_under_one_reference_spends_once(world: World, part: Part) -> None:
    grant(world, 4000)
    for _ in range(2):
        world.place(line(part), use_credit=True, reference="same")
    assert credit(world) == 0
    assert LedgerEntry.objects.filter(kind="CREDIT_USED").count() == 1


def test_what_credit_pays_does_not_count_against_the_limit(world: World) -> None:
    part = world.part(home=200)
    dealer = world.people.dealer
    grant(world, 500_000, to=dealer)
    order = world.place(line(part, 150), by=dealer, payment="ACCOUNT", use_credit=True)  # 1.5 million, limit one
    assert (order.needs_approval, order.state, credit(world, dealer)) == (False, "READY", 0)


def test_credit_spent_on_a_cancelled_order_comes_back_as_credit_and_money_waits_for_the_accountant(
    world: World, part: Part
) -> None:
    grant(world, 4000)
    order = world.place(line(part), line(part), use_credit=True)
    world.pay(order)
    cancel(world, order, 0)
    assert (order.payment_state, credit(world)) == ("REFUND_DUE", won(4000))
    order_refund(actor=world.people.accountant, order_id=order.pk, now=world.now)
    order.refresh_from_db()
    assert (order.payment_state, order_account(order).settled) == ("PAID", won(10000))
    cancel(world, order)
    order_refund(actor=world.people.accountant, order_id=order.pk, as_credit=True, now=world.now)
    assert credit(world) == won(14000)
    assert ledger_disagreements() == []


def test_a_refund_is_never_more_than_what_was_paid_too_much_and_never_twice(world: World, part: Part) -> None:
    order = world.paid(line(part))
    refund = partial(order_refund, actor=world.people.accountant, order_id=order.pk, now=world.now)
    assert refused(refund) == [("WRONG_STATE", "order")]
    cancel(world, order)
    assert refused(partial(refund, amount=won(10001))) == [("INVALID", "amount")]
    assert refused(partial(refund, amount=won(-1))) == [("INVALID", "amount")]
    for _ in range(2):
        refund(reference="bank 3")
    assert refused(refund) == [("WRONG_STATE", "order")]
    assert order_account(order).settled == 0


def test_credit_is_paid_out_once_and_not_beyond_the_balance(world: World) -> None:
    grant(world, 4000)
    assert details(partial(pay_out, world, 4001)) == {"most": "4000", "currency": "KRW"}
    for _ in range(2):
        pay_out(world, 3000, reference="once")
    assert credit(world) == won(1000)
    assert Notice.objects.filter(kind="credit.paid_out").count() == 1


def test_late_proof_takes_spent_credit_below_zero_and_the_next_credit_fills_it(world: World, part: Part) -> None:
    grant(world, 300)
    pay_out(world, 300)
    _, shipment = late_order(world, part)
    order_credit_use(actor=world.people.customer, order_id=world.place(line(part)).pk, now=world.now)
    assert credit(world) == 0
    correct(world, shipment, shipped_at=seoul("11-25 23:59"))
    world.settle()
    assert credit(world) == won(-300)
    grant(world, 500)
    assert credit(world) == won(200)
    assert ledger_disagreements() == []


@pytest.mark.parametrize("amount", ["0", "-5", "0.5", "NaN", "Infinity", "1E+13"])
def test_an_amount_is_above_zero_and_in_whole_coins(world: World, amount: str) -> None:
    assert refused(partial(grant, world, amount)) == [("INVALID", "amount")]


@pytest.mark.parametrize(("world", "amount"), [("KWD", "0.001"), ("EUR", "0.01"), ("JPY", "1")], indirect=["world"])
def test_the_smallest_coin_can_be_granted_and_spent(world: World, amount: str) -> None:
    grant(world, amount)
    order = world.place(line(world.part(home=1, price="10")), use_credit=True)
    assert (credit(world), order_account(order).settled) == (0, Decimal(amount))


def test_goodwill_needs_an_approver_a_reason_and_a_company(world: World) -> None:
    for actor in (world.people.accountant, world.people.manager, world.people.customer):
        assert refused(partial(grant, world, 1, actor=actor)) == [("NOT_ALLOWED", "")]
    assert refused(partial(grant, world, 1, reason=" ")) == [("INVALID", "reason")]
    assert refused(partial(grant, world, 1, currency="won")) == [("INVALID", "currency")]
    for actor in (world.people.approver, world.people.manager, world.people.customer):
        assert refused(partial(pay_out, world, 1, actor=actor)) == [("NOT_ALLOWED", "")]


def test_goodwill_of_one_reference_is_given_once(world: World) -> None:
    one = grant(world, 1000, reference="same")
    assert (grant(world, 1000, reference="same"), credit(world)) == (one, won(1000))
    assert refused(partial(grant, world, 1001, reference="same")) == [("REFERENCE_REUSED", "reference")]


def test_goodwill_names_an_order_of_the_same_buyer(world: World, part: Part) -> None:
    order = world.place(line(part))
    given: dict[str, Any] = {"company_id": world.people.dealer.company_id, "currency": "KRW", "amount": won(1000)}
    act = partial(credit_grant, actor=world.people.approver, reason="late", order_id=order.pk, now=world.now, **given)
    assert refused(act) == [("NOT_FOUND", "order")]
    entry = grant(world, 1000, order_id=order.pk, currency="EUR")
    assert (entry.currency, credit(world)) == ("KRW", won(1000))  # in the order's currency, whatever was said


def test_credit_of_another_currency_pays_nothing_here(world: World, part: Part) -> None:
    grant(world, 4000, currency="EUR")
    order = world.place(line(part), use_credit=True)
    assert (order.payment_state, spendable(order.company_id, "EUR")) == ("UNPAID", won(4000))


def give_back(world: World, order: Order, quantity: int, reason: str, by: Actor) -> None:
    """Pieces of the first line come back."""
    told = [ReturnLine(lines_of(order)[0].pk, quantity)]
    (row,) = return_create(actor=by, order_id=order.pk, lines=told, reason=reason, now=world.now)
    return_receive(actor=world.people.manager, return_id=row.pk, now=world.now)
    order.refresh_from_db()


@pytest.mark.parametrize(("reason", "kept"), [("CHANGE_OF_MIND", 3000), ("UNUSED", 3000), ("WRONG_PART", 0)])
def test_a_dealer_pays_restocking_unless_it_was_our_fault(world: World, part: Part, reason: str, kept: int) -> None:
    dealer = world.people.dealer
    order = world.place(line(part, 3), by=dealer, payment="ACCOUNT")
    world.ship(order)
    give_back(world, order, 2, reason, dealer)
    account = order_account(order)
    assert (account.billed, account.settled) == (won(30000), won(20000 - kept))
    assert ledger_disagreements() == []


def test_what_a_dealer_paid_for_returned_goods_becomes_credit(world: World, part: Part) -> None:
    dealer = world.people.dealer
    order = world.place(line(part, 3), by=dealer, payment="ACCOUNT")
    world.ship(order)
    world.pay(order)
    give_back(world, order, 1, "DAMAGED", dealer)
    assert (order.payment_state, credit(world, dealer)) == ("PAID", won(10000))


def test_a_consumers_money_for_returned_goods_waits_to_be_paid_back_without_a_fee(world: World, part: Part) -> None:
    order = world.paid(line(part, 3))
    world.ship(order)
    give_back(world, order, 3, "CHANGE_OF_MIND", world.people.customer)
    assert (order.payment_state, credit(world), order_account(order).settled) == ("REFUND_DUE", 0, won(60000))
    order_refund(actor=world.people.accountant, order_id=order.pk, now=world.now)
    order.refresh_from_db()
    assert (order.payment_state, order_account(order).settled) == ("PAID", won(30000))


@pytest.mark.parametrize("text", ["x" * 501, "é" * 501])
def test_a_reason_too_long_to_keep_is_refused_and_not_cut(world: World, part: Part, text: str) -> None:
    people, order, now = world.people, world.place(line(part)), world.now
    given: dict[str, Any] = {"currency": "KRW", "amount": won(1), "now": now, "company_id": people.customer.company_id}
    acts = [
        lambda: credit_grant(actor=people.approver, reason=text, **given),
        lambda: credit_pay_out(actor=people.accountant, reason=text, **given),
        lambda: order_cancel(actor=people.customer, order_id=order.pk, line_ids=None, reason=text, now=now),
    ]
    assert [refused(act) for act in acts] == [[("INVALID", "reason")]] * 3
    paying = lambda: order_pay(actor=people.accountant, order_id=order.pk, method="TRANSFER", note=text, now=now)  # noqa: E731
    assert refused(paying) == [("INVALID", "note")]
    order_pay(actor=people.accountant, order_id=order.pk, method="TRANSFER", note=text[:500] + "\x00 ", now=now)
    assert order.payments.get().note == text[:500]
