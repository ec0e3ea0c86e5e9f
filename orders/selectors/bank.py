"""The accountant's work list: sums that wait, with what they may mean."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal

from django.db.models import Q, QuerySet

from orders.models import (
    BankLine,
    BankLineState,
    BankProfile,
    BankStatement,
    Order,
    OrderState,
    Paper,
    PaperKind,
)
from orders.rules.money import ZERO
from orders.rules.references import invoice_numbers_in, order_numbers_in
from orders.selectors.ledger import order_accounts
from portal.accounts.actor import Actor
from portal.accounts.models import Company, CompanyKind, Role

MOST_HINTS = 3


@dataclass(frozen=True)
class Hint:
    """An order a sum may be for, and what is open of it."""

    order: Order
    open: Decimal


@dataclass
class WaitingSum:
    """A sum with its hints: the orders its text names, else open orders of just that amount, else of a company of that name."""

    line: BankLine
    hints: list[Hint] = field(default_factory=list)
    company: Company | None = None


def sums_waiting(actor: Actor) -> QuerySet[BankLine]:
    """What waits for a person, oldest value date first; an accountant's alone."""
    return sums_of(actor).filter(state=BankLineState.WAITING)


def sums_of(actor: Actor | None) -> QuerySet[BankLine]:
    """Every sum that came, oldest value date first; an accountant's alone."""
    rows = BankLine.objects.select_related("order__company", "statement", "company").order_by("value_on", "pk")
    return rows if _accountant(actor) else rows.none()


def sums_told(actor: Actor | None, state: str | None) -> QuerySet[BankLine] | None:
    """The sums of one state, or all; None for whom there is no such list."""
    rows = sums_of(actor).filter(state=state) if state else sums_of(actor)
    return rows if _accountant(actor) else None


def _accountant(actor: Actor | None) -> bool:
    return actor is not None and actor.is_house and actor.has(Role.ACCOUNTANT)


def orders_named(*told: str) -> QuerySet[Order]:
    """The orders a bank's words name: by reference, number or the number of an invoice."""
    text = " ".join(told)
    invoices = Paper.objects.filter(kind=PaperKind.INVOICE, number__in=invoice_numbers_in(text))
    return Order.objects.filter(Q(number__in=order_numbers_in(text)) | Q(pk__in=invoices.values("order")))


def bank_money_seen(order: Order) -> bool:
    """Does money that may be for it wait for a person, alone or named together with other orders?"""
    waiting = BankLine.objects.filter(state=BankLineState.WAITING)
    if waiting.filter(order=order).exists():
        return True
    texts = [" ".join(told) for told in waiting.filter(order=None, why="SEVERAL").values_list("text", "payer")]
    if any(order.number in order_numbers_in(text) for text in texts):
        return True
    invoices = [number for text in texts for number in invoice_numbers_in(text)]
    return bool(invoices) and Paper.objects.filter(order=order, kind=PaperKind.INVOICE, number__in=invoices).exists()


def sums_hinted(lines: list[BankLine]) -> list[WaitingSum]:
    """The sums of one page with their hints."""
    return [_hinted(line) for line in lines]


def _hinted(line: BankLine) -> WaitingSum:
    company = _payer(line)
    if line.order is not None:
        return WaitingSum(line, _hints([line.order]), line.order.company)
    if line.why == "SEVERAL":
        named = orders_named(line.text, line.payer).select_related("company").order_by("placed_at", "pk")
        return WaitingSum(line, _hints(list(named[:MOST_HINTS])), company)
    open_ = Order.objects.filter(currency=line.currency).exclude(state=OrderState.CANCELLED)
    open_ = open_.filter(payment_state__in=["UNPAID", "PARTLY_PAID", "ON_ACCOUNT"]).select_related("company")
    same = open_.filter(company=company) if company else open_.filter(total=line.amount)
    return WaitingSum(line, _hints(list(same.order_by("placed_at")[:MOST_HINTS])), company)


def _payer(line: BankLine) -> Company | None:
    """The one company of the payer's name, or whose money came from that account before."""
    buyers = Company.objects.exclude(kind=CompanyKind.HOUSE)
    known = BankLine.objects.filter(payer_account=line.payer_account, company__isnull=False).exclude(payer_account="")
    found = list(buyers.filter(pk__in=known.values("company"))[:2]) or list(buyers.filter(name__iexact=line.payer)[:2])
    return found[0] if len(found) == 1 else None


def _hints(orders: list[Order]) -> list[Hint]:
    accounts = order_accounts([one.pk for one in orders])
    return [Hint(one, max(ZERO, one.total - accounts[one.pk].settled)) for one in orders]


def statements_last(actor: Actor, most: int = 10) -> list[BankStatement]:
    """The newest files, for an accountant."""
    rows = BankStatement.objects.order_by("-pk")[:most]
    return list(rows) if _accountant(actor) else []


def bank_profiles() -> list[BankProfile]:
    """How the banks' files are written."""
    return list(BankProfile.objects.order_by("name"))
