"""docs/payments.md, "The road of an order by card": every row is played, and the order and its cards stand as the row says."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.conf import settings

from orders.models import Order, Payment
from orders.rules.cards import RENEW_BEFORE
from orders.services.cancelling import order_cancel
from orders.services.returning import ReturnLine, return_create, return_receive
from orders.services.reviewing import line_review
from portal.webhooks.services import REMEMBERED
from tests.cards.conftest import Shop
from tests.orders.ledger_page import PAGE
from tests.orders.world import free, line, lines_of

ROAD = PAGE.split("### The road of an order by card")[1].split("\n\n")[0]
ROWS = {cells[0]: cells[1:] for cells in (re.split(r" *\| *", row)[1:-1] for row in ROAD.splitlines()[3:])}


def test_the_table_has_these_rows() -> None:
    assert list(ROWS) == list(PLAYED)


def _placed(shop: Shop) -> Order:
    order = shop.placed()
    assert not order.cards.exists()
    shop.form(order)
    return order


def _refused(shop: Shop) -> Order:
    order = shop.placed()
    shop.stripe.buyer(str(shop.form(order).card.intent_id), refuse="insufficient_funds")
    shop.look(order)
    assert shop.card(order).decline == "insufficient_funds"
    return order


def _asks(shop: Shop) -> Order:
    order = shop.placed()
    shop.stripe.buyer(str(shop.form(order).card.intent_id), action=True)
    shop.look(order)
    return order


def _leaves(shop: Shop) -> Order:
    shop.stripe.multicapture = True
    order = shop.paid()
    shop.world.ship(order, (lines_of(order)[0], 1))
    shop.run(order)
    assert (order.state, Payment.objects.count(), shop.card(order).captured) == ("PARTLY_SHIPPED", 1, 10000)
    shop.world.ship(order)
    shop.run(order)
    assert (Payment.objects.count(), shop.card(order).captured) == (2, 40000)
    return order


def _cancelled(shop: Shop) -> Order:
    order = shop.paid()
    order_cancel(actor=shop.world.people.customer, order_id=order.pk, line_ids=None, reason="no", now=shop.world.now)
    shop.run(order)
    assert not Payment.objects.exists()
    return order


def _line_cancelled(shop: Shop) -> Order:
    order = shop.world.place(line(shop.part, 2), line(shop.world.part(home=3), 3), payment="CARD")
    shop.stripe.buyer(str(shop.form(order).card.intent_id))
    shop.look(order)
    gone = [lines_of(order)[1].pk]
    order_cancel(actor=shop.world.people.customer, order_id=order.pk, line_ids=gone, reason="no", now=shop.world.now)
    shop.run(order)
    assert (order.state, shop.card(order).state) == ("READY", "AUTHORISED")
    shop.world.ship(order)
    shop.run(order)
    assert (shop.card(order).captured, shop.card(order).authorised) == (20000, 50000)
    return order


def _dearer(shop: Shop) -> Order:
    order = shop.dearer()
    assert [one.cleared_at is None for one in lines_of(order)] == [True, False]
    form = shop.form(order)
    assert (form.amount, order.cards.count()) == (50000, 2)  # the difference alone
    return order


def _cheaper(shop: Shop) -> Order:
    """For goodwill, before money or goods have moved: what is only reserved has not."""
    world = shop.world
    kit = world.part(home=20)
    machine = world.machine(kit, held=4)
    mine = free(kit, machine, world.card(machine))  # no warranty is known: its buyer pays
    order = world.place(mine, line(shop.part, 4), payment="CARD")
    shop.stripe.buyer(str(shop.form(order).card.intent_id))
    shop.look(order)
    line_review(actor=world.people.approver, line_id=lines_of(order)[0].pk, payer="WARRANTY", customer_share=None, note="goodwill", now=world.now)  # fmt: skip
    shop.run(order)
    assert (order.state, shop.card(order).authorised) == ("READY", 50000)
    world.ship(order)
    shop.run(order)
    assert (shop.card(order).captured, order.payment_state) == (40000, "PAID")
    return order


def _too_much(shop: Shop) -> Order:
    order = shop.paid()
    shop.world.ship(order)
    shop.run(order)
    back = [ReturnLine(lines_of(order)[0].pk, 1)]
    people, now = shop.world.people, shop.world.now
    (row,) = return_create(actor=people.customer, order_id=order.pk, lines=back, reason="WRONG_PART", now=now)
    return_receive(actor=people.manager, return_id=row.pk, now=now)
    order.refresh_from_db()
    assert order.payment_state == "REFUND_DUE"
    shop.run(order)
    assert (shop.card(order).refunded, order.payment_state) == (10000, "PAID")
    return order


PLAYED: dict[str, Callable[[Shop], Order]] = {
    "placed with `CARD`": _placed,
    "the bank refuses": _refused,
    "the bank wants 3-D Secure": _asks,
    "the bank reserves the sum": lambda shop: shop.paid(),
    "goods leave": _leaves,
    "cancelled before they left": _cancelled,
    "a line cancelled": _line_cancelled,
    "a review makes it dearer": _dearer,
    "a review makes it cheaper": _cheaper,
    "paid too much": _too_much,
}


@pytest.mark.parametrize("row", list(PLAYED))
def test_a_row_is_as_it_says(shop: Shop, row: str) -> None:
    order = PLAYED[row](shop)
    order.refresh_from_db()
    said, card, money = ROWS[row]
    states = set(re.findall(r"[A-Z_]{4,}", said)) - {
        "REFUND_DUE"
    }  # how its money stands, and that is looked at as it passes
    assert not states or order.state in states
    assert shop.card(order).state in (re.findall(r"[A-Z]{4,}", card) or ["CAPTURED", "OPEN"])
    if money in ("none", "never taken"):
        assert not Payment.objects.exists()


def test_the_figures_of_the_page_are_the_programs() -> None:
    told = " ".join(PAGE.split())
    assert (RENEW_BEFORE, "A day before it lapses it is renewed" in told) == (timedelta(days=1), True)
    assert (REMEMBERED, "Stripe remembers thirty days" in told) == (timedelta(days=30), True)
    assert (settings.STRIPE_WEBHOOK_TOLERANCE, "signature and age (five minutes)" in told) == (300, True)
    every = settings.CELERY_BEAT_SCHEDULE["stripe-ask"]["schedule"]
    assert (every, "missed events every ten minutes" in told) == (600.0, True)
