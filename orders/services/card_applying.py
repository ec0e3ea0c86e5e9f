"""What Stripe says of an intent becomes ours: once, in any order, told by whomever."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import transaction

from orders.models import (
    CardMovement,
    CardPayment,
    CardRefund,
    CardState,
    Order,
    RefundOrigin,
    RefundState,
)
from orders.rules.money import ZERO
from orders.selectors.cards import BOOKED
from orders.selectors.orders import hold_ask, unpaid_hold_of
from orders.services.advancing import order_advance
from orders.services.card_covering import cards_suffice
from orders.services.card_money import card_money_post
from orders.services.events import event_write
from orders.services.holding import hold_end
from orders.stripe import IntentTold, RefundTold, intent_get
from portal.accounts.actor import SYSTEM
from portal.locks import lock_rows
from portal.money import quantise
from portal.notices.services import notice_send

_STATES = {"requires_capture": CardState.AUTHORISED, "succeeded": CardState.CAPTURED, "canceled": CardState.RELEASED}
_RANK = {CardState.OPEN: 0, CardState.AUTHORISED: 1, CardState.CAPTURED: 2, CardState.RELEASED: 2, CardState.FOREIGN: 3}
_REFUNDS = {"succeeded": RefundState.DONE, "failed": RefundState.FAILED, "canceled": RefundState.FAILED}
Kind = CardMovement.Kind
# What a look may change.
_TOLD = (
    "state", "authorised", "captured", "method_id", "brand", "last4", "multicapture", "decline", "authorised_at", "expires_at", "looked_at",
)  # fmt: skip


def card_look(card: CardPayment, *, now: datetime, wake: bool = True) -> CardPayment:
    """Ask Stripe how an intent is, and apply it. No transaction is open. Raises StripeAway, StripeRefused."""
    told = intent_get(str(card.intent_id), refunded=card.refunded > ZERO)
    if _known(card, told, now):
        card.looked_at = now
        return card
    return card_apply(card=card, told=told, now=now, wake=wake)


def _known(card: CardPayment, told: IntentTold, now: datetime) -> bool:
    """Does the row say all of this already, so that nothing follows? Then it is noted that somebody asked: one statement, no lock.

    What time or a refund may make of a known truth goes the whole way: a reservation that lapsed, a renewal that waits.
    """
    facts = _facts(told)
    if any(getattr(card, name) != value for name, value in facts.items()) or not told.company.isdecimal():
        return False
    if told.refunds or card.refunded:
        return False
    if card.state == CardState.OPEN and card.off_session:
        return False
    if card.state == CardState.AUTHORISED and not card.held(now):
        return False
    # asked of the row and its order as they are now, not as they were read
    order = {"number": told.order, "company": int(told.company), "currency": told.currency}
    same = CardPayment.objects.filter(
        pk=card.pk, refunded=0, **facts, **{f"order__{name}": one for name, one in order.items()}
    )
    return bool(same.update(looked_at=now))


def _facts(told: IntentTold) -> dict[str, Any]:
    """What a card's row says after this was applied to it, as far as it can be told from this alone."""
    state = _STATES.get(told.status, CardState.OPEN)
    shown = {name: value for name in ("method_id", "brand", "last4") if (value := getattr(told, name))}
    facts = {
        "state": state,
        "intent_id": told.id,
        "amount": told.amount,
        "captured": told.captured,
        "multicapture": told.multicapture,
    }
    return facts | shown | ({"decline": told.decline} if state == CardState.OPEN else {})


@transaction.atomic
def card_apply(*, card: CardPayment, told: IntentTold, now: datetime, wake: bool = True) -> CardPayment:
    """Apply the truth about an intent; answers the card as it is then. Repeats, and truths overtaken by later ones, change nothing.

    An intent of another order, buyer, sum or currency is refused: it never counts as money (FOREIGN, and the accountant is told).
    """
    order = _locked(card.order_id)
    card = next(one for one in order.cards.all() if one.pk == card.pk)
    card.looked_at = now
    if not _bound(card, order, told):
        _foreign(card, order, told, now)
        return card
    at = _authorise(card, order, told, now)
    _capture(card, order, told, now)
    _state(card, order, told, now)
    card.save(update_fields=_TOLD)
    _refunds(card, order, told, now)
    order_advance(order=order, at=at or now, now=now, actor=SYSTEM, wake=wake)
    _after(order, now)
    return card


def _locked(order_id: int) -> Order:
    """An order with its cards and whether it is held, read once and after the lock; a card changed in memory is the one that counts."""
    orders = Order.objects.select_related("company").prefetch_related("cards")
    return hold_ask(lock_rows(orders.filter(pk=order_id))[0])


def _bound(card: CardPayment, order: Order, told: IntentTold) -> bool:
    mine = (card.intent_id, order.number, str(order.company_id), order.currency, card.amount)
    return mine == (told.id, told.order, told.company, told.currency, told.amount) and told.captured <= told.amount


def _foreign(card: CardPayment, order: Order, told: IntentTold, now: datetime) -> None:
    card.state = CardState.FOREIGN if not card.captured else card.state
    card.save(update_fields=["state", "looked_at"])
    facts = {"intent": told.id, "order": told.order, "amount": str(told.amount), "currency": told.currency}
    if event_write(
        order=order, kind="card.foreign", at=now, actor=SYSTEM, data=facts, event_id=f"card.foreign:{card.pk}:{told.id}"
    ):
        _tell(order, "card.foreign", facts, f"{card.pk}:{told.id}", now, role="ACCOUNTANT")


def _authorise(card: CardPayment, order: Order, told: IntentTold, now: datetime) -> datetime | None:
    """The moment money was reserved, the first time it is told; the clock starts there, never before the order nor in the future."""
    card.method_id, card.brand, card.last4 = (
        told.method_id or card.method_id,
        told.brand or card.brand,
        told.last4 or card.last4,
    )
    card.multicapture = told.multicapture
    if card.authorised_at is not None or told.status not in ("requires_capture", "succeeded"):
        return None
    at = min(max(told.authorised_at or now, order.placed_at), now)
    card.authorised, card.authorised_at, card.expires_at = told.amount, at, told.expires_at
    card_money_post(
        order=order, card=card, kind=Kind.AUTHORISED, amount=told.amount, key=f"{told.id}:authorised", at=at, now=now
    )
    _history(order, card, "card.authorised", told.amount, at, f"{told.id}")
    if not card.off_session:
        _tell(order, "card.authorised", _money(order, told.amount), str(card.pk), now)
    return at


def _capture(card: CardPayment, order: Order, told: IntentTold, now: datetime) -> None:
    more = told.captured - card.captured
    if more <= ZERO:
        return
    card.captured = told.captured
    card_money_post(
        order=order,
        card=card,
        kind=Kind.CAPTURED,
        amount=more,
        key=f"{told.id}:captured:{told.captured}",
        at=now,
        now=now,
    )
    _history(order, card, "card.captured", more, now, f"{told.id}:{told.captured}")
    _tell(order, "card.captured", _money(order, more), f"{card.pk}:{told.captured}", now)


def _state(card: CardPayment, order: Order, told: IntentTold, now: datetime) -> None:
    """States only go on; what is not taken when the last one is reached is released."""
    new = _STATES.get(told.status, CardState.OPEN)
    if told.status == "canceled" and card.captured:
        new = CardState.CAPTURED
    if new == CardState.OPEN:
        asks = card.off_session and told.status == "requires_action"  # the bank wants the buyer, who is not here
        card.decline = "authentication_required" if asks else told.decline or card.decline * card.off_session
    elif new != CardState.RELEASED and not card.off_session:
        card.decline = ""
    if _RANK[new] <= _RANK[CardState(card.state)]:
        return
    card.state = new
    left = card.authorised - card.captured
    if new in (CardState.CAPTURED, CardState.RELEASED) and left:
        card_money_post(
            order=order, card=card, kind=Kind.RELEASED, amount=left, key=f"{told.id}:released", at=now, now=now
        )
        _history(order, card, "card.released", left, now, told.id)
        if new == CardState.RELEASED:
            _tell(order, "card.released", _money(order, left), str(card.pk), now)


def _refunds(card: CardPayment, order: Order, told: IntentTold, now: datetime) -> None:
    if not told.refunds:
        return
    for one in told.refunds:
        _refund(card, order, one, now)
    booked = card.refunds.filter(state__in=BOOKED)
    card.refunded = sum((one.amount for one in booked), ZERO)
    card.save(update_fields=["refunded"])


def _refund(card: CardPayment, order: Order, told: RefundTold, now: datetime) -> None:
    """One of ours by the key it carries, or one made in the dashboard, which the accountant hears of."""
    row = (
        card.refunds.filter(refund_id=told.id).first() or card.refunds.filter(pk=told.ours or 0, refund_id=None).first()
    )
    if row is None:
        row = CardRefund(card=card, amount=told.amount, origin=RefundOrigin.DASHBOARD, created_at=now)
    was, row.state, row.refund_id = row.state if row.pk else "", _REFUNDS.get(told.status, RefundState.PENDING), told.id
    if row.pk and was == row.state:
        return
    row.save()
    if row.state in BOOKED and was not in BOOKED:
        card_money_post(
            order=order,
            card=card,
            kind=Kind.REFUNDED,
            amount=row.amount,
            key=f"{told.id}:refunded",
            at=now,
            now=now,
            owed=row.origin == RefundOrigin.OWED,
        )
        _history(order, card, "card.refunded", row.amount, now, told.id)
        _tell(order, "card.refunded", _money(order, row.amount), str(row.pk), now)
        if row.origin == RefundOrigin.DASHBOARD:
            _tell(order, "card.refunded.elsewhere", _money(order, row.amount), str(row.pk), now, role="ACCOUNTANT")
    elif row.state == RefundState.FAILED:
        if was in BOOKED:
            card_money_post(
                order=order,
                card=card,
                kind=Kind.REFUND_FAILED,
                amount=row.amount,
                key=f"{told.id}:failed",
                at=now,
                now=now,
                owed=row.origin == RefundOrigin.OWED,
            )
        _tell(order, "card.refund_failed", _money(order, row.amount), str(row.pk), now, role="ACCOUNTANT")


@transaction.atomic
def lapse_end(*, order_id: int, now: datetime) -> None:
    """Let go a hold for want of money when it came by another way than a card."""
    _after(_locked(order_id), now)


def _after(order: Order, now: datetime) -> None:
    """Let go a hold for want of money when the money is there again."""
    hold = unpaid_hold_of(order)
    if hold is None:
        return
    if cards_suffice(order, now):
        hold_end(order=order, hold=hold, actor=SYSTEM, now=now)


def _history(order: Order, card: CardPayment, kind: str, amount: Decimal, at: datetime, key: str) -> None:
    data = {"amount": str(amount), "card": card.attempt}
    event_write(order=order, kind=kind, at=at, actor=SYSTEM, data=data, event_id=f"{kind}:{key}")


def _money(order: Order, amount: Decimal) -> dict[str, str]:
    return {"amount": str(quantise(amount, order.currency)), "currency": order.currency}


def _tell(order: Order, kind: str, data: dict[str, str], key: str, now: datetime, *, role: str | None = None) -> None:
    notice_send(
        company_id=None if role else order.company_id, role=role, kind=kind, subject_kind="order", subject=order.number,
        data=data, key=f"{kind}:{key}", now=now,
    )  # fmt: skip
