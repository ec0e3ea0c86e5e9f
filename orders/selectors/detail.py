"""What hangs on many orders at once."""

from __future__ import annotations

from collections.abc import Collection
from decimal import Decimal

from django.db.models import Sum

from orders.models import CreditLedger
from portal.promises.models import Promise
from portal.promises.selectors import promises_of


def credit_balances(numbers: Collection[str]) -> dict[str, Decimal]:
    """{order number: the spendable credit it earned}; orders without any are left out. One query."""
    rows = CreditLedger.objects.filter(order_number__in=list(numbers)).order_by().values_list("order_number")
    return dict(rows.annotate(sum=Sum("amount")))


def order_promises(numbers: Collection[str]) -> dict[str, list[Promise]]:
    """{order number: its promises}."""
    return promises_of("order", numbers)
