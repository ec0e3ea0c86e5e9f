"""A bank's statement: each sum is booked where it fits exactly, and waits for a person where it does not."""

from __future__ import annotations

import hashlib
import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction

from orders.models import (
    AccountKind,
    BankLine,
    BankLineState,
    BankStatement,
    EntryKind,
    Order,
    OrderState,
    Paper,
    PaperKind,
    Payment,
    PaymentMethod,
)
from orders.rules.bank import Candidate, Match, Sum, match
from orders.rules.bank_files import BankFileError, Told, Undone, read, undone
from orders.rules.money import ZERO
from orders.rules.references import invoice_numbers_in
from orders.selectors.bank import orders_named
from orders.selectors.papers import invoice_rows
from orders.services.advancing import order_advance, paid_so_far, payable_now
from orders.services.booking import payment_book
from orders.services.events import actor_name, event_write
from orders.services.issuing import house_day
from orders.services.ledger import Fact, company_lock, entry_post
from orders.services.paying import payment_tell
from orders.services.texts import text_read
from portal.accounts.actor import Actor
from portal.accounts.models import CompanyKind, Role
from portal.errors import Code, refusal
from portal.locks import key_lock, lock_rows
from portal.money import quantise
from portal.notices.services import notice_send

MOST_BYTES = 10 * 1024 * 1024


@dataclass(frozen=True)
class Read:
    """How many new sums a file brought, booked by themselves or waiting for a person; how many earlier ones it undoes, and
    whether the same file was read before.
    """

    statement: BankStatement
    booked: int = 0
    waiting: int = 0
    undone: int = 0
    known: bool = False

    @property
    def again(self) -> bool:
        """Did it bring nothing new?"""
        return self.booked + self.waiting == 0


def statement_read(
    *, actor: Actor, data: bytes, name: str, now: datetime, profile: Mapping[str, Any] | None = None
) -> Read:
    """Read a bank's file. The same file changes nothing, nor does a sum another file brought already. Killed half-way, reading it
    again goes on where it stopped: each sum is a transaction of its own. Raises INVALID (`file`) before anything is written.
    """
    actor.need(Role.ACCOUNTANT)
    if not 0 < len(data) <= MOST_BYTES:
        raise refusal(Code.INVALID, "file", "bank_size", limit=MOST_BYTES // 1024 // 1024)
    try:
        (form, told), back = read(data, profile or {}), undone(data)
    except BankFileError as error:
        raise refusal(Code.INVALID, "file", f"bank_{error.why}", line=error.line) from error
    for place, one in enumerate(told, start=1):
        if not re.fullmatch("[A-Z]{3}", one.currency) or one.amount != quantise(one.amount, one.currency):
            raise refusal(Code.INVALID, "file", "bank_amount", line=place)
    statement, is_new = BankStatement.objects.get_or_create(
        digest=hashlib.sha256(data).hexdigest(),
        defaults={"name": name[:200], "form": form, "read_at": now, "read_by": actor_name(actor)},
    )
    seen: dict[str, int] = {}
    before: dict[str, int] = {}
    keys = [(one.key(seen), one.key(before, once=True)) for one in told]
    made = [
        _line(statement, place, one, key, actor, now)
        for place, (one, (key, old)) in enumerate(zip(told, keys, strict=True), start=1)
        if key == old or not BankLine.objects.filter(key=old, text=one.text, payer=one.payer).exists()
    ]
    if any(made):
        _tell_accountant(statement, now)
    for entry in back:
        _tell_undone(statement, entry, now)
    booked, waiting = made.count(BankLineState.BOOKED), made.count(BankLineState.WAITING)
    return Read(statement, booked, waiting, undone=len(back), known=not is_new)


@transaction.atomic
def _line(
    statement: BankStatement, place: int, one: Told, key: str, actor: Actor, now: datetime
) -> BankLineState | None:
    """Book one sum, or put it on the work list; answers which, or None when it was here before."""
    key_lock(f"bank:{key}")
    if BankLine.objects.filter(key=key).exists():
        return None
    order, found = _match(one, now)
    line = BankLine.objects.create(
        statement=statement, key=key, position=place, value_on=one.value_on, amount=one.amount, currency=one.currency, text=one.text,
        payer=one.payer, payer_account=one.account, why=found.why, order=order, company=order.company if order else None,
    )  # fmt: skip
    if order is not None and not found.why:
        _pay(line, order, line.amount, actor=actor, now=now)
        _end(line, BankLineState.BOOKED, order.company_id, now)
    else:
        fact = Fact(f"bank:{line.pk}", EntryKind.MONEY_IN, None, line.currency, _value_at(line, order, now))
        entry_post(
            fact, {}, house={AccountKind.BANK: line.amount, AccountKind.UNASSIGNED: -line.amount}, actor=actor, now=now
        )
    return BankLineState(line.state)


def _match(one: Told, now: datetime) -> tuple[Order | None, Match]:
    """The order the text names, locked, and whether the sum settles it."""
    numbers = invoice_numbers_in(f"{one.text} {one.payer}")
    papers = list(Paper.objects.filter(kind=PaperKind.INVOICE, number__in=numbers).defer("snapshot"))
    orders = lock_rows(orders_named(one.text, one.payer).select_related("company"))
    invoiced: dict[int, Decimal] = defaultdict(Decimal)
    for row in invoice_rows(papers):
        invoiced[row.paper.order_id] += row.open_sum
    named = [
        Candidate(
            order.pk,
            payable_now(order, list(order.lines.all())) - paid_so_far(order),
            order.currency,
            order.placed_at.astimezone(ZoneInfo(order.company.zone)).date(),
            order.state == OrderState.CANCELLED or order.payment_method == PaymentMethod.CARD,
            invoiced[order.pk],
        )
        for order in orders
    ]
    found = match(Sum(one.amount, one.currency, one.value_on), named)
    here = (house_day(now), *(now.astimezone(ZoneInfo(order.company.zone)).date() for order in orders))
    if one.value_on > max(here) and not found.why:  # a value date to come: nobody's clock starts in the future
        found = Match(found.key, "DATE")
    return next((order for order in orders if order.pk == found.key), None), found


def _value_at(line: BankLine, order: Order | None, now: datetime) -> datetime:
    """The bank tells a day; it counts from its close on, but never before the order nor in the future."""
    zone = ZoneInfo(order.company.zone if order else "UTC")
    at = datetime.combine(line.value_on, time(0, 0), tzinfo=zone)
    return min(max(at, order.placed_at if order else at), now)


def _pay(line: BankLine, order: Order, amount: Decimal, *, actor: Actor, now: datetime, waiting: bool = False) -> None:
    """The sum, or a part of it, becomes a payment of an order whose lock we hold; from the bank, or from what waited."""
    at = _value_at(line, order, now)
    payment = Payment.objects.create(
        order=order, method=PaymentMethod.TRANSFER, amount=amount, received_at=at, recorded_at=now, recorded_by=actor.name,
        reference=f"bank:{line.pk}", note=f"{line.payer} {line.text}"[:500],
    )  # fmt: skip
    if waiting:
        fact = Fact(f"payment:{payment.pk}", EntryKind.PAID, order.company_id, order.currency, at, order)
        entry_post(
            fact, {AccountKind.RECEIVABLE: -amount}, house={AccountKind.UNASSIGNED: amount}, actor=actor, now=now
        )
    else:
        payment_book(payment, order=order, actor=actor, now=now)
    event_write(order=order, kind="paid", at=at, actor=actor, data={"amount": str(amount), "method": "TRANSFER"})
    order_advance(order=order, at=at, now=now, actor=actor)
    payment_tell(payment, order, now=now)


def _end(line: BankLine, state: BankLineState, company_id: int | None, now: datetime) -> None:
    line.state, line.company_id, line.settled_at = state, company_id, now
    line.save(update_fields=["state", "company", "settled_at"])


@dataclass(frozen=True)
class Share:
    """A part of a sum, for one order."""

    number: str
    amount: Decimal


@transaction.atomic
def bank_line_assign(*, actor: Actor, line_id: int, shares: Sequence[Share], now: datetime) -> BankLine:
    """Give a waiting sum to orders of one buyer; what is left of it becomes that buyer's credit. All or nothing.

    Raises WRONG_STATE when it was settled already, INVALID (`shares[n]`) for another currency or more than is open or came.
    """
    line = _waiting(actor, line_id)
    orders = _orders_named(shares)
    company = orders[0].company
    if any(order.company_id != company.pk for order in orders):
        raise refusal(Code.INVALID, "shares", "one_buyer")
    left = line.amount
    for place, (share, order) in enumerate(zip(shares, orders, strict=True)):
        open_sum = payable_now(order, list(order.lines.all())) - paid_so_far(order)
        _share_fits(line, share, order, min(open_sum, left), place)
        _pay(line, order, share.amount, actor=actor, now=now, waiting=True)
        left -= share.amount
    if left > ZERO:
        _to_credit(line, company.pk, left, actor=actor, now=now)
    line.order = orders[0]
    line.save(update_fields=["order"])
    _end(line, BankLineState.BOOKED, company.pk, now)
    return line


def _orders_named(shares: Sequence[Share]) -> list[Order]:
    if not shares or len({one.number for one in shares}) != len(shares):
        raise refusal(Code.INVALID, "shares", "twice")
    found = {one.number: one for one in lock_rows(Order.objects.select_related("company").filter(number__in=[s.number for s in shares]))}  # fmt: skip
    for place, share in enumerate(shares):
        if share.number not in found:
            raise refusal(Code.NOT_FOUND, f"shares[{place}].order")
    return [found[one.number] for one in shares]


def _share_fits(line: BankLine, share: Share, order: Order, most: Decimal, place: int) -> None:
    field = f"shares[{place}].amount"
    if order.currency != line.currency:
        raise refusal(Code.INVALID, field, "bank_currency", currency=order.currency)
    if order.state == OrderState.CANCELLED:
        raise refusal(Code.WRONG_STATE, f"shares[{place}].order", state=order.state)
    fits = share.amount.is_finite() and ZERO < share.amount <= most
    if not fits or share.amount != quantise(share.amount, line.currency):
        raise refusal(
            Code.INVALID, field, "too_much", open=str(quantise(max(most, ZERO), line.currency)), currency=line.currency
        )


@transaction.atomic
def bank_line_credit(*, actor: Actor, line_id: int, company_id: int, now: datetime) -> BankLine:
    """Keep a waiting sum as a buyer's credit."""
    line = _waiting(actor, line_id)
    company = company_lock(company_id)
    if company is None or company.kind == CompanyKind.HOUSE:
        raise refusal(Code.NOT_FOUND, "company")
    _to_credit(line, company_id, line.amount, actor=actor, now=now)
    _end(line, BankLineState.CREDITED, company_id, now)
    return line


@transaction.atomic
def bank_line_send_back(*, actor: Actor, line_id: int, note: str, now: datetime) -> BankLine:
    """Mark a waiting sum as sent back to who paid it; `note` names the bank's order of it."""
    line = _waiting(actor, line_id)
    written = text_read(note, "note")
    fact = Fact(f"bank:{line.pk}:back", EntryKind.MONEY_BACK, None, line.currency, now, reason=written)
    entry_post(
        fact, {}, house={AccountKind.UNASSIGNED: line.amount, AccountKind.BANK: -line.amount}, actor=actor, now=now
    )
    _end(line, BankLineState.SENT_BACK, None, now)
    return line


def _waiting(actor: Actor, line_id: int) -> BankLine:
    actor.need(Role.ACCOUNTANT)
    line = next(iter(lock_rows(BankLine.objects.filter(pk=line_id))), None)
    if line is None:
        raise refusal(Code.NOT_FOUND, "line")
    if line.state != BankLineState.WAITING:
        raise refusal(Code.WRONG_STATE, "line", "bank_settled")
    return line


def _to_credit(line: BankLine, company_id: int, amount: Decimal, *, actor: Actor, now: datetime) -> None:
    fact = Fact(
        f"bank:{line.pk}:credit", EntryKind.CREDITED, company_id, line.currency, now, reason=line.text or line.payer
    )
    entry_post(fact, {AccountKind.CREDIT: -amount}, house={AccountKind.UNASSIGNED: amount}, actor=actor, now=now)


def _tell_accountant(statement: BankStatement, now: datetime) -> None:
    count = statement.lines.filter(state=BankLineState.WAITING).count()
    if count:
        notice_send(
            company_id=None, role="ACCOUNTANT", kind="money.waiting", subject_kind="money", subject=str(statement.pk),
            data={"count": count, "name": statement.name}, key=f"money.waiting:{statement.pk}:{count}", now=now,
        )  # fmt: skip


def _tell_undone(statement: BankStatement, one: Undone, now: datetime) -> None:
    """Nothing is booked for it: which payment it undoes, and what follows from that, a person says."""
    data = {
        "amount": str(one.amount),
        "currency": one.currency,
        "value_on": one.value_on.isoformat(),
        "text": one.text or "–",
        "name": statement.name,
    }
    kind = "money.undone.in" if one.came else "money.undone.out"
    notice_send(
        company_id=None, role="ACCOUNTANT", kind=kind, subject_kind="money", subject=str(statement.pk), data=data,
        key=f"money.undone:{one.key}", now=now,
    )  # fmt: skip
