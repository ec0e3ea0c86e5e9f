"""What Stripe tells: signed and fresh or not at all, kept once, applied in any order, asked for when it never came."""

from __future__ import annotations

import json
import time
from datetime import timedelta
from typing import Any

import pytest
import stripe
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from orders.models import CardDispute, CardMovement, CardRefund, Payment
from orders.services.cancelling import order_cancel
from portal.notices.models import Notice
from portal.webhooks.models import Asked, Delivery
from portal.webhooks.services import stripe_missed
from portal.webhooks.tasks import stripe_ask
from tests.cards.conftest import SECRET, Shop


def knock(
    event: dict[str, Any] | str, *, secret: str = SECRET, at: float | None = None, header: str | None = None
) -> int:
    """Stripe's server posts an event; the status it is answered with."""
    body = event if isinstance(event, str) else json.dumps(event)
    stamp = int(time.time() if at is None else at)
    signed = stripe.WebhookSignature.generate_signature_header(body, secret, stamp) if header is None else header
    return (
        Client()
        .post("/webhooks/stripe/", body, content_type="application/json", headers={"Stripe-Signature": signed})
        .status_code
    )


def last_event(shop: Shop, kind: str) -> dict[str, Any]:
    """The newest event of a kind."""
    return next(one for one in shop.stripe.events if one["type"] == kind)


def accepted(shop: Shop) -> Any:
    """An order whose card the bank has accepted, of which we know nothing yet."""
    order = shop.placed()
    shop.stripe.buyer(str(shop.form(order).card.intent_id))
    return order


def test_an_event_is_kept_answered_and_applied_after_the_answer(shop: Shop) -> None:
    order = accepted(shop)
    assert knock(last_event(shop, "payment_intent.amount_capturable_updated")) == 200
    assert Delivery.objects.get().state == "NEW"
    order.refresh_from_db()
    assert order.state == "AWAITING_PAYMENT"
    shop.run(order)
    assert (order.state, Delivery.objects.get().state) == ("READY", "APPLIED")


def test_a_forged_event_is_refused_and_leaves_nothing(shop: Shop) -> None:
    accepted(shop)
    event = last_event(shop, "payment_intent.amount_capturable_updated")
    assert knock(event, secret="whsec_of_a_stranger") == 400
    for header in ("", "t=,v1=", "t=1,v0=x", "nonsense", "t=x,v1=\x00"):
        assert knock(event, header=header) == 400
    assert not Delivery.objects.exists()


def test_a_body_changed_on_the_way_is_refused(shop: Shop) -> None:
    accepted(shop)
    event = last_event(shop, "payment_intent.amount_capturable_updated")
    header = stripe.WebhookSignature.generate_signature_header(json.dumps(event), SECRET)
    assert knock(event | {"type": "payment_intent.canceled"}, header=header) == 400


def test_a_body_larger_than_any_event_is_not_read(shop: Shop) -> None:
    accepted(shop)
    event = last_event(shop, "payment_intent.amount_capturable_updated") | {"padding": "x" * 600_000}
    assert knock(event) == 413
    assert not Delivery.objects.exists()


def test_an_ancient_event_is_refused_though_well_signed(shop: Shop) -> None:
    accepted(shop)
    event = last_event(shop, "payment_intent.amount_capturable_updated")
    assert knock(event, at=time.time() - 301) == 400
    assert knock(event, at=time.time() - 200) == 200


def test_a_replayed_event_is_one_event(shop: Shop) -> None:
    order = accepted(shop)
    event = last_event(shop, "payment_intent.amount_capturable_updated")
    assert [knock(event) for _ in range(3)] == [200] * 3
    shop.run(order)
    with CaptureQueriesContext(connection) as seen:
        assert knock(event) == 200
    assert sum("webhooks_delivery" in one["sql"] for one in seen) == 1
    assert not any("outbox" in one["sql"] for one in seen)
    shop.run(order)
    assert Delivery.objects.count() == 1
    assert CardMovement.objects.filter(kind="AUTHORISED").count() == 1


def test_events_in_the_wrong_order_end_in_the_same_state(shop: Shop) -> None:
    order = shop.placed()
    intent = str(shop.form(order).card.intent_id)
    shop.stripe.buyer(intent, refuse="generic_decline")
    shop.stripe.buyer(intent)
    told = list(shop.stripe.events)  # newest first: accepted, then refused
    for event in told:
        knock(event)
        shop.run(order)
    assert (order.state, shop.card(order).decline) == ("READY", "")


def test_an_event_that_comes_after_the_cancel_releases_the_card(shop: Shop) -> None:
    order = accepted(shop)
    order_cancel(actor=shop.world.people.customer, order_id=order.pk, line_ids=None, reason="no", now=shop.world.now)
    knock(last_event(shop, "payment_intent.amount_capturable_updated"))
    shop.run(order)
    assert (order.state, shop.card(order).state) == ("CANCELLED", "RELEASED")


def test_an_event_before_the_browsers_return_and_one_after_it_start_the_clock_once(shop: Shop) -> None:
    order = accepted(shop)
    event = last_event(shop, "payment_intent.amount_capturable_updated")
    knock(event)
    shop.run(order)
    shop.look(order)  # the browser is back
    knock(event | {"id": "evt_again"})
    shop.run(order)
    assert order.events.filter(kind="cleared").count() == 1


@pytest.mark.parametrize("kind", ["customer.created", "payout.paid", "radar.early_fraud_warning.created"])
def test_a_kind_nobody_waits_for_is_recorded_and_does_nothing(shop: Shop, kind: str) -> None:
    knock(
        {
            "id": "evt_x",
            "object": "event",
            "type": kind,
            "created": int(time.time()),
            "data": {"object": {"id": "x_1", "object": "x"}},
        }
    )
    shop.run(shop.placed())
    assert Delivery.objects.get().state == "IGNORED"


def test_an_event_about_somebody_elses_payment_is_recorded_and_does_nothing(shop: Shop) -> None:
    about = {"id": "pi_unknown", "object": "payment_intent", "metadata": {}}
    knock(
        {
            "id": "evt_y",
            "object": "event",
            "type": "payment_intent.succeeded",
            "created": int(time.time()),
            "data": {"object": about},
        }
    )
    shop.run(shop.placed())
    assert (Delivery.objects.get().state, Payment.objects.count()) == ("IGNORED", 0)


@pytest.mark.parametrize(
    "body",
    ["", "[]", "{", '{"object": "event"}', '{"object": "event", "id": "e", "type": "t", "created": "x", "data": {}}'],
)
def test_what_is_signed_and_cannot_be_read_is_kept_for_staff_who_are_told_once(shop: Shop, body: str) -> None:
    assert [knock(body), knock(body)] == [400, 400]
    assert Delivery.objects.get().state == "MALFORMED"
    assert Notice.objects.filter(kind="webhook.malformed", role="ADMIN").count() == 1


def test_stripe_away_while_an_event_is_applied_the_event_waits(shop: Shop) -> None:
    order = accepted(shop)
    knock(last_event(shop, "payment_intent.amount_capturable_updated"))
    shop.stripe.away = True
    shop.run(order)
    assert (order.state, Delivery.objects.get().state) == ("AWAITING_PAYMENT", "NEW")
    shop.stripe.away = False
    shop.world.now += timedelta(minutes=1)
    shop.run(order)
    assert order.state == "READY"


def test_what_was_told_in_vain_is_asked_for_once(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    order = accepted(shop)
    assert stripe_ask() > 0
    shop.run(order)
    assert order.state == "READY"
    assert Delivery.objects.filter(asked=True, state="APPLIED").exists()
    assert stripe_missed(now=shop.world.now, real_now=shop.world.now) == 0
    assert Asked.objects.count() == 1


@pytest.mark.parametrize(("days", "found"), [(9, True), (31, False)])
def test_who_asks_for_the_first_time_asks_for_all_since_the_first_card_that_stripe_remembers(
    shop: Shop, days: int, found: bool
) -> None:
    order = shop.paid()
    shop.world.ship(order)
    shop.run(order)
    shop.stripe.dashboard_refund(str(shop.card(order).intent_id), 3000)
    shop.world.now += timedelta(days=days)
    stripe_missed(now=shop.world.now, real_now=shop.world.now)
    shop.run(order)
    assert CardRefund.objects.exists() == found


def test_who_takes_cards_for_the_first_time_asks_for_nothing_older(shop: Shop) -> None:
    shop.stripe.tell("payment_intent.succeeded", {"id": "pi_stranger", "object": "payment_intent"})
    shop.world.now += timedelta(days=2)
    assert stripe_missed(now=shop.world.now, real_now=shop.world.now) == 0


def test_without_stripe_nobody_is_asked_and_the_door_is_not_there(shop: Shop, settings: Any) -> None:
    settings.STRIPE_SECRET_KEY = ""
    assert (stripe_ask(), knock({"object": "event"}), shop.stripe.calls) == (0, 404, [])


def test_a_refund_in_stripes_dashboard_comes_back_and_the_accountant_hears_of_it(shop: Shop) -> None:
    order = shop.paid()
    shop.world.ship(order)
    shop.run(order)
    shop.stripe.dashboard_refund(str(shop.card(order).intent_id), 3000)
    for _ in range(2):
        knock(last_event(shop, "refund.created"))
        shop.run(order)
    row = CardRefund.objects.get()
    assert (row.amount, row.origin, row.state, shop.card(order).refunded) == (3000, "DASHBOARD", "DONE", 3000)
    assert (order.payment_state, shop.card(order).captured) == (
        "PAID",
        40000,
    )  # given on purpose: not owed, not taken again
    assert Notice.objects.filter(kind="card.refunded.elsewhere", role="ACCOUNTANT").count() == 1


def test_a_dispute_comes_back_with_its_end_and_moves_money_once(shop: Shop) -> None:
    order = shop.paid()
    shop.world.ship(order)
    shop.run(order)
    dispute = shop.stripe.dispute(str(shop.card(order).intent_id), 40000)
    for _ in range(2):
        knock(last_event(shop, "charge.dispute.created"))
        shop.run(order)
    dispute["status"] = "won"
    knock(shop.stripe.tell("charge.dispute.closed", dispute))
    shop.run(order)
    row = CardDispute.objects.get()
    assert (row.status, row.reason, row.amount) == ("won", "fraudulent", 40000)
    assert list(CardMovement.objects.filter(key__startswith="dp_").values_list("kind", flat=True)) == [
        "DISPUTED",
        "DISPUTE_WON",
    ]
    assert Notice.objects.filter(kind="card.disputed", role="ACCOUNTANT").count() == 2
