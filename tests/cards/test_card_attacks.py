"""What somebody tries, and what goes wrong, around a payment by card: nothing is paid twice, nobody pays for another."""

from __future__ import annotations

from datetime import timedelta

import pytest

from orders.models import CardMovement, CardPayment, CardState, Payment
from orders.selectors.ledger_check import ledger_disagreements
from orders.services.cancelling import order_cancel
from orders.services.card_applying import card_look
from orders.services.card_paying import card_open, card_returned, order_pay_by_transfer
from orders.services.paying import order_pay
from orders.stripe import intent_capture
from portal.errors import PortalError
from portal.outbox.models import OutboxMessage
from tests.cards.conftest import Shop
from tests.orders.world import details, line, lines_of, promise, refused, won


def test_a_card_pays_only_for_who_owns_the_order(shop: Shop) -> None:
    order, people = shop.placed(), shop.world.people
    for actor, code in ((people.other, "NOT_FOUND"), (people.manager, "NOT_ALLOWED"), (people.dealer, "NOT_FOUND")):
        with pytest.raises(PortalError) as caught:
            card_open(actor=actor, order_id=order.pk, now=shop.world.now)
        assert caught.value.code == code
    assert not CardPayment.objects.exists()
    shop.stripe.buyer(str(shop.form(order).card.intent_id))
    for actor, code in ((people.other, "NOT_FOUND"), (people.manager, "NOT_ALLOWED"), (people.dealer, "NOT_FOUND")):
        with pytest.raises(PortalError) as caught:
            card_returned(actor=actor, order_id=order.pk, now=shop.world.now)
        assert caught.value.code == code
    assert shop.card(order).state == CardState.OPEN  # nobody asked for them


def test_an_intent_of_another_order_never_counts_for_this_one(shop: Shop) -> None:
    cheap, dear = shop.placed(1), shop.placed(1)
    mine, theirs = shop.form(cheap).card, shop.form(dear).card
    shop.stripe.buyer(str(mine.intent_id))
    CardPayment.objects.filter(pk=mine.pk).update(intent_id=None)
    CardPayment.objects.filter(pk=theirs.pk).update(intent_id=mine.intent_id)  # the same intent under another order
    shop.look(dear)
    card = shop.card(dear)
    assert (card.state, card.authorised, dear.payment_state, dear.state) == ("FOREIGN", 0, "UNPAID", "AWAITING_PAYMENT")
    assert dear.events.filter(kind="card.foreign").count() == 1


@pytest.mark.parametrize(
    ("what", "value"),
    [("amount", 100), ("currency", "jpy"), ("portal_order", "1"), ("portal_company", "0"), ("portal_company", "x")],
)
def test_an_intent_changed_at_stripe_never_counts(shop: Shop, what: str, value: object) -> None:
    order = shop.placed()
    intent = str(shop.form(order).card.intent_id)
    thing = shop.stripe.things[intent]
    (thing["metadata"] if what.startswith("portal_") else thing)[what] = value
    shop.stripe.buyer(intent)
    shop.look(order)
    assert (shop.card(order).state, order.payment_state) == ("FOREIGN", "UNPAID")


@pytest.mark.parametrize(
    ("what", "value"), [("amount", 100), ("currency", "jpy"), ("portal_order", "1"), ("portal_company", "0")]
)
def test_an_intent_changed_after_the_card_was_accepted_is_told_to_the_accountant(
    shop: Shop, what: str, value: object
) -> None:  # fmt: skip
    order = shop.paid()
    thing = shop.stripe.things[str(shop.card(order).intent_id)]
    (thing["metadata"] if what.startswith("portal_") else thing)[what] = value
    shop.look(order)
    assert order.events.filter(kind="card.foreign").count() == 1
    assert shop.card(order).state == "FOREIGN"
    assert refused(lambda: shop.world.ship(order)) == [("WRONG_STATE", "order")]  # nothing leaves on it


def test_two_tabs_and_a_double_click_are_one_intent(shop: Shop) -> None:
    order = shop.placed()
    first, second = shop.form(order), shop.form(order)
    assert (first.secret, order.cards.count(), len(shop.stripe.intents())) == (second.secret, 1, 1)


def test_a_paid_order_has_no_form_and_takes_the_money_once_whoever_tells_it_how_often(shop: Shop) -> None:
    order = shop.paid()
    started = promise(order).started_at
    for _ in range(3):
        shop.look(order)
        card_returned(actor=shop.world.people.customer, order_id=order.pk, now=shop.world.now)
    assert card_open(actor=shop.world.people.customer, order_id=order.pk, now=shop.world.now) is None
    assert CardMovement.objects.filter(kind="AUTHORISED").count() == 1
    assert order.events.filter(kind="cleared").count() == 1
    assert promise(order).started_at == started


def test_a_truth_overtaken_by_a_later_one_takes_nothing_back(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    from orders.services import card_applying
    from orders.stripe import intent_get

    order = shop.paid()
    card = shop.card(order)
    old = intent_get(str(card.intent_id))
    shop.world.ship(order)
    shop.run(order)
    card_applying.card_apply(card=card, told=old, now=shop.world.now)
    card.refresh_from_db()
    assert (card.state, card.captured) == ("CAPTURED", 40000)


def test_a_refusal_is_kept_with_the_banks_reason_and_the_next_try_pays(shop: Shop) -> None:
    order = shop.placed()
    intent = str(shop.form(order).card.intent_id)
    shop.stripe.buyer(intent, refuse="insufficient_funds")
    shop.look(order)
    assert (shop.card(order).decline, shop.card(order).state, order.state) == (
        "insufficient_funds",
        "OPEN",
        "AWAITING_PAYMENT",
    )
    assert shop.form(order).card.intent_id == intent
    shop.stripe.buyer(intent)
    shop.look(order)
    assert (shop.card(order).decline, order.state) == ("", "READY")


def test_a_browser_closed_after_3d_secure_changes_nothing_the_webhook_finishes(shop: Shop) -> None:
    order = shop.placed()
    intent = str(shop.form(order).card.intent_id)
    shop.stripe.buyer(intent, action=True)
    shop.look(order)
    assert order.state == "AWAITING_PAYMENT"
    shop.stripe.buyer(intent)
    from portal.webhooks.services import stripe_missed

    assert stripe_missed(now=shop.world.now, real_now=shop.world.now) > 0
    shop.run(order)
    assert order.state == "READY"


def test_stripe_away_leaves_the_order_standing_and_says_so(shop: Shop) -> None:
    order = shop.placed()
    shop.stripe.away = True
    told = details(lambda: card_open(actor=shop.world.people.customer, order_id=order.pk, now=shop.world.now))
    assert told == {}
    assert order.state == "AWAITING_PAYMENT"
    shop.stripe.away = False
    assert shop.form(order).secret


def test_an_answer_lost_while_the_form_is_made_makes_no_second_intent(shop: Shop) -> None:
    order = shop.placed()
    shop.stripe.lose = 1  # the customer's
    with pytest.raises(PortalError):
        shop.form(order)
    other = shop.form(shop.placed(1)).card
    shop.stripe.lose = 1  # the intent's
    with pytest.raises(PortalError):
        shop.form(order)
    shop.form(order)
    mine = [one for one in shop.stripe.intents() if one["id"] != other.intent_id]
    assert (len(mine), len({one["customer"] for one in shop.stripe.intents()})) == (1, 1)


def test_an_intent_that_a_crash_left_without_a_row_holds_up_no_form_for_another_sum(shop: Shop) -> None:
    other = shop.world.part(home=3)
    order = shop.world.place(line(shop.part, 2), line(other, 3), payment="CARD")
    shop.form(shop.placed(1))  # the buyer is known to Stripe
    shop.stripe.lose = 1
    with pytest.raises(PortalError):
        shop.form(order)
    assert (len(shop.stripe.intents()), order.cards.count()) == (2, 0)
    gone = lines_of(order)[1]
    order_cancel(
        actor=shop.world.people.customer, order_id=order.pk, line_ids=[gone.pk], reason="no", now=shop.world.now
    )
    form = shop.form(order)
    assert (form.amount, form.card.attempt) == (won(20000), 1)
    shop.stripe.buyer(str(form.card.intent_id))
    shop.look(order)
    assert order.state == "READY"


def test_a_charge_whose_answer_is_lost_is_not_made_twice(shop: Shop) -> None:
    order = shop.paid()
    shop.world.ship(order)
    shop.stripe.lose = 1
    shop.run(order)
    assert Payment.objects.count() == 0  # nothing is known yet
    shop.world.now += timedelta(minutes=5)
    shop.run(order)
    assert shop.stripe.calls.count(f"POST /v1/payment_intents/{shop.card(order).intent_id}/capture") == 1
    assert (Payment.objects.get().amount, order.payment_state) == (won(40000), "PAID")


def test_stripe_down_for_an_hour_the_charge_waits_and_goes_by_itself(shop: Shop) -> None:
    order = shop.paid()
    shop.stripe.away = True
    shop.world.ship(order)
    shop.run(order)
    assert OutboxMessage.objects.get(key=f"card:{order.number}", done_at=None).attempts == 1
    shop.stripe.away = False
    shop.world.now += timedelta(hours=1)
    shop.run(order)
    assert order.payment_state == "PAID"


def test_a_cancelled_order_releases_the_card_and_nothing_is_charged_after(shop: Shop) -> None:
    order = shop.paid()
    order_cancel(actor=shop.world.people.customer, order_id=order.pk, line_ids=None, reason="no", now=shop.world.now)
    shop.run(order)
    card = shop.card(order)
    assert (card.state, shop.stripe.things[str(card.intent_id)]["status"]) == ("RELEASED", "canceled")
    assert not Payment.objects.exists()
    kinds = list(CardMovement.objects.values_list("kind", "amount"))
    assert kinds == [("AUTHORISED", 40000), ("RELEASED", 40000)]


def test_a_card_accepted_after_the_cancel_is_let_go_at_once(shop: Shop) -> None:
    order = shop.placed()
    intent = str(shop.form(order).card.intent_id)
    shop.stripe.buyer(intent)
    order_cancel(actor=shop.world.people.customer, order_id=order.pk, line_ids=None, reason="no", now=shop.world.now)
    shop.run(order)
    shop.look(order)
    assert (order.state, shop.card(order).state) == ("CANCELLED", "RELEASED")
    assert shop.stripe.things[intent]["status"] == "canceled"


def test_what_is_charged_at_stripe_after_the_cancel_goes_back(shop: Shop) -> None:
    order = shop.paid()
    order_cancel(actor=shop.world.people.customer, order_id=order.pk, line_ids=None, reason="no", now=shop.world.now)
    intent = str(shop.card(order).intent_id)
    intent_capture(intent, amount=won(40000), currency="KRW", final=True, key="somebody's own, in the dashboard")
    shop.run(order)
    card = shop.card(order)
    assert (card.captured, card.refunded, order.state) == (40000, 40000, "CANCELLED")
    assert sum(one["amount"] for one in shop.stripe.refunds(intent)) == 40000
    assert ledger_disagreements() == []


def test_a_form_left_open_by_a_cancelled_order_takes_no_card_any_more(shop: Shop) -> None:
    order = shop.placed()
    intent = str(shop.form(order).card.intent_id)
    order_cancel(actor=shop.world.people.customer, order_id=order.pk, line_ids=None, reason="no", now=shop.world.now)
    shop.run(order)
    assert shop.stripe.things[intent]["status"] == "canceled"
    with pytest.raises(PortalError):
        shop.form(order)


def test_a_cancelled_line_is_not_charged_and_its_share_is_let_go_with_the_last_charge(shop: Shop) -> None:
    other = shop.world.part(home=3)
    order = shop.world.place(line(shop.part, 2), line(other, 3), payment="CARD")
    shop.stripe.buyer(str(shop.form(order).card.intent_id))
    shop.look(order)
    gone = lines_of(order)[1]
    order_cancel(
        actor=shop.world.people.customer, order_id=order.pk, line_ids=[gone.pk], reason="no", now=shop.world.now
    )
    shop.world.ship(order)
    shop.run(order)
    card = shop.card(order)
    assert (card.authorised, card.captured, card.state, order.payment_state) == (50000, 20000, "CAPTURED", "PAID")
    assert CardMovement.objects.filter(kind="RELEASED").get().amount == 30000


def test_staff_cannot_type_that_a_card_paid(shop: Shop) -> None:
    order = shop.placed()
    act = lambda: order_pay(actor=shop.world.people.accountant, order_id=order.pk, method="CARD", now=shop.world.now)  # noqa: E731
    assert refused(act) == [("INVALID", "method")]


def test_transfer_instead_closes_the_form_and_a_card_accepted_meanwhile_is_let_go(shop: Shop) -> None:
    order = shop.placed()
    intent = str(shop.form(order).card.intent_id)
    order_pay_by_transfer(actor=shop.world.people.customer, order_id=order.pk, now=shop.world.now)
    shop.stripe.buyer(intent)
    shop.look(order)
    assert (order.payment_method, order.payment_state, order.state) == ("TRANSFER", "UNPAID", "AWAITING_PAYMENT")
    assert shop.stripe.things[intent]["status"] == "canceled"
    shop.world.pay(order)
    assert order.state == "READY"


def test_a_lapsed_reservation_ships_nothing(shop: Shop) -> None:
    shop.stripe.refuse["pm_good"] = "expired_card"
    order = shop.paid()
    shop.world.now += timedelta(days=8)
    assert refused(lambda: shop.world.ship(order)) == [("WRONG_STATE", "order")]


def test_the_bank_lets_go_early_and_the_order_waits_for_the_buyer(shop: Shop) -> None:
    order = shop.paid()
    shop.stripe.refuse["pm_good"] = "expired_card"
    shop.stripe.lapse(str(shop.card(order).intent_id))
    shop.look(order)
    hold = order.order_holds.get(until=None)
    assert (hold.reason, promise(order).state) == ("PAYMENT_LAPSED", "PAUSED")
    shop.stripe.refuse.clear()
    form = shop.form(order)
    assert form.amount == won(40000)
    shop.stripe.buyer(str(form.card.intent_id))
    shop.look(order)
    assert not order.order_holds.filter(until=None).exists()
    assert promise(order).state == "RUNNING"
    assert order.events.filter(kind="cleared").count() == 1  # its clock started once
    shop.world.ship(order)
    shop.run(order)
    assert (order.payment_state, Payment.objects.get().amount) == ("PAID", won(40000))


def test_looking_at_a_card_that_stripe_does_not_know_changes_nothing(shop: Shop) -> None:
    order = shop.placed()
    card = shop.form(order).card
    del shop.stripe.things[str(card.intent_id)]
    from orders.stripe import StripeRefused

    with pytest.raises(StripeRefused):
        card_look(card, now=shop.world.now)
    card.refresh_from_db()
    assert card.state == CardState.OPEN
