"""docs/payments.md: "When something is away": every row is played against the services."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db.models import Sum

from orders.models import (
    AccountKind,
    CardDispute,
    CardRefund,
    LedgerPosting,
    Order,
    Payment,
)
from orders.selectors.ledger_check import ledger_disagreements
from orders.services.card_refunding import card_refund
from portal.notices.models import Notice
from portal.outbox.models import OutboxMessage
from portal.promises.models import Promise
from tests.cards.conftest import Shop
from tests.cards.stripe_answers import RefusedError
from tests.cards.test_pay_page import visit
from tests.cards.test_webhooks import knock, last_event
from tests.frontend.conftest import browser, text
from tests.orders.ledger_page import table
from tests.orders.world import won

AWAY = table("When something is away")


def _charged(shop: Shop) -> Order:
    order = shop.paid()
    shop.world.ship(order)
    shop.run(order)
    return order


def _accountant(kind: str) -> int:
    return Notice.objects.filter(kind=kind, role="ACCOUNTANT").count()


def _no_answer_while_paying(shop: Shop) -> None:
    order = shop.placed()
    made = shop.form(order).card.intent_id
    shop.stripe.away = True
    assert "Your order stands" in text(visit(shop, order))
    order.refresh_from_db()
    assert order.state == "AWAITING_PAYMENT"
    shop.stripe.away = False
    assert shop.form(order).card.intent_id == made


def _answer_lost(shop: Shop) -> None:
    order = shop.paid()
    shop.world.ship(order)
    shop.stripe.lose = 1
    shop.run(order)
    assert not Payment.objects.exists()
    before = len(shop.stripe.calls)
    shop.world.now += timedelta(minutes=5)
    shop.run(order)
    assert all(one.startswith("GET") for one in shop.stripe.calls[before:])  # looked at, and found
    assert Payment.objects.get().amount == won(40000)


def _down_while_goods_leave(shop: Shop) -> None:
    order = shop.paid()
    shop.stripe.away = True
    shop.world.ship(order)
    shop.run(order)
    assert (order.state, Payment.objects.count()) == ("SHIPPED", 0)
    shop.stripe.away = False
    shop.world.now += timedelta(hours=1)
    shop.run(order)
    assert order.payment_state == "PAID"


def _no_funds(**_: Any) -> Any:
    raise RefusedError(400, code="insufficient_funds", message="the balance does not suffice")


def _refund_refused(shop: Shop) -> None:
    order = _charged(shop)
    card_refund(actor=shop.world.people.accountant, order_id=order.pk, amount=won(4000), reason="x", now=shop.world.now)
    vars(shop.stripe)["_post_refunds"] = _no_funds
    shop.run(order)
    asked = shop.stripe.calls.count("POST /v1/refunds")
    shop.world.now += timedelta(days=1)
    shop.run(order)
    assert (asked, shop.stripe.calls.count("POST /v1/refunds")) == (1, 1)
    assert (CardRefund.objects.get().state, _accountant("card.refund_failed")) == ("FAILED", 1)


def _disputed(shop: Shop) -> None:
    order = _charged(shop)
    told = shop.stripe.dispute(str(shop.card(order).intent_id), 40000)
    _knock(shop, order, "charge.dispute.created")
    assert (CardDispute.objects.get().status, _accountant("card.disputed")) == (told["status"], 1)
    page = text(visit_order(shop, order))
    assert "₩40,000 disputed at the bank" in page


def _given_back_elsewhere(shop: Shop) -> None:
    order = _charged(shop)
    shop.stripe.dashboard_refund(str(shop.card(order).intent_id), 3000)
    _knock(shop, order, "refund.created")
    assert (shop.card(order).refunded, order.payment_state) == (3000, "PAID")
    assert _accountant("card.refunded.elsewhere") == 1


def _refund_undone(shop: Shop) -> None:
    order = _charged(shop)
    card_refund(actor=shop.world.people.accountant, order_id=order.pk, amount=won(4000), reason="x", now=shop.world.now)
    shop.run(order)
    row = CardRefund.objects.get()
    assert (row.state, _in_the_books()) == ("DONE", 36000)
    shop.world.now += timedelta(days=3)
    shop.stripe.refund_fails(str(row.refund_id))
    _knock(shop, order, "refund.failed")
    row.refresh_from_db()
    assert (row.state, _in_the_books(), _accountant("card.refund_failed")) == ("FAILED", 40000, 1)


def _in_the_books() -> Decimal:
    return LedgerPosting.objects.filter(account__kind=AccountKind.CARD).aggregate(sum=Sum("amount"))["sum"] or Decimal(
        0
    )


def _knock(shop: Shop, order: Order, kind: str) -> None:
    assert knock(last_event(shop, kind)) == 200
    shop.run(order)


def visit_order(shop: Shop, order: Order) -> Any:
    """The accountant opens the order's page."""
    return browser(shop.world.people.accountant).get(f"/orders/{order.number}/")


ROWS: dict[str, Callable[[Shop], None]] = {
    "Stripe does not answer while paying": _no_answer_while_paying,
    "an answer is lost after money moved": _answer_lost,
    "Stripe is down while goods leave": _down_while_goods_leave,
    "a refund is refused by the bank": _refund_refused,
    "the charge is disputed at the bank": _disputed,
    "money is given back in Stripe's dashboard": _given_back_elsewhere,
    "the bank undoes a refund days later": _refund_undone,
}


@pytest.mark.parametrize("row", list(ROWS))
def test_what_happens_when_something_is_away_is_what_the_page_says(shop: Shop, row: str) -> None:
    assert list(AWAY) == list(ROWS)
    ROWS[row](shop)
    (said,) = AWAY[row]
    assert ("FAILED" in said) == CardRefund.objects.filter(state="FAILED").exists()
    assert ("the accountant is told" in said) == Notice.objects.filter(kind__startswith="card.", role="ACCOUNTANT").exists()  # fmt: skip
    assert not OutboxMessage.objects.filter(done_at=None, kind__in=["card.settle", "webhook.stripe"]).exists()
    assert not Promise.objects.exclude(state__in=["RUNNING", "KEPT", "OFFERED"]).exists()
    assert ledger_disagreements() == []
