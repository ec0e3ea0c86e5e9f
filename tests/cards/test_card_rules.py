"""The rule of cards, and amounts as Stripe writes them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as some

from orders.card_words import decline_message, decline_words
from orders.rules.card_amounts import card_amount, from_minor, to_minor
from orders.rules.cards import Act, Card, Standing, next_step
from portal.money import quantise

NOW = datetime(2026, 11, 23, tzinfo=UTC)


@pytest.mark.parametrize(
    ("amount", "currency", "minor"),
    [
        ("1000", "KRW", 1000),
        ("1000", "JPY", 1000),
        ("12.34", "EUR", 1234),
        ("1.230", "KWD", 1230),
        ("5", "ISK", 500),
        ("5", "UGX", 500),
        ("1000", "XOF", 1000),
        ("1000", "PYG", 1000),
        ("1000", "MGA", 1000),
        ("0.010", "BHD", 10),
    ],
)
def test_amounts_go_to_stripe_and_back_unchanged(amount: str, currency: str, minor: int) -> None:
    assert to_minor(Decimal(amount), currency) == minor
    assert from_minor(minor, currency) == Decimal(amount)


@pytest.mark.parametrize(
    ("amount", "currency"), [("0.5", "KRW"), ("1.235", "KWD"), ("1.001", "EUR"), ("0.5", "XAF"), ("0.5", "MGA")]
)
def test_an_amount_a_card_cannot_be_charged_is_a_mistake_of_ours(amount: str, currency: str) -> None:
    with pytest.raises(ValueError, match="cannot be charged"):
        to_minor(Decimal(amount), currency)


@given(some.decimals(0, 10**6, places=3), some.sampled_from(["KWD", "EUR", "KRW", "JPY", "ISK"]))
def test_what_a_card_is_charged_is_never_more_than_is_owed_and_always_chargeable(
    amount: Decimal, currency: str
) -> None:
    owed = quantise(amount, currency)
    charged = card_amount(owed, currency)
    assert 0 <= owed - charged < Decimal("0.010")
    assert from_minor(to_minor(charged, currency), currency) == charged


def test_of_two_decimals_that_stripe_does_not_take_a_card_is_charged_the_whole_and_never_more() -> None:
    assert card_amount(Decimal("12.99"), "MGA") == 12


def standing(due: int, left: int = 0, cleared: int = 0, settled: int = 0, held: bool = False) -> Standing:
    money = {"due": due, "left": left, "cleared": cleared, "settled": settled}
    return Standing("EUR", held=held, **{name: Decimal(value) for name, value in money.items()})


def card(pk: int, amount: int, state: str = "AUTHORISED", captured: int = 0, days: float = 7, **extra: object) -> Card:
    authorised = Decimal(amount if state in ("AUTHORISED", "CAPTURED") else 0)
    told = {"expires_at": NOW + timedelta(days=days), "authorised_at": NOW - timedelta(days=7 - days)}
    return Card(pk, state, Decimal(amount), authorised, Decimal(captured), saved=True, **(told | extra))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("order", "cards", "act"),
    [
        (standing(100), [], None),  # nothing was tried yet
        (standing(100), [card(1, 100, "OPEN")], None),  # the buyer is at it
        (standing(90), [card(1, 100, "OPEN")], Act.RELEASE),  # a form for another sum
        (standing(0), [card(1, 100, "OPEN")], Act.RELEASE),  # cancelled
        (standing(0), [card(1, 100, "OPEN", told=False)], None),  # nothing of it is at Stripe
        (standing(0), [card(1, 100)], Act.RELEASE),
        (standing(150, cleared=100), [card(1, 100), card(2, 50, "OPEN")], None),  # more became due: the buyer is at the rest
        (standing(150, cleared=100), [card(1, 100), card(2, 150, "OPEN")], Act.RELEASE),
        (standing(100, cleared=100), [card(1, 100)], None),
        (standing(100, left=40, cleared=100), [card(1, 100)], Act.CAPTURE),
        (standing(100, left=40, cleared=100, settled=40), [card(1, 100, captured=40, multicapture=True)], None),
        (standing(100, left=40, cleared=100, settled=40), [card(1, 100, "CAPTURED", captured=40)], Act.RENEW),
        (standing(100, cleared=100), [card(1, 100, days=0.5)], Act.RENEW),
        (standing(100, cleared=100), [card(1, 100, days=0.5), card(2, 100, off_session=True)], Act.RELEASE),
        (standing(100, cleared=100), [card(1, 100, days=0.5), card(2, 100, "OPEN", off_session=True, declined=True)], Act.RELEASE),
        (standing(100, cleared=100), [card(1, 100, days=0.5), card(2, 100, "RELEASED", off_session=True, declined=True)], None),
        (standing(100, cleared=100), [card(1, 100, days=-0.5), card(2, 100, "RELEASED", off_session=True, declined=True)], Act.HOLD),
        (standing(100, cleared=100, held=True), [card(1, 100, days=-0.5), card(2, 100, "RELEASED", off_session=True, declined=True)], None),
        (standing(100, left=100, cleared=100, settled=100), [card(1, 100, "CAPTURED", captured=100)], None),
        (standing(0, cleared=100), [card(1, 100, "CAPTURED")], None),  # no card is to pay it any more
    ],
)  # fmt: skip
def test_the_next_step(order: Standing, cards: list[Card], act: Act | None) -> None:
    step = next_step(order, cards, now=NOW)
    assert (step.act if step else None) == act


def test_a_single_charge_is_final_and_one_of_several_is_not() -> None:
    order = standing(100, left=40, cleared=100)
    for several in (False, True):
        step = next_step(order, [card(1, 100, multicapture=several)], now=NOW)
        assert step is not None
        assert (step.amount, step.final) == (40, not several)


def test_a_reservation_of_a_few_hours_is_not_renewed_for_ever() -> None:
    short = card(2, 100, off_session=True, days=0.3)
    fresh = Card(**{**short.__dict__, "authorised_at": NOW - timedelta(hours=1)})
    assert next_step(standing(100, cleared=100), [fresh], now=NOW) is None


def test_every_refusal_has_words_and_something_to_do() -> None:
    assert "insufficient" not in decline_message("insufficient_funds")
    assert decline_words("a code of next year") == decline_words("do_not_honor")
    assert decline_message("stolen_card") == decline_message("fraudulent")  # a thief learns nothing
    assert decline_message("") == ""
