"""What an order costs and what is still to pay. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

ZERO = Decimal(0)


def payment_state(*, method: str, total: Decimal, paid: Decimal, held: Decimal = ZERO) -> str:
    """What is known of the money for `total`, the sum that is to be paid now; `held` is reserved on cards and not taken yet."""
    if paid > total:
        return "REFUND_DUE"
    if total == ZERO:
        return "NOTHING_TO_PAY" if paid == ZERO else "PAID"
    if paid == total:
        return "PAID"
    if method == "ACCOUNT":
        return "ON_ACCOUNT"
    if paid + held >= total:
        return "AUTHORISED"
    return "PARTLY_PAID" if paid + held else "UNPAID"


def over_limit(*, limit: Decimal, open_balance: Decimal, amount: Decimal) -> bool:
    """Would this order take the account over its credit limit?"""
    return amount > ZERO and open_balance + amount > limit


def freight_due(goods: Iterable[Decimal], freight: Decimal) -> Decimal:
    """Freight is published; none on a wholly free order (rules.md section 5)."""
    return freight if any(amount > ZERO for amount in goods) else ZERO
