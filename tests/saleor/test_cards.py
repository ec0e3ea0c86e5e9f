"""A card's money in Saleor's books: reserved, charged as goods leave, let go, given back, disputed. Saleor's order shows what ours does."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest

from orders import stripe
from orders.models import Order
from orders.selectors.ledger_check import ledger_disagreements
from orders.services.cancelling import order_cancel
from orders.services.card_events import card_event_apply
from orders.services.card_paying import card_open
from orders.services.card_refunding import card_refund
from portal import clock
from tests.cards.localstripe import DECLINED, GOOD, connected, localstripe, try_card
from tests.cards.stripe_answers import StripeAnswers
from tests.orders.world import World, line, lines_of, won
from tests.saleor import dashboard
from tests.saleor.shop import Shop


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The fake Stripe's address."""
    with localstripe(tmp_path_factory.mktemp("stripe")) as url:
        yield url


@pytest.fixture
def till(shop: Shop, world: World, settings: Any, server: str) -> Iterator[Shop]:
    """The shop takes cards."""
    world.now = clock.real_now()  # a bank's days run from there
    with connected(settings, server):
        yield shop


def money(order: Order) -> dict[str, Any]:
    """What Saleor's order shows: charged, reserved, given back, in whole units; and its movements."""
    seen = dashboard.seen(order)
    moved = Counter(
        f"{event['type']} {event['amount']['amount']:.0f}" for one in seen["transactions"] for event in one["events"]
    )
    sums = {name: int(seen[f"total{name.capitalize()}"]["amount"]) for name in ("charged", "authorized", "refunded")}
    return {**sums, "moved": dict(moved), "state": seen["chargeStatus"]}


def test_reserved_charged_by_shipment_and_given_back(till: Shop, world: World, server: str):
    order = world.place(line(till.part(home=9), 3), payment="CARD")
    try_card(world, order, server, GOOD)
    till.settle(order)
    assert (order.payment_state, money(order)) == (
        "AUTHORISED",
        {
            "charged": 0,
            "authorized": 30000,
            "refunded": 0,
            "moved": {"AUTHORIZATION_SUCCESS 30000": 1},
            "state": "NONE",
        },
    )
    world.ship(order, (lines_of(order)[0], 1))
    till.settle(order)
    seen = money(order)
    assert (seen["charged"], seen["authorized"], seen["state"]) == (10000, 20000, "PARTIAL")
    world.ship(order)
    till.settle(order)
    seen = money(order)
    assert (seen["charged"], seen["authorized"], seen["state"]) == (30000, 0, "FULL")
    assert seen["moved"]["CHARGE_SUCCESS 10000"] == seen["moved"]["CHARGE_SUCCESS 20000"] == 1
    card_refund(actor=world.people.accountant, order_id=order.pk, amount=won(5000), reason="goodwill", now=world.now)
    till.settle(order)
    seen = money(order)
    assert (seen["charged"], seen["refunded"], seen["moved"]["REFUND_SUCCESS 5000"]) == (25000, 5000, 1)
    assert (till.look(order), money(order), ledger_disagreements()) == ([], seen, [])


def test_declined_then_another_card_then_cancelled_and_let_go(till: Shop, world: World, server: str):
    order = world.place(line(till.part(home=9), 2), payment="CARD")
    try_card(world, order, server, DECLINED)
    till.settle(order)
    assert money(order)["moved"] == {}
    card_open(actor=world.people.customer, order_id=order.pk, now=world.now)
    try_card(world, order, server, GOOD)
    till.settle(order)
    assert money(order)["authorized"] == 20000
    order_cancel(actor=world.people.customer, order_id=order.pk, line_ids=None, reason="no", now=world.now)
    till.settle(order)
    seen = money(order)
    assert (seen["authorized"], seen["charged"], dashboard.seen(order)["status"]) == (0, 0, "CANCELED")
    assert (seen["moved"], till.look(order)) == ({"AUTHORIZATION_SUCCESS 20000": 1, "CANCEL_SUCCESS 20000": 1}, [])


@pytest.fixture
def answers(shop: Shop, world: World, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[StripeAnswers]:
    """Another fake Stripe, for what that one lacks: several charges on one reservation, and disputes."""
    world.now = clock.real_now()
    settings.STRIPE_SECRET_KEY, settings.STRIPE_PUBLISHABLE_KEY = "sk_test_of_the_tests", "pk_test_of_the_tests"
    settings.STRIPE_WEBHOOK_SECRET = "whsec_for_tests"
    made = StripeAnswers(lambda: world.now.timestamp())  # noqa: PLW0108  the world's now moves
    monkeypatch.setattr(stripe, "http_client", lambda: made)
    stripe.client.cache_clear()
    yield made
    stripe.client.cache_clear()


@pytest.mark.parametrize(("end", "charged"), [("won", 40000), ("lost", 10000)])
def test_disputed_the_bank_takes_the_sum_and_gives_it_back_when_we_win(
    answers: StripeAnswers, shop: Shop, world: World, end: str, charged: int
):
    answers.multicapture = True
    order = world.place(line(shop.part(home=9), 4), payment="CARD")
    form = card_open(actor=world.people.customer, order_id=order.pk, now=world.now)
    assert form is not None
    intent = str(form.card.intent_id)
    answers.buyer(intent)

    def told(dispute_id: str = "") -> None:
        kind = "charge.dispute.created" if dispute_id else "payment_intent.amount_capturable_updated"
        assert card_event_apply(kind=kind, intent_id=intent, dispute_id=dispute_id, now=world.now) == (True, "")
        shop.settle(order)

    told()
    for pieces in (1, 3):
        world.ship(order, (lines_of(order)[0], pieces))
        shop.settle(order)
    assert money(order) == {
        "charged": 40000, "authorized": 0, "refunded": 0, "state": "FULL",
        "moved": {"AUTHORIZATION_SUCCESS 40000": 1, "CHARGE_SUCCESS 10000": 1, "CHARGE_SUCCESS 30000": 1},
    }  # fmt: skip
    dispute = answers.dispute(intent, 30000)
    told(dispute["id"])
    assert (money(order)["charged"], money(order)["moved"]["CHARGE_BACK 30000"]) == (10000, 1)
    assert shop.look(order) == []
    dispute["status"] = end
    told(dispute["id"])
    assert (money(order)["charged"], shop.look(order), ledger_disagreements()) == (charged, [], [])
