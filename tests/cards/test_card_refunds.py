"""Money goes back to the card it came from: never more than was charged, once."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from typing import Any

import pytest

from orders.models import CardRefund, Payment
from orders.selectors.ledger_check import ledger_disagreements
from orders.services.card_refunding import card_refund
from orders.services.card_waking import cards_give_back
from orders.services.returning import ReturnLine, return_create, return_receive
from orders.services.spending import order_refund
from portal.notices.models import Notice
from tests.cards.conftest import Shop
from tests.orders.world import details, lines_of, refused, won


@pytest.fixture
def order(shop: Shop) -> Any:
    """Charged and shipped."""
    made = shop.paid()
    shop.world.ship(made)
    shop.run(made)
    return made


def give(shop: Shop, order: Any, amount: int, **extra: Any) -> CardRefund:
    told: dict[str, Any] = {"actor": shop.world.people.accountant, "reason": "goodwill", "reference": None} | extra
    return card_refund(order_id=order.pk, amount=won(amount), now=shop.world.now, **told)


def test_a_refund_is_written_then_told_then_done(shop: Shop, order: Any) -> None:
    row = give(shop, order, 4000)
    assert row.state == "WANTED"
    shop.run(order)
    row.refresh_from_db()
    assert (row.state, shop.card(order).refunded, order.payment_state) == ("DONE", 4000, "PAID")


def test_the_same_reference_gives_back_once(shop: Shop, order: Any) -> None:
    assert give(shop, order, 4000, reference="r-1").pk == give(shop, order, 4000, reference="r-1").pk
    assert refused(lambda: give(shop, order, 4001, reference="r-1")) == [("REFERENCE_REUSED", "reference")]


def test_never_more_than_was_charged_also_in_two_halves(shop: Shop, order: Any) -> None:
    assert refused(lambda: give(shop, order, 40001)) == [("INVALID", "amount")]
    give(shop, order, 25000)
    assert details(lambda: give(shop, order, 15001))["open"] == "15000.000"
    give(shop, order, 15000)
    shop.run(order)
    assert shop.card(order).refunded == 40000
    assert refused(lambda: give(shop, order, 1)) == [("INVALID", "amount")]


def test_a_refund_whose_answer_is_lost_is_not_made_twice(shop: Shop, order: Any) -> None:
    give(shop, order, 4000)
    shop.stripe.lose = 1
    shop.run(order)
    assert CardRefund.objects.get().state == "WANTED"
    shop.world.now += timedelta(minutes=1)
    shop.run(order)
    assert (CardRefund.objects.get().state, len(shop.stripe.refunds(str(shop.card(order).intent_id)))) == ("DONE", 1)


def test_a_refund_the_bank_refuses_is_told_to_the_accountant_and_not_tried_for_ever(shop: Shop, order: Any) -> None:
    give(shop, order, 4000)
    shop.stripe.dashboard_refund(str(shop.card(order).intent_id), 40000)
    shop.run(order)
    assert sorted(CardRefund.objects.values_list("state", flat=True)) == ["DONE", "FAILED"]


def test_what_the_bank_refused_can_be_given_back_in_another_try(shop: Shop, order: Any) -> None:
    row = give(shop, order, 40000)
    CardRefund.objects.filter(pk=row.pk).update(state="FAILED")
    assert give(shop, order, 40000).amount == 40000


def test_what_was_given_back_on_purpose_is_not_there_to_go_back_as_paid_too_much(shop: Shop, order: Any) -> None:
    give(shop, order, 35000)
    shop.run(order)
    cards_give_back(order, won(10000), now=shop.world.now)
    assert [(row.amount, row.origin) for row in CardRefund.objects.order_by("pk")] == [(35000, "STAFF"), (5000, "OWED")]


def test_a_refund_to_one_card_is_of_that_cards_money_alone(shop: Shop) -> None:
    order = shop.paid()
    shop.world.ship(order, (lines_of(order)[0], 1))
    shop.run(order)
    shop.world.ship(order)  # what one charge gave up was reserved anew: another card's row
    shop.run(order)
    first, second = order.cards.all()
    assert (first.captured, second.captured) == (10000, 30000)
    assert refused(lambda: give(shop, order, 10001, card_id=first.pk)) == [("INVALID", "amount")]
    assert give(shop, order, 10000, card_id=first.pk).card == first


def test_a_reference_repeated_for_another_card_sum_reason_or_order_is_refused_and_gives_nothing_back(
    shop: Shop,
) -> None:
    order = shop.paid()
    shop.world.ship(order, (lines_of(order)[0], 1))
    shop.run(order)
    shop.world.ship(order)
    shop.run(order)
    first, second = order.cards.all()
    other = shop.shipped(shop.world.part(home=3), 2)
    made = give(shop, order, 4000, reference="r-2", card_id=first.pk)
    assert give(shop, order, 4000, reference="r-2", card_id=first.pk) == made
    again = partial(give, shop, order, 4000, reference="r-2")
    for act in (
        partial(again, card_id=second.pk),
        again,  # to whichever card
        partial(give, shop, order, 4001, reference="r-2", card_id=first.pk),
        partial(again, card_id=first.pk, reason="another"),
        partial(give, shop, other, 4000, reference="r-2", card_id=first.pk),
    ):
        assert refused(act) == [("REFERENCE_REUSED", "reference")]
    assert CardRefund.objects.get() == made


def test_what_was_paid_too_much_goes_back_by_itself(shop: Shop, order: Any) -> None:
    cards_give_back(order, won(7000), now=shop.world.now)
    cards_give_back(order, won(7000), now=shop.world.now)  # the same excess, counted again
    row = CardRefund.objects.get()
    assert (row.amount, row.origin) == (7000, "OWED")


def test_what_is_on_its_way_back_to_the_card_is_not_credited_as_well(shop: Shop, order: Any) -> None:
    people, now = shop.world.people, shop.world.now
    (line,) = lines_of(order)
    (back,) = return_create(actor=people.customer, order_id=order.pk, lines=[ReturnLine(line.pk, 1)], reason="WRONG_PART", now=now)  # fmt: skip
    return_receive(actor=people.manager, return_id=back.pk, now=now)
    assert (CardRefund.objects.get().origin, CardRefund.objects.get().state) == ("OWED", "WANTED")
    act = partial(order_refund, actor=people.accountant, order_id=order.pk, as_credit=True, now=now)
    assert refused(act) == [("WRONG_STATE", "order")]
    act = partial(order_refund, actor=people.accountant, order_id=order.pk, now=now)
    assert refused(act) == [("INVALID", "order")]  # nor transferred: a card's money goes back to the card
    shop.run(order)
    assert (shop.card(order).refunded, order.payment_state) == (10000, "PAID")
    assert ledger_disagreements() == []


def test_only_who_keeps_the_books_gives_back(shop: Shop, order: Any) -> None:
    for actor in (shop.world.people.customer, shop.world.people.technician, shop.world.people.desk):
        assert refused(lambda who=actor: give(shop, order, 1000, actor=who)) == [("NOT_ALLOWED", "")]
    assert Payment.objects.count() == 1


@pytest.mark.parametrize("amount", [4000, 40000])
def test_a_refund_that_the_bank_undoes_days_later_is_taken_back_and_told(shop: Shop, order: Any, amount: int) -> None:
    row = give(shop, order, amount)
    shop.run(order)
    row.refresh_from_db()
    shop.world.now += timedelta(days=3)
    shop.stripe.refund_fails(str(row.refund_id))
    shop.look(order)
    row.refresh_from_db()
    assert (row.state, shop.card(order).refunded) == ("FAILED", 0)
    assert Notice.objects.filter(kind="card.refund_failed", role="ACCOUNTANT").count() == 1
    assert ledger_disagreements() == []
