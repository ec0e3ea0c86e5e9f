"""The payment page in two tabs at one moment: one attempt, one form; and a stranger who names the order waits for nobody."""

from __future__ import annotations

import threading
from contextlib import nullcontext, suppress
from datetime import datetime
from decimal import Decimal
from functools import partial

import pytest

from orders.models import Order
from orders.selectors.cards import CardAsked
from orders.services import card_paying
from orders.services.card_paying import CardForm, card_open
from orders.services.card_settling import card_lock_name
from portal.locks import key_lock_session
from tests.cards.conftest import answers  # noqa: F401  the fixture
from tests.cards.stripe_answers import StripeAnswers
from tests.orders.world import World, line
from tests.race.conftest import codes, race


def opens(world: World) -> tuple[Order, partial[CardForm | None]]:
    """An order by card of a buyer Stripe knows, and its payment page being opened."""
    page = partial(card_open, actor=world.people.customer, now=world.now)
    known, order = (world.place(line(world.part(home=1)), payment="CARD") for _ in range(2))
    page(order_id=known.pk)
    return order, partial(page, order_id=order.pk)


def test_without_the_lock_the_tabs_stumble_over_each_other(
    world: World, answers: StripeAnswers, monkeypatch: pytest.MonkeyPatch  # noqa: F811
) -> None:  # fmt: skip
    order, page = opens(world)
    gate, counted = threading.Barrier(2), card_paying.card_open_sum

    def together(counting: Order, asked: CardAsked, now: datetime) -> Decimal:
        with suppress(threading.BrokenBarrierError):
            gate.wait(timeout=5)
        return counted(counting, asked, now)

    monkeypatch.setattr(card_paying, "card_open_sum", together)
    monkeypatch.setattr(card_paying, "key_lock_session", lambda *_, **__: nullcontext())
    assert codes(race(page, page)) == ["IntegrityError", "done"]
    assert order.cards.count() == 1  # the database stands behind the lock


def test_with_the_lock_both_show_the_same_form(world: World, answers: StripeAnswers) -> None:  # noqa: F811
    order, page = opens(world)
    first, second = race(page, page)
    assert first.secret == second.secret
    assert (order.cards.count(), len(answers.intents())) == (1, 2)  # and the one of the order before


def test_a_stranger_who_names_the_order_waits_for_nobody(world: World, answers: StripeAnswers) -> None:  # noqa: F811
    order, page = opens(world)
    with key_lock_session(card_lock_name(order.company_id, order.pk)):
        assert codes(race(partial(page.func, actor=world.people.other, order_id=order.pk, now=world.now))) == [
            "NOT_FOUND"
        ]
