"""Amounts as Stripe writes them: whole smallest units, with its exceptions. Pure."""

from __future__ import annotations

from decimal import ROUND_DOWN, Decimal

from portal.money import exponent, quantise

# What Stripe writes otherwise than ISO 4217: two decimals where there are none any more, none where there are two on paper.
_PLACES = {"ISK": 2, "UGX": 2, "MGA": 0}
# Banks take the last of three decimals only as a zero.
_THREE_DECIMALS_STEP = Decimal("0.010")


def card_amount(amount: Decimal, currency: str) -> Decimal:
    """The most of `amount` a card can be charged: in three-decimal currencies a multiple of 0.010, never more than owed."""
    if exponent(currency) != 3 and _places(currency) >= exponent(currency):
        return quantise(amount, currency)
    step = _THREE_DECIMALS_STEP if exponent(currency) == 3 else Decimal(1)
    return (amount / step).to_integral_value(ROUND_DOWN) * step


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
    return _PLACES.get(currency, exponent(currency))
