"""GraphQL of a company's account: what it owes, its credit, its ledger; and what orders say of their money."""

from __future__ import annotations

from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import graphene

from orders.models import EntryKind, LedgerEntry, Order
from orders.rules.ledger import OpenItem
from orders.schema_types import OrderTypeNode
from orders.selectors.account import CompanyAccount, OpenOrder, company_accounts, company_seen, ledger_of
from orders.selectors.ledger import OrderAccount, order_accounts
from orders.selectors.transfers import transfer_of, transfer_waits
from portal import clock
from portal.errors import PortalError
from portal.graphql import Batch, MoneyType, Node, batch, connection_of, extend, page, reader, row_id
from portal.graphql_types import CompanyType, enum_of
from portal.money import Money

EntryKindEnum = enum_of("LedgerEntryKind", EntryKind)


def _money(amount: Decimal | None, currency: str) -> Money:
    return Money(amount or Decimal(0), currency).rounded()


class LedgerEntryType(Node):
    """One movement of money, as the company sees it: what it changed of its debt (`owed`) and of its credit."""

    at = graphene.DateTime(required=True)
    kind = graphene.Field(EntryKindEnum, required=True)
    words = graphene.String(required=True)
    order_number = graphene.String()
    reason = graphene.String()
    owed = graphene.Field(MoneyType, required=True)
    credit = graphene.Field(MoneyType, required=True)
    due_on = graphene.Date()

    class Meta:
        name = "LedgerEntry"

    @staticmethod
    def resolve_words(root: LedgerEntry, info: graphene.ResolveInfo) -> str:
        return str(EntryKind(root.kind).label)

    @staticmethod
    def resolve_order_number(root: LedgerEntry, info: graphene.ResolveInfo) -> str | None:
        return root.order.number if root.order else None

    @staticmethod
    def resolve_owed(root: Any, info: graphene.ResolveInfo) -> Money:
        return _money(root.owed, root.currency)

    @staticmethod
    def resolve_credit(root: Any, info: graphene.ResolveInfo) -> Money:
        return _money(root.credit, root.currency)


LedgerEntryConnection = connection_of(LedgerEntryType)


class OpenItemType(graphene.ObjectType):
    """What is still owed for goods of one order, and until when."""

    order_number = graphene.String(required=True)
    due_on = graphene.Date(required=True)
    amount = graphene.Field(MoneyType, required=True)
    overdue = graphene.Boolean(required=True)

    class Meta:
        name = "OpenItem"


class CompanyAccountType(graphene.ObjectType):
    """A company's account in one currency. `openBalance` = `receivable` + `commitments` counts against the limit."""

    company = graphene.Field(CompanyType, required=True)
    currency = graphene.String(required=True)
    credit_limit = graphene.Field(MoneyType, required=True)
    available = graphene.Field(MoneyType, required=True)
    open_balance = graphene.Field(MoneyType, required=True)
    receivable = graphene.Field(MoneyType, required=True)
    commitments = graphene.Field(MoneyType, required=True)
    overdue = graphene.Field(MoneyType, required=True)
    credit_balance = graphene.Field(MoneyType, required=True, description="spendable credit")
    credit_stopped = graphene.Boolean(required=True)
    terms_days = graphene.Int(required=True)
    open_items = graphene.List(graphene.NonNull(OpenItemType), required=True)

    class Meta:
        name = "CompanyAccount"

    @staticmethod
    def resolve_credit_limit(root: CompanyAccount, info: graphene.ResolveInfo) -> Money:
        return _money(root.company.credit_limit, root.currency)

    @staticmethod
    def resolve_credit_balance(root: CompanyAccount, info: graphene.ResolveInfo) -> Money:
        return _money(root.credit, root.currency)

    @staticmethod
    def resolve_credit_stopped(root: CompanyAccount, info: graphene.ResolveInfo) -> bool:
        return root.company.credit_stopped

    @staticmethod
    def resolve_terms_days(root: CompanyAccount, info: graphene.ResolveInfo) -> int:
        return root.company.terms_days

    @staticmethod
    def resolve_open_items(root: CompanyAccount, info: graphene.ResolveInfo) -> list[dict[str, Any]]:
        return [_item(root, one, item) for one in root.open_orders for item in one.items]


for _name in ("available", "open_balance", "receivable", "commitments", "overdue"):

    def _sum(root: CompanyAccount, info: graphene.ResolveInfo, name: str = _name) -> Money:
        return _money(getattr(root, name), root.currency)

    setattr(CompanyAccountType, f"resolve_{_name}", staticmethod(_sum))


def _item(account: CompanyAccount, one: OpenOrder, item: OpenItem) -> dict[str, Any]:
    today = _today(account.company.zone)
    return {
        "order_number": one.order.number,
        "due_on": item.due_on,
        "amount": _money(item.amount, account.currency),
        "overdue": item.due_on < today,
    }


def _today(zone: str) -> Any:
    return clock.now().astimezone(ZoneInfo(zone)).date()


class AccountQuery(graphene.ObjectType):
    """Accounts and ledgers: one's own company's; staff with money to do name the company."""

    accounts = graphene.List(
        graphene.NonNull(CompanyAccountType), company=graphene.ID(), description="one a currency; null: not yours"
    )
    ledger = graphene.Field(LedgerEntryConnection, company=graphene.ID(), first=graphene.Int(), after=graphene.String())

    @staticmethod
    def resolve_accounts(root: Any, info: graphene.ResolveInfo, company: str | None = None) -> Any:
        found = _seen(info, company)
        return company_accounts(found, today=_today(found.zone)) if found else None

    @staticmethod
    def resolve_ledger(
        root: Any,
        info: graphene.ResolveInfo,
        company: str | None = None,
        first: int | None = None,
        after: str | None = None,
    ) -> dict[str, Any] | None:
        found = _seen(info, company)
        return page(ledger_of(found), first=first, after=after) if found else None


def _seen(info: graphene.ResolveInfo, company: str | None) -> Any:
    try:
        return company_seen(reader(info), row_id(company, "Company", "company") if company else None)
    except PortalError:
        return None


def _account(root: Order, info: graphene.ResolveInfo) -> OrderAccount:
    """What the ledger says of an order; of all orders of the list at once."""
    accounts: Batch[int, OrderAccount] = batch(info, "order_accounts", order_accounts)
    accounts.want(info.context.__dict__.get("_graphql_order_ids", set()))
    return accounts.get(root.pk) or OrderAccount()


def _open_amount(root: Order, info: graphene.ResolveInfo) -> Money:
    return _money(max(Decimal(0), root.total - _account(root, info).settled), root.currency)


def _credit_used(root: Order, info: graphene.ResolveInfo) -> Money:
    return _money(_account(root, info).credit_used, root.currency)


class TransferType(graphene.ObjectType):
    """How an order is paid by transfer while it waits: the reference a bank checks, how much, to which account, until when."""

    reference = graphene.String(required=True, description="ISO 11649: the order's number with check digits")
    amount = graphene.Field(MoneyType, required=True)
    pay_by = graphene.Date(required=True, description="the last day money is waited for")
    holder = graphene.String()
    bank = graphene.String()
    account = graphene.String(description="IBAN or account number")
    bic = graphene.String()

    class Meta:
        name = "Transfer"


def _transfer(root: Order, info: graphene.ResolveInfo) -> dict[str, Any] | None:
    if not transfer_waits(root):
        return None
    found = transfer_of(root, settled=_account(root, info).settled)
    account = found.account
    where = (
        {"holder": account.holder, "bank": account.bank, "account": account.number, "bic": account.bic}
        if account
        else {}
    )
    return {
        "reference": found.reference,
        "amount": _money(found.amount, root.currency),
        "pay_by": found.cancel_on,
        **where,
    }


_MONEY = graphene.NonNull(MoneyType)
extend(OrderTypeNode, "transfer", graphene.Field(TransferType), _transfer)
extend(OrderTypeNode, "open_amount", graphene.Field(_MONEY, description="not settled yet"), _open_amount)
extend(OrderTypeNode, "credit_used", graphene.Field(_MONEY, description="paid with credit"), _credit_used)
