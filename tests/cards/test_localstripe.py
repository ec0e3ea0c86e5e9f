"""The real library against localstripe, a fake Stripe somebody else keeps: the road of an order by card."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests

from catalog.models import Part
from orders import stripe
from orders.models import CardRefund, Order, Payment
from orders.services.cancelling import order_cancel
from orders.services.card_paying import card_open, card_pay_test
from orders.services.card_refunding import card_refund
from portal.errors import PortalError
from portal.outbox.services import outbox_run
from tests.orders.world import World, line, lines_of, won

ROOT = Path(__file__).resolve().parents[2]
GOOD, DECLINED, SECURE = "4242424242424242", "4000000000000341", "4000002500003155"
_SERVE = "import sys; from pathlib import Path; from portal.demo_stripe import serve; serve(int(sys.argv[1]), Path(sys.argv[2]))"


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Its address; started once."""
    with socket.create_server(("127.0.0.1", 0)) as found:
        port = found.getsockname()[1]
    command = [sys.executable, "-c", _SERVE, str(port), str(tmp_path_factory.mktemp("stripe"))]
    process = subprocess.Popen(command, cwd=ROOT, env=os.environ | {"PYTHONPATH": str(ROOT)})
    url = f"http://127.0.0.1:{port}"
    for _ in range(600):
        try:
            requests.get(f"{url}/js.stripe.com/v3/", timeout=5).raise_for_status()
            break
        except requests.RequestException:
            assert process.poll() is None, "localstripe ended"
            time.sleep(0.1)
    yield url
    process.terminate()
    process.wait(20)


@pytest.fixture
def shop(world: World, settings: Any, server: str) -> Iterator[World]:
    """A demo's settings, pointed at it."""
    settings.STRIPE_SECRET_KEY, settings.STRIPE_PUBLISHABLE_KEY = "sk_test_demo", "pk_test_demo"
    settings.STRIPE_TEST_SERVER, settings.STRIPE_WEBHOOK_SECRET = server, "whsec_demo"
    settings.DEMO = True
    stripe.client.cache_clear()
    yield world
    stripe.client.cache_clear()


@pytest.fixture
def part(world: World) -> Part:
    return world.part(home=9)


def token(server: str, number: str) -> str:
    """What the browser gets for a card, with the public key alone."""
    card = {"card[number]": number, "card[exp_month]": "12", "card[exp_year]": "2034", "card[cvc]": "123"}
    told = requests.post(f"{server}/v1/tokens", data=card | {"key": "pk_test_demo"}, timeout=10)
    return str(told.json()["id"])


def try_card(world: World, order: Order, server: str, number: str) -> None:
    """The buyer's form is sent."""
    card_pay_test(actor=world.people.customer, order_id=order.pk, token=token(server, number), now=world.now)
    outbox_run(f"card:{order.number}")
    order.refresh_from_db()


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
