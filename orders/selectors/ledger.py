"""What the ledger says: of an order, and of a company."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import connection
from django.db.models import QuerySet, Sum

from orders.models import AccountKind, EntryKind, LedgerAccount, LedgerEntry, LedgerPosting, Order
from orders.rules.ledger import OpenItem, open_items
from orders.rules.money import ZERO

# What raises or lowers the credit an order earned; spending it is another thing.
EARNED = (EntryKind.LATE, EntryKind.LATE_REVERSED, EntryKind.GOODWILL)
MONEY = (EntryKind.PAID, EntryKind.CREDIT_USED)
_USED = (EntryKind.CREDIT_USED, EntryKind.CREDIT_FREED)
_ACCOUNTS = """
SELECT entry.order_id,
       coalesce(sum(own.amount) FILTER (WHERE entry.kind = %(billed)s), 0),
       -coalesce(sum(own.amount) FILTER (WHERE entry.kind <> %(billed)s), 0),
       -coalesce(sum(own.amount) FILTER (WHERE entry.kind = ANY(%(used)s)), 0),
       max(entry.at) FILTER (WHERE entry.kind = ANY(%(money)s))
  FROM orders_ledgerposting own
  JOIN orders_ledgerentry entry ON entry.id = own.entry_id
  JOIN orders_ledgeraccount account ON account.id = own.account_id
 WHERE entry.order_id = ANY(%(orders)s) AND account.kind = %(own)s
 GROUP BY entry.order_id"""


@dataclass(frozen=True)
class Line:
    """An entry as its reader sees it: `amount` is what it changed for them."""

    entry: LedgerEntry
    amount: Decimal

    @property
    def currency(self) -> str:
        """The entry's currency."""
        return self.entry.currency


@dataclass(frozen=True)
class OrderAccount:
    """What the ledger says of one order: what was billed for shipped goods, what settled it, and what of that was credit."""

    billed: Decimal = ZERO
    settled: Decimal = ZERO
    credit_used: Decimal = ZERO
    last_at: datetime | None = None


def credit_of(entries: QuerySet[LedgerEntry]) -> Decimal:
    """Spendable credit these entries gave (above zero) or took."""
    postings = LedgerPosting.objects.filter(entry__in=entries, account__kind=AccountKind.CREDIT)
    return -(postings.aggregate(sum=Sum("amount"))["sum"] or ZERO)


def credit_balances(numbers: Iterable[str]) -> dict[str, Decimal]:
    """Spendable credit each order earned, net of reversals; by order number."""
    wanted = set(numbers)
    rows = LedgerPosting.objects.filter(
        entry__order__number__in=wanted, entry__kind__in=EARNED, account__kind=AccountKind.CREDIT
    )
    found = rows.values_list("entry__order__number").annotate(sum=Sum("amount"))
    return dict.fromkeys(wanted, ZERO) | {number: -amount for number, amount in found}


def credit_lines(order: Order) -> list[Line]:
    """Every entry that changed the company's spendable credit by this order, oldest first."""
    rows = LedgerPosting.objects.filter(entry__order=order, account__kind=AccountKind.CREDIT).select_related("entry")
    return [Line(row.entry, -row.amount) for row in rows.order_by("pk")]


def order_account(order: Order) -> OrderAccount:
    """What was billed and settled so far; one query."""
    return order_accounts([order.pk])[order.pk]


def order_accounts(order_ids: Collection[int]) -> dict[int, OrderAccount]:
    """What was billed and settled of these orders; one query, written out, for every step of every order asks it."""
    told: dict[str, Any] = {
        "orders": list(order_ids),
        "own": AccountKind.RECEIVABLE,
        "billed": EntryKind.BILLED,
        "used": list(_USED),
        "money": list(MONEY),
    }
    with connection.cursor() as cursor:
        cursor.execute(_ACCOUNTS, told)
        found = {pk: OrderAccount(*sums) for pk, *sums in cursor.fetchall()}
    return {pk: found.get(pk, OrderAccount()) for pk in order_ids}


def spendable(company_id: int, currency: str) -> Decimal:
    """The company's spendable credit; below zero when late proof took back what was spent already."""
    found = LedgerAccount.objects.filter(company=company_id, currency=currency, kind=AccountKind.CREDIT).first()
    return -found.balance if found else ZERO


def receivables(company_id: int, currency: str) -> list[tuple[Order, list[OpenItem]]]:
    """Orders of which something billed is still open, with the open items, earliest due first."""
    return receivables_of([company_id])[company_id, currency]


def receivables_of(company_ids: Collection[int]) -> dict[tuple[int, str], list[tuple[Order, list[OpenItem]]]]:
    """The same of many companies, by company and currency; two queries however many there are."""
    own = LedgerPosting.objects.filter(account__company__in=company_ids, account__kind=AccountKind.RECEIVABLE)
    owed: dict[int, list[tuple[date, Decimal]]] = defaultdict(list)
    settled: dict[int, Decimal] = defaultdict(Decimal)
    open_orders = own.values("entry__order").annotate(sum=Sum("amount")).filter(sum__gt=0).values("entry__order")
    rows = own.filter(entry__order__in=open_orders).values_list(
        "entry__order", "entry__kind", "amount", "entry__due_on"
    )
    for order_id, kind, amount, due_on in rows:
        if kind == EntryKind.BILLED and due_on:
            owed[order_id].append((due_on, amount))
        else:
            settled[order_id] -= amount
    found: dict[tuple[int, str], list[tuple[Order, list[OpenItem]]]] = defaultdict(list)
    for pk, order in Order.objects.in_bulk(list(owed)).items():
        if items := open_items(owed[pk], settled=settled[pk]):
            found[order.company_id, order.currency].append((order, items))
    for mine in found.values():
        mine.sort(key=lambda one: (one[1][0].due_on, one[0].pk))
    return found
