"""An order by card that nobody pays holds nobody's stock for ever; one that grew is paid by a second card payment."""

from __future__ import annotations

from datetime import timedelta

from orders.models import CardRefund, Order
from orders.services.card_paying import order_pay_by_transfer
from orders.services.card_waking import cards_give_back
from orders.services.expiring import transfers_sweep
from portal.notices.models import Notice
from tests.cards.conftest import Shop
from tests.orders.world import level, lines_of, refused, won


def sweep(shop: Shop, days: int) -> int:
    """So many days pass."""
    shop.world.now += timedelta(days=days)
    return transfers_sweep(shop.world.now)


def kinds(order: Order) -> list[str]:
    """What its buyer was told."""
    return [one.kind for one in Notice.objects.filter(subject=order.number, company=order.company_id).order_by("pk")]


def test_an_order_no_card_was_accepted_for_is_reminded_then_cancelled_and_its_form_is_let_go(shop: Shop) -> None:
    order = shop.placed(4)
    shop.form(order)
    assert [sweep(shop, 1), sweep(shop, 3), sweep(shop, 0)] == [0, 1, 0]
    assert [sweep(shop, 5), sweep(shop, 0)] == [1, 0]
    shop.run(order)
    assert (order.state, level(shop.part, shop.world.home)) == ("CANCELLED", (9, 0))
    assert shop.card(order).state == "RELEASED"
    assert kinds(order) == ["order.placed", "card.reminder", "order.cancelled", "transfer.expired"]


def test_a_card_accepted_on_the_last_day_keeps_the_order(shop: Shop) -> None:
    order = shop.placed(4)
    sweep(shop, 6)
    shop.stripe.buyer(str(shop.form(order).card.intent_id))
    shop.look(order)
    assert (sweep(shop, 5), order.state) == (0, "READY")


def test_a_line_decided_to_paid_after_the_card_was_accepted_is_paid_by_a_second_form_that_stays(shop: Shop) -> None:
    order = shop.dearer()
    shop.run(order)
    form = shop.form(order)
    shop.look(order)  # whoever looks at the order's cards now must leave the form alone
    form.card.refresh_from_db()
    assert (form.card.state, form.amount) == ("OPEN", won(50000))
    shop.stripe.buyer(str(form.card.intent_id))
    shop.look(order)
    assert (order.payment_state, [one.state for one in order.cards.all()]) == ("AUTHORISED", ["AUTHORISED"] * 2)
    assert all(one.cleared_at for one in lines_of(order))


def lapsed(shop: Shop) -> Order:
    """Accepted, let go by the bank, refused when asked again: held."""
    order = shop.paid()
    shop.stripe.refuse["pm_good"] = "expired_card"
    shop.stripe.lapse(str(shop.card(order).intent_id))
    shop.look(order)
    assert order.order_holds.filter(until=None).exists()
    return order


def test_who_had_a_card_accepted_does_not_get_the_goods_by_promising_a_transfer(shop: Shop) -> None:
    order = lapsed(shop)
    customer = shop.world.people.customer
    switch = lambda: order_pay_by_transfer(actor=customer, order_id=order.pk, now=shop.world.now)  # noqa: E731
    assert refused(switch) == [("WRONG_STATE", "order")]
    shop.look(order)
    assert refused(lambda: shop.world.ship(order)) == [("WRONG_STATE", "order")]


def test_a_lapsed_order_paid_at_the_bank_goes_on(shop: Shop) -> None:
    order = lapsed(shop)
    shop.world.pay(order)
    shop.run(order)
    assert not order.order_holds.filter(until=None).exists()
    shop.world.ship(order)
    assert (order.state, order.payment_state) == ("SHIPPED", "PAID")


def test_a_goodwill_refund_that_failed_is_not_taken_from_what_was_paid_too_much(shop: Shop) -> None:
    order = shop.paid()
    shop.world.ship(order)
    shop.run(order)
    card = shop.card(order)
    CardRefund.objects.create(card=card, amount=4000, state="FAILED", origin="STAFF", created_at=shop.world.now)
    cards_give_back(order, won(7000), now=shop.world.now)
    assert CardRefund.objects.get(origin="OWED").amount == 7000


def test_an_order_by_card_that_was_all_in_review_is_paid_by_card_when_it_is_decided_to_paid(shop: Shop) -> None:
    order = shop.doubtful()
    assert (order.state, order.payment_method) == ("AWAITING_REVIEW", "CARD")
    shop.decided(order)
    shop.stripe.buyer(str(shop.form(order).card.intent_id))
    shop.look(order)
    assert (order.state, order.payment_state) == ("READY", "AUTHORISED")


def test_a_lapsed_order_nobody_pays_again_is_asked_after_then_its_goods_are_free(shop: Shop) -> None:
    order = lapsed(shop)
    shop.look(order)
    assert [sweep(shop, 2), sweep(shop, 1), sweep(shop, 0)] == [0, 1, 0]
    assert [sweep(shop, 4), sweep(shop, 1), sweep(shop, 0)] == [0, 1, 0]
    shop.run(order)
    assert (order.state, level(shop.part, shop.world.home)) == ("CANCELLED", (9, 0))
    assert not order.order_holds.filter(until=None).exists()
    assert kinds(order)[-3:] == ["card.reminder", "order.cancelled", "transfer.expired"]


def test_of_a_lapsed_order_what_left_and_was_charged_stays(shop: Shop) -> None:
    order = shop.paid()
    shop.world.ship(order, (lines_of(order)[0], 1))
    shop.run(order)
    shop.stripe.refuse["pm_good"] = "expired_card"
    for card in order.cards.filter(state="AUTHORISED"):
        shop.stripe.lapse(str(card.intent_id))
    shop.look(order)
    if not order.order_holds.filter(until=None).exists():  # one charge only: nothing was reserved anew
        shop.look(order)
    assert order.order_holds.filter(until=None).exists()
    assert sweep(shop, 8) == 1
    shop.run(order)
    assert (order.state, order.payment_state, level(shop.part, shop.world.home)) == ("SHIPPED", "PAID", (8, 0))
    assert not order.order_holds.filter(until=None).exists()
    assert kinds(order)[-1] == "order.released"


def test_a_line_decided_to_paid_after_the_card_was_accepted_and_never_paid_ends_alone(shop: Shop) -> None:
    order = shop.dearer()
    assert [sweep(shop, 3), sweep(shop, 5)] == [1, 1]
    shop.run(order)
    assert [one.cancelled for one in lines_of(order)] == [5, 0]
    assert (order.state, order.payment_state) == ("READY", "AUTHORISED")
