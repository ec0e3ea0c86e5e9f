"""Money recorded by staff, and credit approved over the limit."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from django.db import transaction

from orders.models import Order, OrderState, Payment, PaymentMethod
from orders.rules.money import ZERO
from orders.selectors.cards import cards_held
from orders.selectors.orders import order_locked
from orders.services.advancing import card_due, order_advance, paid_so_far, payable_now
from orders.services.booking import payment_book
from orders.services.events import event_write
from orders.services.texts import text_read
from portal.accounts.actor import Actor
from portal.accounts.models import Role
from portal.accounts.references import given, reference_claim
from portal.errors import Code, refusal
from portal.money import quantise
from portal.notices.services import notice_send


@transaction.atomic
def order_pay(
    *,
    actor: Actor,
    order_id: int,
    method: str,
    now: datetime,
    amount: Decimal | None = None,
    received_at: datetime | None = None,
    reference: str | None = None,
    note: str = "",
) -> Payment:
    """Record money that came; `amount` defaults to what is open, `received_at` (the bank's value date) to now.

    When all is paid the clocks start at the value date. Raises INVALID, WRONG_STATE, NOT_ALLOWED.
    """
    actor.need(Role.ACCOUNTANT, Role.PARTS_MANAGER)
    body = {"order": order_id, "method": method, "amount": amount, "receivedAt": received_at} | given(note=note)
    claim = reference_claim(company_id=actor.company_id, operation="pay", reference=reference, body=body)
    if claim.made:
        return Payment.objects.get(pk=claim.made)
    order = order_locked(actor, order_id)
    at = received_at or now
    payment = Payment.objects.create(
        order=order,
        method=method,
        amount=_amount(order, method, amount, now),
        received_at=_when(order, at, now),
        recorded_at=now,
        recorded_by=actor.name,
        reference=reference or "",
        note=text_read(note, "note", needed=False),
    )
    payment_book(payment, order=order, actor=actor, now=now)
    event_write(order=order, kind="paid", at=at, actor=actor, data={"amount": str(payment.amount), "method": method})
    order_advance(order=order, at=at, now=now, actor=actor)
    payment_tell(payment, order, now=now)
    claim.bind(payment.pk)
    return payment


def payment_tell(payment: Payment, order: Order, *, now: datetime) -> None:
    """The buyer hears what came, and what is still open where goods wait for it."""
    open_sum = order.total - paid_so_far(order)
    waits = order.payment_method == PaymentMethod.TRANSFER and open_sum > ZERO
    data = {"amount": str(quantise(payment.amount, order.currency)), "currency": order.currency}
    notice_send(
        company_id=order.company_id, role=None, kind="order.partly_paid" if waits else "order.paid", subject_kind="order",
        subject=order.number, data=data | {"open": str(quantise(open_sum, order.currency))}, key=f"order.paid:{payment.pk}", now=now,
    )  # fmt: skip


def _amount(order: Order, method: str, amount: Decimal | None, now: datetime) -> Decimal:
    if order.state == OrderState.CANCELLED:
        raise refusal(Code.WRONG_STATE, "order", state=order.state)
    if method in (PaymentMethod.NONE, PaymentMethod.CARD):  # what a card pays is told by its bank, never typed
        raise refusal(Code.INVALID, "method", "no_method")
    paid = paid_so_far(order)
    open_sum = (
        card_due(payable_now(order, list(order.lines.all())), order=order, paid=paid) - paid - cards_held(order, now)[0]
    )
    value = open_sum if amount is None else amount
    if value.is_finite() and value > max(open_sum, ZERO):
        raise refusal(Code.INVALID, "amount", "too_much", open=str(open_sum), currency=order.currency)
    if not value.is_finite() or value <= 0 or value != quantise(value, order.currency):
        raise refusal(Code.INVALID, "amount", "amount", open=str(open_sum), currency=order.currency)
    return value


def _when(order: Order, at: datetime, now: datetime) -> datetime:
    """When it happened: never in the future, nor before the order."""
    if not order.placed_at <= at <= now:
        raise refusal(Code.INVALID, "receivedAt", "when", earliest=order.placed_at.isoformat(), latest=now.isoformat())
    return at


@transaction.atomic
def order_approve(*, actor: Actor, order_id: int, note: str, now: datetime) -> Order:
    """Approve an order over its credit limit; its clocks start now. Nobody approves their own."""
    actor.need(Role.APPROVER, Role.ACCOUNTANT, Role.PARTS_MANAGER)
    written = text_read(note, "note", needed=False)
    order = order_locked(actor, order_id)
    if not order.needs_approval or order.state == OrderState.CANCELLED:
        raise refusal(Code.WRONG_STATE, "order", state=order.state)
    if order.placed_by is not None and order.placed_by.user_id == actor.user_id:
        raise refusal(Code.NOT_ALLOWED, "order", "own")
    order.needs_approval = False
    event_write(order=order, kind="approved", at=now, actor=actor, data={"note": written})
    order_advance(order=order, at=now, now=now, actor=actor)
    notice_send(
        company_id=order.company_id, role=None, kind="order.approved", subject_kind="order", subject=order.number,
        data={}, key=f"order.approved:{order.number}:{now.isoformat()}", now=now,
    )  # fmt: skip
    return order
