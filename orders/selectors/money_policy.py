"""Which money policy holds where and when."""

from __future__ import annotations

from datetime import date

from orders.models import MoneyPolicy


def money_policy(market: str, on: date) -> MoneyPolicy:
    """The market's own newest row of that day, else everybody's; where nobody wrote one, the values a new row begins with."""
    rows = MoneyPolicy.objects.filter(market__in=("", market), valid_from__lte=on)
    return rows.order_by("-market", "-valid_from").first() or MoneyPolicy(market="", valid_from=on)
