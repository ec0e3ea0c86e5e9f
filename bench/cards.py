"""An order by card against the same order on account, both until the goods may leave: our own time only.

Ours is everything from the call of a service to its answer, the stripe library and its JSON included. Not ours is what the other
side does: the stand-in for Stripe's server behind the library's socket, and the buyer who types a card. Both are clocked and taken out.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from django.conf import settings

from bench.measure import Row, interleaved, rate, ratios
from bench.world import Shop
from orders import stripe
from orders.services.card_paying import card_open, card_returned
from orders.services.placing import order_place
from portal import clock
from tests.cards.stripe_answers import StripeAnswers
from tests.orders.world import line, request

WANTED = 1 / 1.3


class Theirs(StripeAnswers):
    """Stripe's side, which says how long it took."""

    spent = 0.0

    def request(self, *given: Any, **more: Any) -> tuple[str, int, dict[str, str]]:
        began = time.perf_counter()
        try:
            return super().request(*given, **more)
        finally:
            self.spent += time.perf_counter() - began

    def card_given(self, intent_id: str) -> None:
        """The buyer gives a card in the browser."""
        began = time.perf_counter()
        self.buyer(intent_id)
        self.spent += time.perf_counter() - began

    def own_rate(self, act: Callable[[], object], times: int) -> float:
        """How often a second `act` runs, without what this side took."""
        began, self.spent = time.perf_counter(), 0.0
        for _ in range(times):
            act()
        return times / (time.perf_counter() - began - self.spent)


def run(shop: Shop, url: str, *, rounds: int = 21, times: int = 10) -> list[Row]:
    """Orders a second, until the goods may leave: by card with form, return and clearing; on account at once."""
    for name in ("SECRET_KEY", "PUBLISHABLE_KEY", "WEBHOOK_SECRET"):
        setattr(settings, f"STRIPE_{name}", f"bench_{name}")
    there = Theirs()
    stripe.http_client = lambda: there
    stripe.client.cache_clear()
    people = shop.world.people
    parts = [line(part) for part in shop.parts]

    def placed(payment: str) -> Any:
        return order_place(actor=people.dealer, request=request(*parts, payment=payment), now=clock.now())

    def by_card() -> None:
        order = placed("CARD")
        form = card_open(actor=people.dealer, order_id=order.pk, now=clock.now())
        assert form is not None
        there.card_given(str(form.card.intent_id))
        card_returned(actor=people.dealer, order_id=order.pk, now=clock.now())

    def on_account() -> None:
        placed("ACCOUNT")

    _no_limit(people.dealer.company_id)
    for _ in range(5):
        by_card()
        on_account()
    ours, beside = interleaved(lambda: there.own_rate(by_card, times), lambda: rate(on_account, times), rounds=rounds)
    middle, low, high = ratios(ours, beside)
    return [
        Row(
            "order of 3 lines by card, to cleared",
            f"{sorted(ours)[rounds // 2]:.1f} orders/s",
            f"{sorted(beside)[rounds // 2]:.1f} orders/s on account",
            middle, low, high, "at least 0.769", middle >= WANTED,
            {"ours": ours, "beside": beside},
        )
    ]  # fmt: skip


def _no_limit(company_id: int | None) -> None:
    from portal.accounts.models import Company  # noqa: PLC0415

    Company.objects.filter(pk=company_id).update(credit_limit=10**10)
