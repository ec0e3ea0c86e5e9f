"""A card pays an order: reserved when placed, charged as goods leave."""

from __future__ import annotations

from orders.models import Payment
from tests.cards.conftest import Shop
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
