"""A world in which cards are taken, and the Stripe they are taken at."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pytest

from catalog.models import Part
from orders import stripe
from orders.models import CardPayment, Order
from orders.services.card_paying import CardForm, card_open
from orders.services.reviewing import line_review
from orders.types import LineRequest
from portal import clock
from portal.outbox.services import outbox_run
from portal.webhooks.models import Delivery
from tests import factories as make
from tests.cards.stripe_answers import StripeAnswers
from tests.orders.world import World, free, line, lines_of, world_make

SECRET = "whsec_for_tests"


@dataclass
class Shop:
    """The world, its Stripe, and what a buyer does in a browser."""

    world: World
    stripe: StripeAnswers
    part: Part

    def placed(self, quantity: int = 4, **extra: Any) -> Order:
        """An order to be paid by card; every piece costs 10,000."""
        return self.world.place(line(self.part, quantity), payment="CARD", **extra)

    def form(self, order: Order) -> CardForm:
        """The buyer opens the payment page."""
        found = card_open(actor=self.world.people.customer, order_id=order.pk, now=self.world.now)
        assert found is not None
        return found

    def paid(self, quantity: int = 4, **extra: Any) -> Order:
        """An order whose card is accepted, as the webhook tells."""
        order = self.placed(quantity, **extra)
        self.stripe.buyer(str(self.form(order).card.intent_id))
        self.look(order)
        return order

    def doubtful(self, *others: LineRequest) -> Order:
        """By card: five of what the machine holds four of, free if a person says so, and `others` that wait for nobody."""
        make.make_warranty_term()
        kit = self.world.part(home=20)
        machine = self.world.machine(kit, held=4)
        return self.world.place(free(kit, machine, self.world.card(machine), 5), *others, payment="CARD")

    def decided(self, order: Order) -> None:
        """Its first line is to be paid, a person says."""
        line_review(
            actor=self.world.people.approver, line_id=lines_of(order)[0].pk, payer="PAID", customer_share=None, note="paid",
            now=self.world.now,
        )  # fmt: skip

    def dearer(self) -> Order:
        """A card is accepted for four pieces; then five more are decided to be paid."""
        order = self.doubtful(line(self.part, 4))
        self.stripe.buyer(str(self.form(order).card.intent_id))
        self.look(order)
        self.decided(order)
        return order

    def shipped(self, part: Part, pieces: int) -> Order:
        """So many pieces, accepted and handed over: the card is charged."""
        order = self.world.place(line(part, pieces), payment="CARD")
        self.stripe.buyer(str(self.form(order).card.intent_id))
        self.look(order)
        self.world.ship(order)
        self.run(order)
        return order

    def look(self, order: Order) -> None:
        """The page asks Stripe; whatever is to be done is done."""
        for card in order.cards.exclude(intent_id=None):
            stripe_look(card, now=self.world.now)
        self.run(order)

    def run(self, order: Order) -> None:
        """The worker comes."""
        while outbox_run(f"card:{order.number}") + sum(
            outbox_run(f"stripe:{one}") for one in Delivery.objects.values_list("event_id", flat=True)
        ):
            pass
        order.refresh_from_db()

    def card(self, order: Order) -> CardPayment:
        """The order's last card."""
        found = order.cards.last()
        assert found is not None
        return found


def stripe_look(card: CardPayment, *, now: datetime) -> CardPayment:
    """Ask about one card."""
    from orders.services.card_applying import card_look

    return card_look(card, now=now)


@pytest.fixture
def answers(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[StripeAnswers]:
    """Stripe, at the HTTP layer."""
    settings.STRIPE_SECRET_KEY, settings.STRIPE_PUBLISHABLE_KEY = "sk_test_of_the_tests", "pk_test_of_the_tests"
    settings.STRIPE_WEBHOOK_SECRET = SECRET
    made = StripeAnswers()
    monkeypatch.setattr(stripe, "http_client", lambda: made)
    stripe.client.cache_clear()
    yield made
    stripe.client.cache_clear()


@pytest.fixture
def world(db: None, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> World:
    """Now is the world's own time: a bank's days run from there."""
    made = world_make(getattr(request, "param", "KRW"))
    made.now = datetime.now(UTC)
    monkeypatch.setattr(clock, "now", lambda: made.now)
    return made


@pytest.fixture
def shop(world: World, answers: StripeAnswers) -> Shop:
    """A part with nine pieces on the home shelf, and five far away."""
    answers.now = lambda: world.now.timestamp()  # noqa: PLW0108  the world's now moves
    return Shop(world, answers, world.part(home=9))
