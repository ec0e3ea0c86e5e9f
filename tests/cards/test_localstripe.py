"""The real library against localstripe, a fake Stripe somebody else keeps: the road of an order by card."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import requests

from catalog.models import Part
from orders import stripe
from orders.models import CardRefund, Payment
from orders.services.cancelling import order_cancel
from orders.services.card_paying import card_open
from orders.services.card_refunding import card_refund
from portal.errors import PortalError
from portal.outbox.services import outbox_run
from tests.cards.localstripe import DECLINED, GOOD, SECURE, connected, localstripe, try_card
from tests.orders.world import World, line, lines_of, won


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Its address; started once."""
    with localstripe(tmp_path_factory.mktemp("stripe")) as url:
        yield url


@pytest.fixture
def shop(world: World, settings: Any, server: str) -> Iterator[World]:
    """A demo's settings, pointed at it."""
    with connected(settings, server):
        yield world


@pytest.fixture
def part(world: World) -> Part:
    return world.part(home=9)


def test_pay_ship_in_parts_and_give_back(shop: World, part: Part, server: str) -> None:
    order = shop.place(line(part, 3), payment="CARD")
    try_card(shop, order, server, GOOD)
    assert (order.state, order.payment_state, order.cards.get().last4) == ("READY", "AUTHORISED", "4242")
    shop.ship(order, (lines_of(order)[0], 1))
    outbox_run(f"card:{order.number}")
    first, second = order.cards.all()
    assert (first.captured, first.state, second.state, second.authorised) == (10000, "CAPTURED", "AUTHORISED", 20000)
    shop.ship(order)
    outbox_run(f"card:{order.number}")
    card_refund(actor=shop.people.accountant, order_id=order.pk, amount=won(5000), reason="goodwill", now=shop.now)
    outbox_run(f"card:{order.number}")
    order.refresh_from_db()
    assert sorted(Payment.objects.values_list("amount", flat=True)) == [10000, 20000]
    assert (CardRefund.objects.get().state, order.payment_state) == ("DONE", "PAID")


def test_refused_then_another_card_then_cancelled_and_released(shop: World, part: Part, server: str) -> None:
    order = shop.place(line(part, 1), payment="CARD")
    try_card(shop, order, server, DECLINED)
    assert (order.state, order.cards.get().decline) == ("AWAITING_PAYMENT", "card_declined")
    form = card_open(actor=shop.people.customer, order_id=order.pk, now=shop.now)
    assert form is not None
    assert form.refused == "card_declined"
    try_card(shop, order, server, GOOD)
    assert order.state == "READY"
    order_cancel(actor=shop.people.customer, order_id=order.pk, line_ids=None, reason="no", now=shop.now)
    outbox_run(f"card:{order.number}")
    assert [card.state for card in order.cards.all()] == ["RELEASED", "RELEASED"]
    assert not Payment.objects.exists()


@pytest.mark.parametrize(("yes", "state"), [("true", "READY"), ("false", "AWAITING_PAYMENT")])
def test_3d_secure_counts_when_the_bank_says_so(shop: World, part: Part, server: str, yes: str, state: str) -> None:
    order = shop.place(line(part, 1), payment="CARD")
    try_card(shop, order, server, SECURE)
    form = card_open(actor=shop.people.customer, order_id=order.pk, now=shop.now)
    assert form is not None
    assert (form.asks, order.state) == (True, "AWAITING_PAYMENT")
    where = f"{server}/v1/payment_intents/{form.card.intent_id}/_authenticate?success={yes}"
    requests.post(where, json={"key": "pk_test_demo", "client_secret": form.secret}, timeout=10).raise_for_status()
    again = card_open(actor=shop.people.customer, order_id=order.pk, now=shop.now)
    order.refresh_from_db()
    assert (order.state, again is None) == (state, state == "READY")


def test_the_tests_own_form_does_not_exist_outside_a_demo(shop: World, part: Part, server: str, settings: Any) -> None:
    settings.DEMO = False
    order = shop.place(line(part, 1), payment="CARD")
    with pytest.raises(PortalError) as caught:
        try_card(shop, order, server, GOOD)
    assert caught.value.code == "NOT_FOUND"
    with pytest.raises(stripe.StripeRefused):
        stripe.card_of_token("tok_x")
