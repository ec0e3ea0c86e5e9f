"""Whatever happens around an order by card, in whatever order: money is conserved, and a promise starts once."""

from __future__ import annotations

from collections import Counter
from contextlib import suppress
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.db import transaction
from django.db.models import Sum
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from orders import stripe
from orders.models import CardPayment, CardRefund, CardState, Order, Payment, RefundState
from orders.rules.card_amounts import from_minor
from orders.rules.money import ZERO
from orders.selectors.ledger_check import ledger_disagreements
from orders.services.advancing import paid_so_far, payable_now
from orders.services.cancelling import order_cancel
from orders.services.card_paying import card_open, card_returned
from orders.services.card_refunding import card_refund
from orders.services.card_settling import cards_ask, cards_sweep
from orders.services.card_waking import value_of
from orders.services.returning import ReturnLine, return_create, return_receive
from orders.services.shipping import ShipLine, shipment_create, shipment_deliver
from portal import clock
from portal.errors import PortalError
from portal.outbox.models import OutboxMessage
from portal.outbox.services import outbox_drain
from portal.webhooks.services import stripe_missed
from tests.cards.stripe_answers import StripeAnswers
from tests.orders.world import line, world_make

CARDS = ("pm_good", "pm_poor")
pieces = st.integers(1, 4)


class CardLife(RuleBasedStateMachine):
    """One order of three lines, in a currency of no, two or three decimals; buyer, bank, staff and accidents take turns."""

    def __init__(self) -> None:
        super().__init__()
        self.atom = transaction.atomic()
        self.atom.__enter__()
        self.patch = pytest.MonkeyPatch()
        for name in ("SECRET_KEY", "PUBLISHABLE_KEY", "WEBHOOK_SECRET"):
            self.patch.setattr(django_settings, f"STRIPE_{name}", f"test_{name}")
        self.patch.setattr(clock, "now", lambda: self.world.now)
        self.done: Counter[str] = Counter()

    @initialize(
        currency=st.sampled_from(["KRW", "EUR", "KWD"]),
        several=st.booleans(),
        cents=st.integers(1, 99_999),
        road=st.integers(0, 3),
    )
    def begin(self, currency: str, several: bool, cents: int, road: int) -> None:
        """`road`: how far the order has come already, so that most lives reach what lies behind the first charge."""
        self.world = world_make(currency)
        self.stripe = StripeAnswers(lambda: self.world.now.timestamp())  # noqa: PLW0108  its now moves
        self.stripe.multicapture, self.stripe.refuse = several, {"pm_poor": "insufficient_funds"}
        self.patch.setattr(stripe, "http_client", lambda: self.stripe)
        stripe.client.cache_clear()
        price = str(cents if currency == "KRW" else Decimal(cents).scaleb(-2 if currency == "EUR" else -3))
        parts = [
            self.world.part(home=9, price=price),
            self.world.part(home=9, price="7"),
            self.world.part(home=9, price=price),
        ]
        self.order = self.world.place(*(line(part, 4) for part in parts), payment="CARD")
        if road > 0:
            self.pay("pm_good", secure=False, back=True)
        if road > 1:
            self.ship(0, 4)
            self.work()
        if road > 2:
            self.ship(2, 1)
            self.send_back(0, 1)

    def teardown(self) -> None:
        """Every life begins in the same world."""
        self.patch.undo()
        stripe.client.cache_clear()
        transaction.set_rollback(True)
        self.atom.__exit__(None, None, None)

    def act(self, name: str, service: Any, **given: Any) -> Any:
        """Do it; a refusal is an answer too, an accident is not."""
        try:
            made = service(now=self.world.now, **given)
        except (PortalError, stripe.StripeAway):
            self.done[f"{name} refused"] += 1
            return None
        self.done[name] += 1
        return made

    def lines(self) -> list[Any]:
        return list(self.order.lines.order_by("position"))

    @rule(card=st.sampled_from(CARDS), secure=st.booleans(), back=st.booleans())
    def pay(self, card: str, secure: bool, back: bool) -> None:
        """The buyer opens the page and gives a card; sometimes the browser is closed before it is back."""
        form = self.act("open", card_open, actor=self.world.people.customer, order_id=self.order.pk)
        if form is None:
            return
        intent = str(form.card.intent_id)
        if secure:
            self.stripe.buyer(intent, action=True)
        self.stripe.buyer(intent, refuse=self.stripe.refuse.get(card, ""), card=card)
        if back:
            self.act("back", card_returned, actor=self.world.people.customer, order_id=self.order.pk)

    @rule(place=st.integers(0, 2), count=pieces)
    def ship(self, place: int, count: int) -> None:
        row = self.lines()[place]
        wanted = [ShipLine(row.pk, min(count, row.open_quantity or 1))]
        self.act(
            "ship",
            shipment_create,
            actor=self.world.people.manager,
            order_id=self.order.pk,
            lines=wanted,
            carrier="Post",
        )

    @rule(place=st.integers(0, 2))
    def cancel(self, place: int) -> None:
        given = {"actor": self.world.people.customer, "line_ids": [self.lines()[place].pk], "reason": "no"}
        self.act("cancel", order_cancel, order_id=self.order.pk, **given)

    @precondition(lambda self: self.order.shipments.exists())
    @rule(place=st.integers(0, 2), count=pieces)
    def send_back(self, place: int, count: int) -> None:
        for shipment in self.order.shipments.filter(delivered_at=None):
            self.act("deliver", shipment_deliver, actor=self.world.people.manager, shipment_id=shipment.pk)
        wanted = [ReturnLine(self.lines()[place].pk, count)]
        made = self.act(
            "return",
            return_create,
            actor=self.world.people.customer,
            order_id=self.order.pk,
            lines=wanted,
            reason="WRONG_PART",
        )
        if made:
            self.act("receive", return_receive, actor=self.world.people.manager, return_id=made[0].pk)

    @rule(share=st.integers(1, 4))
    def give_back(self, share: int) -> None:
        """Goodwill by our people, or by somebody in the dashboard."""
        taken = list(self.order.cards.filter(captured__gt=0))
        if not taken:
            return
        if share > 2:
            with suppress(Exception):
                self.stripe.dashboard_refund(str(taken[0].intent_id), 10)
            return
        amount = from_minor(10 * share, self.order.currency)
        self.act(
            "refund",
            card_refund,
            actor=self.world.people.accountant,
            order_id=self.order.pk,
            amount=amount,
            reason="goodwill",
        )

    @rule(days=st.sampled_from([0.01, 1, 3, 6.2]))
    def time_goes(self, days: float) -> None:
        self.world.now += timedelta(days=days)
        for intent in self.stripe.intents(status="requires_capture"):
            if (
                intent["latest_charge"]["payment_method_details"]["card"]["capture_before"]
                <= self.world.now.timestamp()
            ):
                self.stripe.lapse(intent["id"])
        cards_sweep()

    @rule(count=st.integers(1, 3))
    def answers_get_lost(self, count: int) -> None:
        self.stripe.lose += count

    @rule(away=st.booleans())
    def stripe_goes_and_comes(self, away: bool) -> None:
        self.stripe.away = away

    @rule()
    def work(self) -> None:
        """Workers do what is due; what was told in vain is asked for."""
        with suppress(stripe.StripeAway):
            stripe_missed(now=self.world.now, real_now=self.world.now)
        cards_ask(now=self.world.now)
        outbox_drain()

    @rule()
    def rest(self) -> None:
        """Everything is well again, and an hour goes by: then both sides say the same."""
        self.stripe.away, self.stripe.lose = False, 0
        for _ in range(4):
            self.world.now += timedelta(hours=2)
            stripe_missed(now=self.world.now, real_now=self.world.now)
            cards_ask(now=self.world.now)
            cards_sweep()
            outbox_drain()
        assert not OutboxMessage.objects.filter(kind__in=["card.settle", "webhook.stripe"], done_at=None).exists()
        self._both_sides_agree()
        self._nothing_is_charged_that_did_not_leave()

    def _both_sides_agree(self) -> None:
        for card in self.order.cards.exclude(intent_id=None):
            theirs = self.stripe.things[str(card.intent_id)]
            assert from_minor(theirs["amount_received"], self.order.currency) == card.captured
            assert (theirs["status"] == "requires_capture") == (card.state == CardState.AUTHORISED)
            back = [one["amount"] for one in self.stripe.refunds(str(card.intent_id)) if one["metadata"]]
            assert from_minor(sum(back), self.order.currency) == card.refunded

    def _nothing_is_charged_that_did_not_leave(self) -> None:
        self.order.refresh_from_db()
        rows = self.lines()
        assert _sum(Payment.objects.all()) <= value_of(self.order, [(one, one.shipped) for one in rows])
        if self.order.state == "CANCELLED":
            assert not self.stripe.intents(status="requires_capture")
        due, paid = payable_now(self.order, rows), paid_so_far(self.order)
        assert paid - due < Decimal("0.010") or CardRefund.objects.filter(state=RefundState.FAILED).exists()

    @invariant()
    def never_more_than_was_reserved_taken_or_given(self) -> None:
        for card in CardPayment.objects.all():
            assert ZERO <= card.refunded <= card.captured <= card.authorised <= card.amount
            moved = dict(card.movements.values_list("kind").annotate(sum=Sum("amount")))
            assert moved.get("CAPTURED", ZERO) == card.captured
            assert moved.get("REFUNDED", ZERO) - moved.get("REFUND_FAILED", ZERO) == card.refunded
            assert moved.get("AUTHORISED", ZERO) == card.authorised
            assert card.captured == _sum(Payment.objects.filter(card=card))
            open_ = card.authorised - card.captured if card.state == CardState.AUTHORISED else ZERO
            assert card.authorised == card.captured + moved.get("RELEASED", ZERO) + open_

    @invariant()
    def the_books_agree(self) -> None:
        assert ledger_disagreements() == []

    @invariant()
    def a_line_is_cleared_once(self) -> None:
        told = [place for one in self.order.events.filter(kind="cleared") for place in one.data["lines"]]
        assert len(told) == len(set(told))

    @invariant()
    def no_number_of_a_card_is_kept(self) -> None:
        assert all(len(card.last4) <= 4 for card in CardPayment.objects.all())


def _sum(rows: Any) -> Decimal:
    return rows.aggregate(sum=Sum("amount"))["sum"] or ZERO


def _live(examples: int, steps: int) -> None:
    quiet = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much]
    run_state_machine_as_test(
        CardLife,
        settings=settings(max_examples=examples, stateful_step_count=steps, deadline=None, suppress_health_check=quiet, print_blob=True),
    )  # fmt: skip


@pytest.mark.timeout(900)
@pytest.mark.django_db
def test_a_few_lives_of_cards() -> None:
    _live(2, 12)
    assert Order.objects.count() == 0


@pytest.mark.long
@pytest.mark.timeout(24 * 3600)
@pytest.mark.django_db
def test_many_lives_of_cards() -> None:
    _live(300, 50)
