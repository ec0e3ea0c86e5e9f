"""A company's account: what it owes, may owe and has as credit, and its ledger in words."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from django.db.models import F, Q, QuerySet, Sum

from orders.models import AccountKind, LedgerAccount, LedgerEntry, Order, OrderState, PaymentMethod, PaymentState
from orders.rules.ledger import OpenItem
from orders.rules.money import ZERO
from orders.selectors.ledger import order_accounts, receivables, receivables_of, spendable
from portal.accounts.actor import Actor
from portal.accounts.models import Company, Role

READERS = (Role.ACCOUNTANT, Role.APPROVER, Role.PARTS_MANAGER, Role.SERVICE_DESK)


@dataclass(frozen=True)
class OpenOrder:
    """What an order still owes for goods handed over."""

    order: Order
    items: list[OpenItem]


@dataclass(frozen=True)
class CompanyAccount:
    """One company in one currency. `open_balance` is receivable + commitments: what counts against the limit."""

    company: Company
    currency: str
    credit: Decimal
    receivable: Decimal
    overdue: Decimal
    open_balance: Decimal
    open_orders: list[OpenOrder] = field(default_factory=list)

    @property
    def commitments(self) -> Decimal:
        """Ordered on account and not handed over yet."""
        return max(ZERO, self.open_balance - self.receivable)

    @property
    def available(self) -> Decimal:
        """What may still be ordered on account."""
        return max(ZERO, self.company.credit_limit - self.open_balance)


def company_seen(actor: Actor | None, company_id: int | None = None) -> Company | None:
    """The company whose account the actor may read: its own, or for staff with money or orders to do, the one named."""
    if actor is None:
        return None
    wanted = company_id or actor.company_id or 0
    if actor.is_house and not actor.has(*READERS):
        return None
    if not actor.is_house and wanted != actor.company_id:
        return None
    return Company.objects.filter(pk=wanted).first()


def company_accounts(company: Company, *, today: date) -> list[CompanyAccount]:
    """Its account in every currency it has dealt in, the most used first; `today` is the company's local day."""
    used = LedgerAccount.objects.filter(company=company).values_list("currency", flat=True)
    ordered = Order.objects.filter(company=company).order_by().values_list("currency", flat=True)
    return [company_account(company, currency, today=today) for currency in sorted({*used, *ordered.distinct()})]


def company_account(company: Company, currency: str, *, today: date) -> CompanyAccount:
    """Its account in one currency."""
    owed = receivables(company.pk, currency)
    credit = spendable(company.pk, currency)
    return _account(company, currency, owed, credit, open_balance(company, currency=currency), today)


def _account(
    company: Company,
    currency: str,
    owed: list[tuple[Order, list[OpenItem]]],
    credit: Decimal,
    open_sum: Decimal,
    today: date,
) -> CompanyAccount:
    items = [item for _, mine in owed for item in mine]
    return CompanyAccount(
        company=company,
        currency=currency,
        credit=credit,
        receivable=sum((one.amount for one in items), ZERO),
        overdue=sum((one.amount for one in items if one.due_on < today), ZERO),
        open_balance=open_sum,
        open_orders=[OpenOrder(order, mine) for order, mine in owed],
    )


def open_balance(company: Company, *, currency: str, without: Order | None = None) -> Decimal:
    """What a company owes on account, and will owe: orders taken and not yet settled, shipped or not."""
    orders = _unsettled(Order.objects.filter(company=company, currency=currency))
    if without is not None and without.pk:
        orders = orders.exclude(pk=without.pk)
    totals = dict(orders.values_list("pk", "total"))
    settled = sum((one.settled for one in order_accounts(totals).values()), ZERO)
    return sum(totals.values(), ZERO) - settled


def _open_balances(company_ids: Collection[int]) -> dict[tuple[int, str], Decimal]:
    """The same of many companies, by company and currency."""
    rows = list(_unsettled(Order.objects.filter(company__in=company_ids)).values_list("pk", "company", "currency", "total"))  # fmt: skip
    accounts = order_accounts([pk for pk, *_ in rows])
    found: dict[tuple[int, str], Decimal] = defaultdict(Decimal)
    for pk, company_id, currency, total in rows:
        found[company_id, currency] += total - accounts[pk].settled
    return found


def _unsettled(orders: QuerySet[Order]) -> QuerySet[Order]:
    """Those taken on account and not settled yet; what waits for approval does not count."""
    on_account = orders.filter(payment_method=PaymentMethod.ACCOUNT, needs_approval=False)
    settled = [PaymentState.PAID, PaymentState.NOTHING_TO_PAY]
    return on_account.exclude(payment_state__in=settled).exclude(state=OrderState.CANCELLED)


def ledger_of(company: Company | None) -> QuerySet[LedgerEntry]:
    """What changed a company's debt or credit, newest first, with `owed` and `credit` as the company sees them."""
    if company is None:
        return LedgerEntry.objects.none()
    rows = LedgerEntry.objects.filter(company=company).select_related("order")
    owed = Sum("postings__amount", filter=Q(postings__account__kind=AccountKind.RECEIVABLE))
    credit = Sum(-F("postings__amount"), filter=Q(postings__account__kind=AccountKind.CREDIT))
    seen = rows.annotate(owed=owed, credit=credit).exclude(owed=None, credit=None)
    return seen.order_by("-at", "-pk")


@dataclass(frozen=True)
class AccountPage:
    """All a page shows of one company's account; `ledger` is to be paged."""

    company: Company
    accounts: list[CompanyAccount]
    ledger: QuerySet[LedgerEntry]


def account_page(actor: Actor, company_id: int | None, *, now: datetime) -> AccountPage | None:
    """The account, if the actor may read it."""
    company = company_seen(actor, company_id)
    if company is None:
        return None
    return AccountPage(company, company_accounts(company, today=local_day(company, now)), ledger_of(company))


def accounts_due(actor: Actor, *, now: datetime) -> list[CompanyAccount]:
    """Every buyer who owes or has credit, the most overdue first; nothing for whom it is not. As many queries for all as for one."""
    if not actor.is_house or not actor.has(*READERS):
        return []
    moving = LedgerAccount.objects.filter(kind__in=(AccountKind.RECEIVABLE, AccountKind.CREDIT), company__isnull=False)
    places: dict[tuple[int, str], Company] = {}
    credits_of: dict[tuple[int, str], Decimal] = {}
    for row in moving.exclude(balance=0).select_related("company"):
        if row.company is not None:
            places[row.company.pk, row.currency] = row.company
        if row.company is not None and row.kind == AccountKind.CREDIT:
            credits_of[row.company.pk, row.currency] = -row.balance
    companies = {pk for pk, _ in places}
    owed, ordered = receivables_of(companies), _open_balances(companies)
    found = [
        _account(company, place[1], owed.get(place, []), credits_of.get(place, ZERO), ordered.get(place, ZERO), local_day(company, now))
        for place, company in places.items()
    ]  # fmt: skip
    return sorted(found, key=lambda one: (-one.overdue, -one.receivable, one.company.name, one.currency))


def local_day(company: Company, now: datetime) -> date:
    """The day it is where the company works."""
    return now.astimezone(ZoneInfo(company.zone)).date()
