"""Do the books agree? Each check is one question to the database; what it names is wrong."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import CharField, Exists, F, OuterRef, Q, Subquery, Sum, Value
from django.db.models.functions import Cast, Coalesce, Concat

from orders.models import (
    AccountKind,
    EntryKind,
    LedgerAccount,
    LedgerEntry,
    LedgerPosting,
    Order,
    OrderLine,
    OrderState,
    Payment,
)
from orders.rules.money import ZERO


@dataclass(frozen=True)
class Disagreement:
    """One thing that is not as the books say, in their own words."""

    check: str
    name: str
    wanted: Decimal
    found: Decimal


def ledger_disagreements() -> list[Disagreement]:
    """Everything that does not agree; empty when all is well."""
    return [one for check in CHECKS.values() for one in check()]


def _entries() -> list[Disagreement]:
    """Every entry sums to zero."""
    rows = LedgerEntry.objects.annotate(sum=Sum("postings__amount")).exclude(sum=0)
    return [Disagreement("entries", one.key, ZERO, one.sum or ZERO) for one in rows]


def _accounts() -> list[Disagreement]:
    """Every balance is the sum of its postings."""
    rows = LedgerAccount.objects.annotate(sum=Coalesce(Sum("postings__amount"), ZERO)).exclude(sum=F("balance"))
    return [Disagreement("balances", str(one), one.sum, one.balance) for one in rows]


def _payments() -> list[Disagreement]:
    """Every payment stands in the ledger with its amount."""
    own = LedgerPosting.objects.filter(
        entry__key=Concat(Value("payment:"), Cast(OuterRef("pk"), CharField())), amount__gt=0
    )
    rows = Payment.objects.annotate(sum=Coalesce(Subquery(own.values("amount")[:1]), ZERO)).exclude(sum=F("amount"))
    return [Disagreement("payments", f"payment:{one.pk}", one.amount, one.sum) for one in rows]


def _billed() -> list[Disagreement]:
    """An order that has left is billed with its total."""
    gone = Order.objects.filter(state__in=[OrderState.SHIPPED, OrderState.DELIVERED])
    owed = Sum(
        "ledger_entries__postings__amount",
        filter=Q(ledger_entries__kind=EntryKind.BILLED, ledger_entries__postings__account__kind=AccountKind.RECEIVABLE),
    )
    rows = gone.annotate(sum=Coalesce(owed, ZERO)).exclude(sum=F("total"))
    return [Disagreement("billed", one.number, one.total, one.sum) for one in rows]


def _paid() -> list[Disagreement]:
    """An order said to be paid is settled with its total."""
    settled = Sum(
        "ledger_entries__postings__amount",
        filter=~Q(ledger_entries__kind=EntryKind.BILLED)
        & Q(ledger_entries__postings__account__kind=AccountKind.RECEIVABLE),
    )
    rows = Order.objects.filter(payment_state="PAID").annotate(sum=-Coalesce(settled, ZERO))
    rows = rows.exclude(lines__review="PENDING").exclude(sum=F("total"))  # what is not decided is not to be paid yet
    return [Disagreement("paid", one.number, one.total, one.sum) for one in rows]


def _cores() -> list[Disagreement]:
    """When every deposit of an order has ended and all of it has left, none is held."""
    held = Sum("ledger_entries__postings__amount", filter=Q(ledger_entries__postings__account__kind=AccountKind.CORES))
    open_ = OrderLine.objects.filter(
        order=OuterRef("pk"), core_net__gt=0, quantity__gt=F("core_ended") + F("cancelled")
    )
    rows = Order.objects.filter(~Exists(open_)).annotate(sum=-Coalesce(held, ZERO)).exclude(sum=0)
    return [Disagreement("cores", one.number, ZERO, one.sum) for one in rows]


CHECKS: dict[str, Callable[[], list[Disagreement]]] = {
    "entries": _entries,
    "balances": _accounts,
    "payments": _payments,
    "billed": _billed,
    "paid": _paid,
    "cores": _cores,
}
