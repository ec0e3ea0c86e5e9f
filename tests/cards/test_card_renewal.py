"""Reservations lapse: renewed before, held and told when the card refuses, never shipped unpaid."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from orders.models import Payment
from orders.services.card_settling import cards_ask, cards_sweep
from orders.services.holding import order_hold, order_release
from portal.notices.models import Notice
from portal.outbox.models import OutboxMessage
from tests.cards.conftest import Shop, stripe_look
from tests.orders.world import lines_of, promise, refused


def days(shop: Shop, count: float) -> None:
    shop.world.now += timedelta(days=count)
    cards_sweep()


def test_a_reservation_is_renewed_on_the_same_card_a_day_before_it_lapses(shop: Shop) -> None:
    order = shop.paid()
    days(shop, 5.9)
    shop.run(order)
    assert order.cards.count() == 1
    days(shop, 0.2)
    shop.run(order)
    old, new = order.cards.all()
    assert (old.state, new.state, new.off_session, new.amount) == ("RELEASED", "AUTHORISED", True, 40000)
    assert (order.payment_state, promise(order).state) == ("AUTHORISED", "RUNNING")
    shop.world.ship(order)
    shop.run(order)
    assert (Payment.objects.get().amount, order.payment_state) == (40000, "PAID")
    assert order.events.filter(kind="cleared").count() == 1


def test_when_the_card_refuses_the_renewal_the_order_goes_on_until_the_old_one_lapses_then_it_is_held(
    shop: Shop,
) -> None:
    order = shop.paid()
    shop.stripe.refuse["pm_good"] = "insufficient_funds"
    days(shop, 6.1)
    shop.run(order)
    assert not order.order_holds.exists()  # it can still leave
    days(shop, 1)
    shop.run(order)
    assert order.order_holds.get().reason == "PAYMENT_LAPSED"
    assert Notice.objects.filter(kind="card.lapsed", company_id=order.company_id).count() == 1
    tries = [one for one in shop.stripe.calls if one.endswith("/confirm")]
    assert len(tries) == 1  # one refusal is enough
    assert refused(lambda: shop.world.ship(order)) == [("WRONG_STATE", "order")]


def test_a_renewal_the_bank_asks_the_buyer_about_counts_as_refused(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody is there to confirm it: it is let go, and not asked for again."""
    order = shop.paid()

    def asks(ident: str, **_: object) -> object:
        shop.stripe.buyer(ident, action=True)
        return shop.stripe.things[ident]

    monkeypatch.setattr(shop.stripe, "_post_payment_intents_one_confirm", asks)
    days(shop, 6.1)
    shop.run(order)
    card = shop.card(order)
    assert (card.off_session, card.decline, card.state) == (True, "authentication_required", "RELEASED")
    assert len([one for one in shop.stripe.calls if one.endswith("/confirm")]) == 1


def test_the_hold_of_a_lapsed_card_is_nobodys_to_make_or_lift(shop: Shop) -> None:
    order = shop.paid()
    desk = shop.world.people.desk
    act: dict[str, Any] = {"order_id": order.pk, "now": shop.world.now}
    assert refused(lambda: order_hold(actor=desk, reason="PAYMENT_LAPSED", note="n", **act)) == [("INVALID", "reason")]
    shop.stripe.refuse["pm_good"] = "expired_card"
    shop.stripe.lapse(str(shop.card(order).intent_id))
    shop.look(order)
    assert refused(lambda: order_release(actor=desk, **act)) == [("WRONG_STATE", "order")]


def test_what_one_single_charge_gives_up_is_reserved_anew_for_what_is_still_to_leave(shop: Shop) -> None:
    order = shop.paid()
    shop.world.ship(order, (lines_of(order)[0], 1))
    shop.run(order)
    first, second = order.cards.all()
    assert (first.state, first.captured, second.state, second.amount, second.off_session) == (
        "CAPTURED",
        10000,
        "AUTHORISED",
        30000,
        True,
    )
    shop.world.ship(order)
    shop.run(order)
    assert sorted(Payment.objects.values_list("amount", flat=True)) == [10000, 30000]
    assert (order.payment_state, order.state) == ("PAID", "SHIPPED")


def test_when_that_is_refused_only_what_left_was_charged_and_the_rest_waits_for_the_buyer(shop: Shop) -> None:
    order = shop.paid()
    shop.stripe.refuse["pm_good"] = "authentication_required"
    shop.world.ship(order, (lines_of(order)[0], 1))
    shop.run(order)
    assert (Payment.objects.get().amount, order.order_holds.get().reason) == (10000, "PAYMENT_LAPSED")
    form = shop.form(order)
    assert form.amount == 30000
    shop.stripe.buyer(str(form.card.intent_id))
    shop.look(order)
    assert order.order_holds.get().until is not None
    shop.world.ship(order)
    shop.run(order)
    assert order.payment_state == "PAID"


def test_a_crash_between_the_renewals_row_and_its_intent_makes_one_intent(shop: Shop) -> None:
    order = shop.paid()
    shop.stripe.lose = 1
    days(shop, 6.1)
    shop.run(order)
    assert order.cards.filter(off_session=True, intent_id=None).count() == 1
    shop.world.now += timedelta(minutes=10)
    shop.run(order)
    assert (len(shop.stripe.intents()), order.cards.count(), shop.card(order).state) == (2, 2, "AUTHORISED")


def test_intents_nobody_spoke_of_are_asked_about(shop: Shop) -> None:
    order = shop.placed()
    shop.stripe.buyer(str(shop.form(order).card.intent_id))
    assert cards_ask(now=shop.world.now) == 0
    shop.world.now += timedelta(hours=1)
    assert cards_ask(now=shop.world.now) == 1
    shop.run(order)
    assert order.state == "READY"


def test_a_sweep_with_nothing_to_do_writes_nothing(shop: Shop) -> None:
    order = shop.paid()
    before = OutboxMessage.objects.count()
    assert cards_sweep() == 0
    days(shop, 6.1)
    shop.run(order)
    done = OutboxMessage.objects.count()
    assert (done > before, cards_sweep()) == (True, 0)


def test_a_form_of_which_no_answer_came_stands_in_no_renewals_way(shop: Shop) -> None:
    """Both would be the order's next payment over the same sum; at Stripe they are two requests, not one asked again otherwise."""
    order = shop.paid()
    shop.stripe.lapse(str(shop.card(order).intent_id))
    stripe_look(shop.card(order), now=shop.world.now)
    shop.stripe.lose = 1
    assert refused(lambda: shop.form(order)) == [("PAYMENT_UNAVAILABLE", "order")]
    assert (len(shop.stripe.intents()), order.cards.count()) == (2, 1)
    shop.look(order)
    card = shop.card(order)
    assert (card.attempt, card.off_session, card.amount, card.state) == (2, True, 40000, "AUTHORISED")
    assert not OutboxMessage.objects.filter(kind="card.settle", done_at=None).exists()
