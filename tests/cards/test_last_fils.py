"""The last of three decimals, which no card takes: let off, taken back, or the buyer's credit; never lost and never owed."""

from __future__ import annotations

from decimal import Decimal

import pytest

from orders.models import BankLine, LedgerEntry
from orders.selectors.ledger import spendable
from orders.selectors.ledger_check import ledger_disagreements
from orders.services.banking import Share, bank_line_assign, statement_read
from orders.services.cancelling import order_cancel
from orders.services.returning import ReturnLine, return_create, return_receive
from orders.services.shipping import shipment_deliver
from orders.services.spending import credit_grant, order_refund
from tests.cards.conftest import Shop
from tests.orders.world import line, lines_of

pytestmark = pytest.mark.parametrize("world", ["KWD"], indirect=True)


def test_the_last_fils_no_card_can_be_charged_is_nobodys_debt(shop: Shop) -> None:
    part = shop.world.part(home=9, price="1.235")
    order = shop.shipped(part, 1)
    card = shop.card(order)
    assert (card.captured, order.payment_state, order.total) == (Decimal("1.230"), "PAID", Decimal("1.235"))
    assert LedgerEntry.objects.filter(key=f"rounding:{order.number}:1").count() == 1
    assert ledger_disagreements() == []


@pytest.mark.parametrize("several", [False, True])
def test_the_last_fils_is_let_off_too_when_a_line_is_cancelled_after_the_charge(shop: Shop, several: bool) -> None:
    shop.stripe.multicapture = several
    parts = [shop.world.part(home=9, price=price) for price in ("1.235", "2.000")]
    order = shop.world.place(*(line(one) for one in parts), payment="CARD")
    shop.stripe.buyer(str(shop.form(order).card.intent_id))
    shop.look(order)
    shop.world.ship(order, (lines_of(order)[0], 1))
    shop.run(order)
    gone = lines_of(order)[1]
    order_cancel(actor=shop.world.people.customer, order_id=order.pk, line_ids=[gone.pk], reason="no", now=shop.world.now)  # fmt: skip
    shop.run(order)
    assert (order.state, order.payment_state) == ("SHIPPED", "PAID")
    assert not shop.stripe.intents(status="requires_capture")
    assert ledger_disagreements() == []


def test_the_last_fils_is_let_off_when_all_is_charged_and_no_sooner(shop: Shop) -> None:
    shop.stripe.multicapture = True
    order = shop.world.place(line(shop.world.part(home=9, price="1.233"), 2), payment="CARD")
    shop.stripe.buyer(str(shop.form(order).card.intent_id))
    shop.look(order)
    let_off = LedgerEntry.objects.filter(key__startswith="rounding:")
    shop.world.ship(order, (lines_of(order)[0], 1))
    shop.run(order)
    assert (shop.card(order).captured, let_off.count()) == (Decimal("1.230"), 0)
    shop.world.ship(order)
    shop.run(order)
    assert (shop.card(order).captured, let_off.count(), order.payment_state) == (Decimal("2.460"), 1, "PAID")
    assert ledger_disagreements() == []


def test_what_came_at_the_bank_goes_back_to_the_last_fils(shop: Shop) -> None:
    people, now = shop.world.people, shop.world.now
    order = shop.world.place(line(shop.world.part(home=9, price="1.235")), payment="CARD")
    data = f"date,amount,currency,text,id\n{now.date()},1.235,KWD,{order.number},n1".encode()
    statement_read(actor=people.accountant, data=data, name="bank.csv", now=now)
    share = Share(order.number, Decimal("1.235"))
    bank_line_assign(actor=people.accountant, line_id=BankLine.objects.get().pk, shares=[share], now=now)
    order_cancel(actor=shop.world.people.customer, order_id=order.pk, line_ids=None, reason="no", now=shop.world.now)
    order.refresh_from_db()
    assert (order.payment_state, spendable(order.company_id, "KWD")) == ("REFUND_DUE", 0)
    order_refund(actor=people.accountant, order_id=order.pk, as_credit=True, now=now)
    assert spendable(order.company_id, "KWD") == Decimal("1.235")
    assert ledger_disagreements() == []


def test_what_credit_leaves_below_the_smallest_charge_is_let_off(shop: Shop) -> None:
    credit_grant(actor=shop.world.people.approver, company_id=shop.world.people.customer.company_id or 0, currency="KWD", amount=Decimal("1.230"), reason="late", now=shop.world.now)  # fmt: skip
    order = shop.world.place(line(shop.world.part(home=9, price="1.235")), payment="CARD", use_credit=True)
    shop.run(order)
    assert (order.payment_state, order.state) == ("PAID", "READY")
    assert ledger_disagreements() == []
    order_cancel(actor=shop.world.people.customer, order_id=order.pk, line_ids=None, reason="no", now=shop.world.now)
    order.refresh_from_db()
    assert (order.payment_state, spendable(order.company_id, "KWD")) == ("NOTHING_TO_PAY", Decimal("1.230"))
    assert ledger_disagreements() == []


@pytest.mark.parametrize(("pieces", "credit"), [(1, "0"), (2, "0.005")])
def test_the_last_fils_that_cannot_go_back_to_the_card_is_not_lost(shop: Shop, pieces: int, credit: str) -> None:
    """Of one piece it was let off and is taken back; of two it was paid, and becomes credit."""
    order = shop.shipped(shop.world.part(home=9, price="1.235"), pieces)
    shipment_deliver(actor=shop.world.people.manager, shipment_id=order.shipments.get().pk, now=shop.world.now)
    back = [ReturnLine(lines_of(order)[0].pk, 1)]
    row = return_create(actor=shop.world.people.customer, order_id=order.pk, lines=back, reason="WRONG_PART", now=shop.world.now)[0]  # fmt: skip
    return_receive(actor=shop.world.people.manager, return_id=row.pk, now=shop.world.now)
    shop.run(order)
    assert (shop.card(order).refunded, order.payment_state) == (Decimal("1.230"), "PAID")
    assert spendable(order.company_id, "KWD") == Decimal(credit)
    assert ledger_disagreements() == []
