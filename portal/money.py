"""Money: one quantiser for the whole program (docs/pricing.md)."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

# Exponents that differ from two (ISO 4217). What is spent there may have fewer; sums are kept, charged and written with these.
_NONE = ("BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG", "RWF", "UGX", "UYI", "VND", "VUV", "XAF", "XOF", "XPF")  # fmt: skip
_THREE = ("BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND")
_EXPONENTS = dict.fromkeys(_NONE, 0) | dict.fromkeys(_THREE, 3)


def exponent(currency: str) -> int:
    """How many decimals the currency has."""
    return _EXPONENTS.get(currency, 2)


def quantise(amount: Decimal, currency: str) -> Decimal:
    """Round half up to the currency's smallest unit."""
    return amount.quantize(Decimal(1).scaleb(-exponent(currency)), rounding=ROUND_HALF_UP)


@dataclass(frozen=True)
class Money:
    """An amount in major units of a currency; not rounded by itself."""

    amount: Decimal
    currency: str

    def rounded(self) -> Money:
        """The same amount in payable units."""
        return Money(quantise(self.amount, self.currency), self.currency)


def tidy(amount: Decimal, currency: str) -> Decimal:
    """The amount as people write it: the currency's decimals, more only where the amount has more (0.004285 EUR)."""
    rounded = quantise(amount, currency)
    return rounded if rounded == amount else amount.normalize()


def line_total(
    amount: Decimal, *, per_quantity: int, quantity: int, currency: str, share: Decimal = Decimal(1)
) -> Decimal:
    """Payable total of a line: price `amount` per `per_quantity` pieces, times `quantity`, times the payer's share, rounded once."""
    return quantise(amount * quantity / per_quantity * share, currency)
