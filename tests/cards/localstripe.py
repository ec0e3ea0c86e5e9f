"""A fake Stripe that somebody else keeps, served for tests, and what a buyer's browser does there."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import requests

from orders import stripe
from orders.models import Order
from orders.services.card_paying import card_pay_test
from portal.outbox.services import outbox_run
from tests.orders.world import World

ROOT = Path(__file__).resolve().parents[2]
GOOD, DECLINED, SECURE = "4242424242424242", "4000000000000341", "4000002500003155"
_SERVE = "import sys; from pathlib import Path; from portal.demo_stripe import serve; serve(int(sys.argv[1]), Path(sys.argv[2]))"


@contextmanager
def localstripe(folder: Path) -> Iterator[str]:
    """Its address, until the end of the block."""
    with socket.create_server(("127.0.0.1", 0)) as found:
        port = found.getsockname()[1]
    command = [sys.executable, "-c", _SERVE, str(port), str(folder)]
    process = subprocess.Popen(command, cwd=ROOT, env=os.environ | {"PYTHONPATH": str(ROOT)})
    url = f"http://127.0.0.1:{port}"
    for _ in range(600):
        try:
            requests.get(f"{url}/js.stripe.com/v3/", timeout=5).raise_for_status()
            break
        except requests.RequestException:
            assert process.poll() is None, "localstripe ended"
            time.sleep(0.1)
    try:
        yield url
    finally:
        process.terminate()
        process.wait(20)


@contextmanager
def connected(settings: Any, server: str) -> Iterator[None]:
    """A demo's settings, pointed at it."""
    settings.STRIPE_SECRET_KEY, settings.STRIPE_PUBLISHABLE_KEY = "sk_test_demo", "pk_test_demo"
    settings.STRIPE_TEST_SERVER, settings.STRIPE_WEBHOOK_SECRET = server, "whsec_demo"
    settings.DEMO = True
    stripe.client.cache_clear()
    yield
    stripe.client.cache_clear()


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
