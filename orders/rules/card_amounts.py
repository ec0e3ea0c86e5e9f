"""Amounts as Stripe writes them: whole smallest units, with its exceptions. Pure."""

from __future__ import annotations

from decimal import ROUND_DOWN, Decimal

from portal.money import exponent, quantise

# Has no decimals any more, but is still written with two.
_TWO_ALL_THE_SAME = {"ISK": 2}
# Banks take the last of three decimals only as a zero.
_THREE_DECIMALS_STEP = Decimal("0.010")


def card_amount(amount: Decimal, currency: str) -> Decimal:
    """The most of `amount` a card can be charged: in three-decimal currencies a multiple of 0.010, never more than owed."""
    if exponent(currency) != 3:
        return quantise(amount, currency)
    return (amount / _THREE_DECIMALS_STEP).to_integral_value(ROUND_DOWN) * _THREE_DECIMALS_STEP


def to_minor(amount: Decimal, currency: str) -> int:
    """Smallest units, as the API takes them. Raises ValueError for an amount that has none."""
    minor = amount.scaleb(_places(currency))
    if minor != minor.to_integral_value() or card_amount(amount, currency) != amount:
        raise ValueError(f"{amount} {currency} cannot be charged to a card")
    return int(minor)


def from_minor(minor: int, currency: str) -> Decimal:
    """Major units of what the API told."""
    return quantise(Decimal(minor).scaleb(-_places(currency)), currency)


def _places(currency: str) -> int:
    return _TWO_ALL_THE_SAME.get(currency, exponent(currency))
