"""Credit spent on orders, granted as goodwill, paid out; money paid back. Never more than there is, never twice."""

from __future__ import annotations

import secrets
from datetime import datetime
from decimal import Decimal

from django.db import transaction

from orders.models import AccountKind, EntryKind, LedgerEntry, Order, OrderState, PaymentMethod
from orders.rules.money import ZERO
from orders.selectors.cards import cards_asked
from orders.selectors.ledger import spendable
from orders.selectors.orders import order_locked
from orders.services.advancing import order_advance, paid_so_far, payable_now
from orders.services.booking import refund_book
from orders.services.events import event_write
from orders.services.ledger import Fact, company_lock, entry_post
from orders.services.texts import text_read
from portal.accounts.actor import Actor
from portal.accounts.models import Role
from portal.accounts.references import reference_claim
from portal.errors import Code, refusal
from portal.money import quantise
from portal.notices.services import notice_send


def credit_take(order: Order, *, most: Decimal, now: datetime, actor: Actor) -> Decimal:
    """Pay up to `most` of an order with its company's credit; answers how much that was. The caller holds the order's lock.

    The company is locked before its balance is read, so that two orders cannot spend the same credit.
    """
    company_lock(order.company_id)
    amount = min(most, spendable(order.company_id, order.currency))
    if amount <= ZERO:
        return ZERO
    count = LedgerEntry.objects.filter(order=order, kind=EntryKind.CREDIT_USED).count()
    fact = Fact(
        f"credit:{order.number}:{count + 1}", EntryKind.CREDIT_USED, order.company_id, order.currency, now, order
    )
    entry_post(fact, {AccountKind.CREDIT: amount, AccountKind.RECEIVABLE: -amount}, actor=actor, now=now)
    event_write(order=order, kind="credit.used", at=now, actor=actor, data={"amount": str(amount)})
    return amount


@transaction.atomic
def order_credit_use(*, actor: Actor, order_id: int, now: datetime) -> Order:
    """Pay what is open of an order with the company's credit, as far as it goes. Raises WRONG_STATE when there is none."""
    actor.need(Role.BUYER, Role.COMPANY_ADMIN, Role.ACCOUNTANT)
    order = order_locked(actor, order_id)
    if order.state == OrderState.CANCELLED:
        raise refusal(Code.WRONG_STATE, "order", state=order.state)
    open_sum = payable_now(order, list(order.lines.all())) - paid_so_far(order)
    if not credit_take(order, most=open_sum, now=now, actor=actor):
        raise refusal(Code.WRONG_STATE, "order", "no_credit", open=str(max(open_sum, ZERO)), currency=order.currency)
    order_advance(order=order, at=now, now=now, actor=actor)
    return order


@transaction.atomic
def credit_grant(
    *,
    actor: Actor,
    company_id: int,
    currency: str,
    amount: Decimal,
    reason: str,
    now: datetime,
    order_id: int | None = None,
    reference: str | None = None,
) -> LedgerEntry:
    """Give a company credit as goodwill: an approver, a reason, an amount above zero."""
    actor.need(Role.APPROVER)
    body = {"company": company_id, "currency": currency, "amount": amount, "reason": reason, "order": order_id}
    claim = reference_claim(company_id=actor.company_id, operation="goodwill", reference=reference, body=body)
    if claim.made:
        return LedgerEntry.objects.get(pk=claim.made)
    why = text_read(reason, "reason")
    order = order_locked(actor, order_id) if order_id else None
    if company_lock(company_id) is None:
        raise refusal(Code.NOT_FOUND, "company")
    if order and order.company_id != company_id:
        raise refusal(Code.NOT_FOUND, "order")
    value = _amount(amount, order.currency if order else currency)
    fact = Fact(
        f"goodwill:{secrets.token_hex(8)}", EntryKind.GOODWILL, company_id, order.currency if order else currency, now, order,
        reason=why,
    )  # fmt: skip
    entry = _posted(entry_post(fact, {AccountKind.GOODWILL: value, AccountKind.CREDIT: -value}, actor=actor, now=now))
    _tell(entry, "credit.goodwill", value, now)
    claim.bind(entry.pk)
    return entry


@transaction.atomic
def credit_pay_out(
    *,
    actor: Actor,
    company_id: int,
    currency: str,
    amount: Decimal,
    reason: str,
    now: datetime,
    reference: str | None = None,
) -> LedgerEntry:
    """Pay credit out by bank: an accountant, at most what there is. `reason` names the bank's order of it."""
    actor.need(Role.ACCOUNTANT)
    body = {"company": company_id, "currency": currency, "amount": amount, "reason": reason}
    claim = reference_claim(company_id=actor.company_id, operation="payout", reference=reference, body=body)
    if claim.made:
        return LedgerEntry.objects.get(pk=claim.made)
    why = text_read(reason, "reason")
    if company_lock(company_id) is None:
        raise refusal(Code.NOT_FOUND, "company")
    value = _amount(amount, currency, most=spendable(company_id, currency))
    fact = Fact(f"payout:{secrets.token_hex(8)}", EntryKind.PAID_OUT, company_id, currency, now, reason=why)
    entry = _posted(entry_post(fact, {AccountKind.CREDIT: value, AccountKind.BANK: -value}, actor=actor, now=now))
    _tell(entry, "credit.paid_out", value, now)
    claim.bind(entry.pk)
    return entry


@transaction.atomic
def order_refund(
    *,
    actor: Actor,
    order_id: int,
    now: datetime,
    amount: Decimal | None = None,
    as_credit: bool = False,
    reason: str = "",
    reference: str | None = None,
) -> Order:
    """Pay back what an order was paid too much, by bank or as credit; all of it unless `amount` says less. What a card paid goes back to the card."""
    actor.need(Role.ACCOUNTANT)
    body = {"order": order_id, "amount": amount, "credit": as_credit, "reason": reason}
    claim = reference_claim(company_id=actor.company_id, operation="refund", reference=reference, body=body)
    order = order_locked(actor, order_id)
    if claim.made:
        return order
    if order.payment_method == PaymentMethod.CARD and not as_credit:
        raise refusal(Code.INVALID, "order", "card_refund")
    why = text_read(reason, "reason", needed=False)
    excess = paid_so_far(order) - payable_now(order, list(order.lines.all())) - cards_asked(order)
    if excess <= ZERO:
        raise refusal(Code.WRONG_STATE, "order", "nothing_to_refund")
    value = _amount(excess if amount is None else amount, order.currency, most=excess)
    key = f"{order.number}:{LedgerEntry.objects.filter(order=order).count() + 1}"
    if as_credit:
        fact = Fact(
            f"excess:{key}",
            EntryKind.CREDITED,
            order.company_id,
            order.currency,
            now,
            order,
            reason=why,
        )
        entry_post(fact, {AccountKind.RECEIVABLE: value, AccountKind.CREDIT: -value}, actor=actor, now=now)
    else:
        refund_book(order=order, key=key, method="TRANSFER", amount=value, at=now, now=now, actor=actor, reason=why)
    event_write(order=order, kind="refunded", at=now, actor=actor, data={"amount": str(value), "credit": as_credit})
    order_advance(order=order, at=now, now=now, actor=actor)
    notice_send(
        company_id=order.company_id, role=None, kind="order.credited" if as_credit else "order.refunded", subject_kind="order",
        subject=order.number, data={"amount": str(quantise(value, order.currency)), "currency": order.currency}, key=f"order.refunded:{key}", now=now,
    )  # fmt: skip
    claim.bind(order.pk)
    return order


def _amount(amount: Decimal, currency: str, *, most: Decimal | None = None) -> Decimal:
    """An amount above zero in whole units of a currency, at most what there is."""
    if len(currency) != 3 or not currency.isascii() or not currency.isupper():
        raise refusal(Code.INVALID, "currency", "currency")
    if not amount.is_finite() or amount <= ZERO or amount >= 10**12 or amount != quantise(amount, currency):
        raise refusal(Code.INVALID, "amount", "coins", currency=currency)
    if most is not None and amount > most:
        raise refusal(Code.INVALID, "amount", "over_balance", most=str(quantise(max(most, ZERO), currency)), currency=currency)  # fmt: skip
    return amount


def _posted(entry: LedgerEntry | None) -> LedgerEntry:
    assert entry is not None  # a key drawn a moment ago is new  # noqa: S101
    return entry


def _tell(entry: LedgerEntry, kind: str, amount: Decimal, now: datetime) -> None:
    notice_send(
        company_id=entry.company_id, role=None, kind=kind, subject_kind="account", subject=entry.order.number if entry.order else "",
        data={"amount": str(quantise(amount, entry.currency)), "currency": entry.currency, "why": entry.reason}, key=f"{kind}:{entry.key}", now=now,
    )  # fmt: skip
