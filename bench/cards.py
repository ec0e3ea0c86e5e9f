"""An order by card against the same order on account: our own time only, Stripe answers at once."""

from __future__ import annotations

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


def run(shop: Shop, url: str, *, rounds: int = 7, times: int = 10) -> list[Row]:
    """Orders a second, until the goods may leave: by card with form, return and clearing; on account at once."""
    for name in ("SECRET_KEY", "PUBLISHABLE_KEY", "WEBHOOK_SECRET"):
        setattr(settings, f"STRIPE_{name}", f"bench_{name}")
    there = StripeAnswers()
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
        there.buyer(str(form.card.intent_id))
        card_returned(actor=people.dealer, order_id=order.pk, now=clock.now())

    def on_account() -> None:
        placed("ACCOUNT")

    _no_limit(people.dealer.company_id)
    for _ in range(5):
        by_card()
        on_account()
    ours, beside = interleaved(lambda: rate(by_card, times), lambda: rate(on_account, times), rounds=rounds)
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
