"""docs/payments.md: every row of its tables of sums at the bank and of old units is played against the services."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db.models import Sum

from catalog.models import Part
from orders.models import (
    AccountKind,
    BankLine,
    LedgerEntry,
    LedgerPosting,
    Order,
    Paper,
    Payment,
    Return,
)
from orders.rules.references import payment_reference, shown
from orders.selectors.bank import sums_hinted
from orders.selectors.ledger import order_account, spendable
from orders.selectors.ledger_check import ledger_disagreements
from orders.services.cancelling import order_cancel
from orders.services.cores import cores_sweep
from orders.services.returning import ReturnLine, return_create, return_receive
from orders.services.undoing import shipment_undo
from portal.notices.models import Notice
from tests import factories as make
from tests.cards.conftest import Shop
from tests.orders.ledger_page import table
from tests.orders.test_bank import bring, entry
from tests.orders.world import SEOUL, line, lines_of, promise, won

# --- sums at the bank ------------------------------------------------------------------------------------------------

SUMS = table("Bank statements")


def _came(shop: Shop, words: str, amount: int, *, days: int = 0, currency: str = "KRW") -> None:
    """The bank tells a sum of so many days ago, or of one to come."""
    day = (shop.world.now.astimezone(SEOUL).date() + timedelta(days=days)).isoformat()
    bring(shop.world, entry(words, amount, day=day, currency=currency, payer="Nobody we know"))


def _by_reference(shop: Shop) -> Order:
    order = shop.world.place(line(shop.part))
    shop.world.now += timedelta(days=3)
    _came(shop, shown(payment_reference(order.number)), 10000, days=-1)
    day = shop.world.now.astimezone(SEOUL).date() - timedelta(days=1)
    assert Payment.objects.get().received_at.astimezone(SEOUL).date() == day
    assert promise(order).started_at == Payment.objects.get().received_at
    return order


def _by_number(shop: Shop) -> Order:
    order = shop.world.place(line(shop.part))
    _came(shop, f"order {order.number}, thanks", 10000)
    assert promise(order).state == "RUNNING"
    return order


def _by_invoices(shop: Shop) -> Order:
    order = shop.world.place(line(shop.part, 5), by=shop.world.people.dealer, payment="ACCOUNT")
    for pieces in (1, 2, 2):
        shop.world.ship(order, (lines_of(order)[0], pieces))
    one, two, three = Paper.objects.filter(kind="INVOICE").order_by("pk")
    _came(shop, f"{two.number} {three.number}", 40000)
    assert order_account(order).settled == won(40000)
    _came(shop, one.number, 10000)
    return order


def _named(shop: Shop, amount: int = 10000, days: int = 0, currency: str = "KRW") -> Order:
    order = shop.world.place(line(shop.part))
    _came(shop, order.number, amount, days=days, currency=currency)
    return order


def _cancelled(shop: Shop) -> Order:
    order = shop.world.place(line(shop.part))
    order_cancel(actor=shop.world.people.customer, order_id=order.pk, line_ids=None, reason="no", now=shop.world.now)
    _came(shop, order.number, 10000)
    return order


def _paid(shop: Shop) -> Order:
    order = shop.world.paid(line(shop.part))
    _came(shop, order.number, 10000)
    return order


def _by_card(shop: Shop) -> Order:
    order = shop.placed(1)
    _came(shop, order.number, 10000)
    return order


def _several(shop: Shop) -> Order:
    order, other = (shop.world.place(line(shop.part)) for _ in range(2))
    _came(shop, f"{order.number} {other.number}", 20000)
    return order


def _none(shop: Shop) -> Order:
    order = shop.world.place(line(shop.part, 3))
    _came(shop, "for the starter", 30000)
    return order


BANK: dict[str, Callable[[Shop], Order]] = {
    "names one order by its reference, exactly what is open of it": _by_reference,
    "names it by its number": _by_number,
    "names invoices of one order, exactly what is open of these": _by_invoices,
    "more than is open": lambda shop: _named(shop, 10001),
    "less": lambda shop: _named(shop, 9999),
    "another currency": lambda shop: _named(shop, currency="JPY"),
    "for an order that is cancelled": _cancelled,
    "for one that is paid": _paid,
    "for one by card": _by_card,
    "dated before the order": lambda shop: _named(shop, days=-1),
    "dated after today, the house's and the buyer's": lambda shop: _named(shop, days=2),
    "names several orders": _several,
    "names none": _none,
}


@pytest.mark.parametrize("row", list(BANK))
def test_a_sum_at_the_bank_becomes_what_the_page_says(shop: Shop, row: str) -> None:
    assert list(SUMS) == list(BANK)
    order = BANK[row](shop)
    paid = order_account(order).settled
    becomes, hint = SUMS[row]
    state, why = (*re.findall(r"`([A-Z]+)`", becomes), "")[:2]
    came = BankLine.objects.latest("pk")
    assert (came.state, came.why) == (state, why)
    for told, word in (("after today", "future"), ("by card", "card"), ("before the order", "before")):
        assert told not in row or word in came.get_why_display()
    (seen,) = sums_hinted([came])
    hinted = {one.order.number for one in seen.hints}
    if state == "BOOKED":
        order.refresh_from_db()
        assert order.payment_state == "PAID"
    elif hint == "these orders":
        assert hinted == set(Order.objects.values_list("number", flat=True))
    else:
        assert hinted == {order.number}
        assert came.order == (order if hint == "the order" else None)
        assert paid == (won(10000) if row == "for one that is paid" else 0)
    waiting = (
        LedgerPosting.objects.filter(account__kind=AccountKind.UNASSIGNED).aggregate(sum=Sum("amount"))["sum"] or 0
    )
    assert -waiting == (came.amount if state == "WAITING" else 0)
    assert ledger_disagreements() == []


# --- old units -------------------------------------------------------------------------------------------------------

UNITS = table("Core deposits")
DEPOSIT = Decimal(4950)  # of one starter, with its tax


def _starter(shop: Shop) -> Part:
    make.make_tax_rate("KR", "0.10")
    return shop.world.part(home=20, core_charge=Decimal(4500), core_currency="KRW")


def _left(shop: Shop, payment: str) -> Order:
    """A starter on its way, its old unit expected."""
    world = shop.world
    by = world.people.dealer if payment == "ACCOUNT" else world.people.customer
    order = world.place(line(_starter(shop)), by=by, payment=payment)
    if payment == "TRANSFER":
        world.pay(order)
    elif payment == "CARD":
        shop.stripe.buyer(str(shop.form(order).card.intent_id))
        shop.look(order)
    world.ship(order)
    shop.run(order)
    return order


def _owed(order: Order) -> Decimal:
    account = order_account(order)
    return account.billed - account.settled


def _back(shop: Shop, order: Order, *, good: bool = True) -> None:
    row = Return.objects.get(line__order=order, reason="CORE")
    return_receive(actor=shop.world.people.manager, return_id=row.pk, now=shop.world.now, good=good, condition="cracked")  # fmt: skip
    shop.run(order)


def _good_owed(shop: Shop) -> None:
    order = _left(shop, "ACCOUNT")
    _back(shop, order)
    assert (_owed(order), spendable(order.company_id, "KRW")) == (order.total - DEPOSIT, 0)


def _good_credit(shop: Shop) -> None:
    order = _left(shop, "ACCOUNT")
    shop.world.pay(order)
    _back(shop, order)
    assert spendable(order.company_id, "KRW") == DEPOSIT


def _good_transfer(shop: Shop) -> None:
    order = _left(shop, "TRANSFER")
    _back(shop, order)
    assert (order.payment_state, _owed(order)) == ("REFUND_DUE", -DEPOSIT)


def _good_card(shop: Shop) -> None:
    order = _left(shop, "CARD")
    _back(shop, order)
    assert (shop.card(order).refunded, order.payment_state) == (DEPOSIT, "PAID")


def _cracked(shop: Shop) -> None:
    _back(shop, _left(shop, "TRANSFER"), good=False)
    assert Notice.objects.get(kind="core.kept.refused").data["condition"] == "cracked"


def _late(shop: Shop) -> None:
    order = _left(shop, "TRANSFER")
    shop.world.now += timedelta(days=61)
    _back(shop, order)
    assert Notice.objects.filter(kind="core.kept.late").count() == 1


def _never(shop: Shop) -> None:
    _left(shop, "TRANSFER")
    told = []
    for days in (52, 1, 1, 6, 1):  # day 52, 53, 54, 60 and 61 of 60
        shop.world.now += timedelta(days=days)
        cores_sweep(shop.world.now)
        told.append(list(Notice.objects.filter(kind__startswith="core.").order_by("pk").values_list("kind", flat=True)))
    asked, kept = ["core.reminder"], ["core.reminder", "core.kept.late"]
    assert told == [[], asked, asked, asked, kept]


def _part_back(shop: Shop) -> None:
    order = _left(shop, "ACCOUNT")
    lines = [ReturnLine(lines_of(order)[0].pk, 1)]
    (row,) = return_create(actor=shop.world.people.dealer, order_id=order.pk, lines=lines, reason="CHANGE_OF_MIND", now=shop.world.now)  # fmt: skip
    return_receive(actor=shop.world.people.manager, return_id=row.pk, now=shop.world.now)
    assert _owed(order) == Decimal(1650)  # 15 % of the part with its tax, nothing of the deposit


def _taken_back(shop: Shop) -> None:
    order = _left(shop, "TRANSFER")
    shipment = order.shipments.get()
    shipment_undo(actor=shop.world.people.manager, shipment_id=shipment.pk, reason="not collected", now=shop.world.now)
    assert not Return.objects.filter(state="EXPECTED").exists()
    assert order_account(order).billed == 0


CORES: dict[str, Callable[[Shop], None]] = {
    "comes in time and is good, its order is on account and not paid": _good_owed,
    "the same, on account and paid": _good_credit,
    "the same, paid by transfer": _good_transfer,
    "the same, paid by card": _good_card,
    "comes in time and cannot be rebuilt": _cracked,
    "comes after its last day": _late,
    "does not come": _never,
    "need not come: the new part itself was sent back": _part_back,
    "need not come: its hand-over was taken back": _taken_back,
}


@pytest.mark.parametrize("row", list(CORES))
def test_a_deposit_goes_where_the_page_says(shop: Shop, row: str) -> None:
    assert list(UNITS) == list(CORES)
    CORES[row](shop)
    said, entries = UNITS[row]
    held = LedgerPosting.objects.filter(account__kind=AccountKind.CORES)
    assert held.aggregate(sum=Sum("amount"))["sum"] == 0  # whatever became of it, nothing is held for it any more
    last = set(LedgerEntry.objects.filter(kind__in=["BILLED", "CORE_BACK", "CORE_KEPT", "CREDITED"]).order_by("-pk")[: entries.count("`") // 2].values_list("kind", flat=True))  # fmt: skip
    assert last == set(re.findall(r"`([A-Z_]+)`", entries))
    notes = Paper.objects.filter(kind="CREDIT_NOTE")
    assert notes.exists() == ("CORE_KEPT" not in entries)
    assert "a credit note" not in said or notes.get().total == DEPOSIT
    assert ledger_disagreements() == []
