"""A card pays an order: reserved when placed, charged as goods leave."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.db import connection
from django.test.utils import CaptureQueriesContext

from orders.models import Payment
from orders.selectors.cards import CardAsked, card_asked
from orders.services.card_paying import card_returned
from orders.services.paying import order_pay
from tests.cards.conftest import Shop, stripe_look
from tests.orders.world import lines_of, promises, won


def test_an_order_by_card_waits_until_the_bank_has_reserved_the_sum_then_its_clock_runs(shop: Shop) -> None:
    order = shop.placed()
    assert (order.state, order.payment_state, promises(order)) == ("AWAITING_PAYMENT", "UNPAID", {"ship": "OFFERED"})
    form = shop.form(order)
    assert form.amount == won(40000)
    shop.stripe.buyer(str(form.card.intent_id))
    shop.look(order)
    assert (order.state, order.payment_state, promises(order)) == ("READY", "AUTHORISED", {"ship": "RUNNING"})
    card = shop.card(order)
    assert (card.state, card.authorised, card.captured, card.last4) == ("AUTHORISED", won(40000), 0, "4242")
    assert order.paid_at == card.authorised_at
    assert not Payment.objects.exists()  # reserved is not received


def test_what_leaves_is_charged_and_the_rest_stays_reserved_where_the_bank_allows(shop: Shop) -> None:
    shop.stripe.multicapture = True
    order = shop.paid()
    shop.world.ship(order, (lines_of(order)[0], 1))
    shop.run(order)
    card = shop.card(order)
    assert (card.state, card.captured, card.authorised, order.payment_state) == (
        "AUTHORISED",
        10000,
        40000,
        "AUTHORISED",
    )
    shop.world.ship(order)
    shop.run(order)
    card.refresh_from_db()
    assert (card.state, card.captured, order.payment_state) == ("CAPTURED", 40000, "PAID")
    assert [one.amount for one in Payment.objects.order_by("pk")] == [10000, 30000]
    assert order.cards.count() == 1
    assert not order.events.filter(kind="card.released").exists()  # nothing was left to release


def test_each_step_asks_for_a_policy_and_a_calendar_once_and_for_the_cards_once(shop: Shop) -> None:
    tables = ("promises_policy", "promises_calendar", "orders_cardpayment", "orders_orderhold")
    order, placing = _asked(shop.placed, tables)
    form, opening = _asked(lambda: shop.form(order), tables)
    shop.stripe.buyer(str(form.card.intent_id))
    _, clearing = _asked(lambda: stripe_look(shop.card(order), now=shop.world.now), tables)
    assert (placing, opening) == ([1, 1, 0, 0], [0, 0, 1, 0])
    assert clearing == [1, 1, 2, 1]  # once by this test to find the card, once after the order's lock


def test_each_step_of_a_card_says_no_more_to_the_database_than_it_must(shop: Shop) -> None:
    shop.form(shop.placed())  # the buyer is known to Stripe
    order = shop.placed()
    form, opening = _said(lambda: shop.form(order))
    shop.stripe.buyer(str(form.card.intent_id))
    _, clearing = _said(lambda: card_returned(actor=shop.world.people.customer, order_id=order.pk, now=shop.world.now))
    card = shop.card(order)
    _, again = _said(lambda: stripe_look(card, now=shop.world.now))
    assert (opening, clearing, again) == (5, 21, 1)
    assert card.movements.count() == 1


def test_what_a_form_has_to_know_is_what_the_books_say(shop: Shop) -> None:
    order = shop.placed()
    assert card_asked(order) == CardAsked(None, undecided=False, tried=False, booked=False)
    order_pay(
        actor=shop.world.people.accountant, order_id=order.pk, method="TRANSFER", amount=won(7000), now=shop.world.now
    )
    form = shop.form(order)
    assert card_asked(order) == CardAsked(form.card.customer_id, undecided=False, tried=True, booked=True)
    assert form.amount == won(33000)
    order.lines.update(review="PENDING")
    assert card_asked(order).undecided


def test_what_is_known_already_changes_nothing_but_what_time_or_a_lapse_makes_of_it(shop: Shop) -> None:
    order = shop.paid()
    card = shop.card(order)
    shop.world.now += timedelta(hours=1)
    stripe_look(card, now=shop.world.now)
    assert shop.card(order).looked_at == shop.world.now
    shop.stripe.refuse["pm_good"] = "expired_card"
    shop.world.now += timedelta(days=8)  # the bank has not said that it let go, but may at any moment
    stripe_look(card, now=shop.world.now)
    order.refresh_from_db()
    assert order.payment_state == "UNPAID"


def _said(act: Callable[[], Any]) -> tuple[Any, int]:
    """What came of it, and how many statements it took; savepoints are the tests' own."""
    with CaptureQueriesContext(connection) as seen:
        found = act()
    return found, sum(not re.match("SAVEPOINT|RELEASE", one["sql"]) for one in seen)


def _asked(act: Callable[[], Any], tables: tuple[str, ...]) -> tuple[Any, list[int]]:
    """What came of it, and how often each table was read on its own account."""
    with CaptureQueriesContext(connection) as seen:
        found = act()
    questions = [one["sql"] for one in seen if one["sql"].lstrip().startswith("SELECT")]
    return found, [sum(bool(re.search(rf'FROM "?{table}\b', sql)) for sql in questions) for table in tables]
