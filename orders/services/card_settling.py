"""What is to be done with cards is done: charged as goods leave, let go, renewed, given back. Runs in workers, again after any crash.

Each round looks at what Stripe has, asks the one rule what is next (`orders/rules/cards.py`), does it, and looks again.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Decimal

from django.db import transaction

from orders.models import CardPayment, CardRefund, CardState, HoldReason, Order, OrderState, RefundState
from orders.rules.card_amounts import to_minor
from orders.rules.cards import RENEW_BEFORE, Act, Step
from orders.selectors.cards import cards_to_look_at
from orders.services.advancing import paid_so_far, payable_now
from orders.services.card_applying import card_look, lapse_end
from orders.services.card_covering import cards_wake_now
from orders.services.card_waking import card_message, card_step
from orders.services.holding import hold_begin
from orders.stripe import (
    IntentTold,
    StripeAway,
    StripeRefused,
    intent_cancel,
    intent_capture,
    intent_confirm,
    intent_create,
    refund_create,
)
from portal import clock
from portal.accounts.actor import SYSTEM
from portal.locks import key_lock_session, lock_rows
from portal.notices.services import notice_send
from portal.outbox.models import OutboxMessage

logger = logging.getLogger(__name__)
MOST = 30  # steps in one run; an order needs a handful
LOOK_EVERY = timedelta(minutes=30)  # how old what we know of a living intent may get
PATIENCE = 30.0  # seconds to wait for a page that is at the same order


def card_lock_name(company_id: int | None, order_id: int) -> str:
    """One conversation with Stripe per order at a time. With the buyer in it, so that a stranger who names the order waits for nobody."""
    return f"stripe:{company_id}:{order_id}"


def cards_settle(*, order_id: int, now: datetime) -> int:
    """Do all that is to be done with an order's cards; answers how many steps it took. No transaction is open here.

    Raises StripeAway when Stripe cannot be asked: the outbox comes again.
    """
    order = Order.objects.select_related("company").get(pk=order_id)
    with key_lock_session(card_lock_name(order.company_id, order.pk), timeout=PATIENCE):
        for card in order.cards.exclude(intent_id=None).filter(state__in=[CardState.OPEN, CardState.AUTHORISED]):
            card_look(card, now=now, wake=False)
        for count in range(MOST):
            refund = (
                CardRefund.objects.filter(card__order=order, state=RefundState.WANTED).select_related("card").first()
            )
            step = _next(order_id, now)
            if refund is not None:
                _give_back(refund, order, now)
            elif step is not None:
                _take(step, order, now)
            else:
                lapse_end(order_id=order_id, now=now)
                return count
    raise StripeAway(f"order {order.number}: no end after {MOST} steps")


def _next(order_id: int, now: datetime) -> Step | None:
    order = Order.objects.get(pk=order_id)
    lines = list(order.lines.all())
    return card_step(order, lines, due=payable_now(order, lines), settled=paid_so_far(order), now=now)


def _take(step: Step, order: Order, now: datetime) -> None:
    """Do one step. A refusal counts only if the truth has not moved since: then somebody has to look."""
    if step.act == Act.HOLD:
        _hold(order, now)
        return
    if step.act == Act.RENEW:
        _renew(step, order, now)
        return
    card = CardPayment.objects.get(pk=step.card or 0)
    before = (card.state, card.captured)
    try:
        _tell(step, card, order.currency)
    except StripeRefused:
        card = card_look(card, now=now, wake=False)
        if (card.state, card.captured) == before:
            raise
        logger.info("Order %s: %s was overtaken", order.number, step.act)
    else:
        card_look(card, now=now, wake=False)


def _tell(step: Step, card: CardPayment, currency: str) -> None:
    intent = str(card.intent_id)
    if step.act == Act.CAPTURE:
        intent_capture(
            intent, amount=step.amount, currency=currency, final=step.final, key=f"{intent}:capture:{card.captured}"
        )
    else:
        intent_cancel(intent, key=f"{intent}:cancel:{card.captured}")


def _renew(step: Step, order: Order, now: datetime) -> None:
    """Reserve on the saved card. First the row, then an intent that holds nothing, then the money on an intent we know."""
    if step.card:
        card = CardPayment.objects.get(pk=step.card)
    else:
        card = card_next(order, step.amount, now, before=list(order.cards.all()), off_session=True)
        card.save()
    card, _ = card_told(card, order)
    try:
        intent_confirm(str(card.intent_id), method_id=card.method_id, key=f"{card.intent_id}")
    except StripeRefused as refused:
        CardPayment.objects.filter(pk=card.pk, state=CardState.OPEN).update(decline=refused.code[:60])
    card_look(card, now=now, wake=False)


def card_next(
    order: Order,
    amount: Decimal,
    now: datetime,
    *,
    before: Sequence[CardPayment],
    customer_id: str = "",
    off_session: bool = False,
) -> CardPayment:
    """The next payment by card after those `before`, of that sum, not written yet; `off_session`: on the card that paid last.

    The caller holds the order's card lock, so no other attempt gets the number.
    """
    last = max((card.attempt for card in before), default=0)
    paid = next((card for card in reversed(before) if off_session and card.method_id and card.authorised), None)
    saved = (
        {"customer_id": paid.customer_id, "method_id": paid.method_id, "brand": paid.brand, "last4": paid.last4}
        if paid
        else {"customer_id": customer_id}
    )
    return CardPayment(
        order=order, attempt=last + 1, amount=amount, off_session=off_session, created_at=now, looked_at=now, **saved
    )


def card_told(card: CardPayment, order: Order) -> tuple[CardPayment, IntentTold | None]:
    """Make the intent of a payment that has none, and write it down; the same key finds the one that a crash has left behind.

    A payment not written yet is written with its intent: before that nobody has the intent's secret, so what a crash leaves
    at Stripe holds nothing. Answers the intent when it was made a moment ago; None for one that is there already, which has
    to be asked for.
    """
    if card.intent_id:
        return card, None
    # Whatever of the request may differ from one try to the next: a key asked again with another content is refused for good.
    sort = "renewal" if card.off_session else "form"
    key = f"{order.number}:{card.attempt}:{to_minor(card.amount, order.currency)}:{card.customer_id}:{sort}:create"
    told = intent_create(
        amount=card.amount, currency=order.currency, order=order.number, company_id=order.company_id,
        customer_id=card.customer_id, renewal=card.off_session, key=key,
    )  # fmt: skip
    card.intent_id = told.id
    card.save(update_fields=["intent_id"] if card.pk else None)
    return card, told


@transaction.atomic
def _hold(order: Order, now: datetime) -> None:
    """The card no longer covers what is to be shipped: held by the buyer's cause, who is told what to do."""
    order = lock_rows(Order.objects.select_related("company").filter(pk=order.pk))[0]
    if (
        order.state in (OrderState.CANCELLED, OrderState.SHIPPED, OrderState.DELIVERED)
        or order.order_holds.filter(until=None).exists()
    ):
        return
    hold = hold_begin(order=order, reason=HoldReason.PAYMENT_LAPSED, note="card", actor=SYSTEM, now=now)
    notice_send(
        company_id=order.company_id, role=None, kind="card.lapsed", subject_kind="order", subject=order.number, data={},
        key=f"card.lapsed:{hold.pk}", now=now,
    )  # fmt: skip


def _give_back(refund: CardRefund, order: Order, now: datetime) -> None:
    """Look before asking: an earlier try may have got through though its answer was lost."""
    card_look(refund.card, now=now, wake=False)
    refund.refresh_from_db()
    if refund.state != RefundState.WANTED:
        return
    try:
        refund_create(str(refund.card.intent_id), amount=refund.amount, currency=order.currency, ours=refund.pk)
    except StripeRefused as refused:
        _give_back_failed(refund, order, refused, now)
    else:
        card_look(refund.card, now=now, wake=False)


@transaction.atomic
def _give_back_failed(refund: CardRefund, order: Order, refused: StripeRefused, now: datetime) -> None:
    logger.error("Order %s: refund %s refused: %s", order.number, refund.pk, refused)
    CardRefund.objects.filter(pk=refund.pk, state=RefundState.WANTED).update(state=RefundState.FAILED)
    notice_send(
        company_id=None, role="ACCOUNTANT", kind="card.refund_failed", subject_kind="order", subject=order.number,
        data={"amount": str(refund.amount), "currency": order.currency}, key=f"card.refund_failed:{refund.pk}", now=now,
    )  # fmt: skip


def cards_sweep(now: datetime | None = None) -> int:
    """Wake every order whose cards have something to do because time passed: a reservation lapses soon, or has. Answers how many."""
    now = now or clock.now()
    soon = CardPayment.objects.filter(state=CardState.AUTHORISED, expires_at__lte=now + RENEW_BEFORE)
    waiting = set(OutboxMessage.objects.filter(kind="card.settle", done_at=None).values_list("key", flat=True))
    woken = 0
    for order in Order.objects.filter(pk__in=soon.values("order")).order_by("pk"):
        if f"card:{order.number}" not in waiting:
            with transaction.atomic():
                woken += cards_wake_now(order, now=now)
    return woken


@transaction.atomic
def cards_ask(*, now: datetime) -> int:
    """Have every living intent looked at that nobody spoke of for a while: a webhook may have been lost. Answers how many."""
    found = {card.order_id: card.order for card in cards_to_look_at(now=now, before=now - LOOK_EVERY)}
    for order in found.values():
        card_message(order, now=now)
    return len(found)
