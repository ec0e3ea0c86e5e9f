"""A card pays an order: reserved when placed, charged as goods leave."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db import connection
from django.test.utils import CaptureQueriesContext

from orders.models import Payment
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


def test_each_step_asks_for_a_policy_and_a_calendar_once_and_for_the_cards_once(shop: Shop) -> None:
    tables = ("promises_policy", "promises_calendar", "orders_cardpayment", "orders_orderhold")
    order, placing = _asked(shop.placed, tables)
    form, opening = _asked(lambda: shop.form(order), tables)
    shop.stripe.buyer(str(form.card.intent_id))
    _, clearing = _asked(lambda: stripe_look(shop.card(order), now=shop.world.now), tables)
    assert (placing, opening) == ([1, 1, 0, 0], [0, 0, 1, 0])
    assert clearing == [1, 1, 2, 1]  # once by this test to find the card, once after the order's lock


def _asked(act: Callable[[], Any], tables: tuple[str, ...]) -> tuple[Any, list[int]]:
    """What came of it, and how often each table was read on its own account."""
    with CaptureQueriesContext(connection) as seen:
        found = act()
    questions = [one["sql"] for one in seen if one["sql"].startswith("SELECT")]
    return found, [sum(f' FROM "{table}"' in sql for sql in questions) for table in tables]
