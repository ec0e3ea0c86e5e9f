"""Our people give money back to a card."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from django.db import transaction

from orders.models import CardRefund, RefundOrigin, RefundState
from orders.rules.card_amounts import card_amount
from orders.rules.money import ZERO
from orders.selectors.cards import cards_refundable
from orders.selectors.orders import order_locked
from orders.services.card_waking import card_message
from orders.services.events import event_write
from orders.services.texts import text_read
from portal.accounts.actor import Actor
from portal.accounts.models import Role
from portal.accounts.references import given, reference_claim
from portal.errors import Code, refusal


@transaction.atomic
def card_refund(
    *,
    actor: Actor,
    order_id: int,
    amount: Decimal,
    reason: str,
    now: datetime,
    reference: str | None = None,
    card_id: int | None = None,
) -> CardRefund:
    """Give `amount` back to the card it came from, or to `card_id` alone; the provider is told after the commit.

    Answers the (last) refund written. Raises INVALID beyond what was charged and not given back, NOT_ALLOWED, NOT_FOUND. A repeated reference gives back
    once; with another order, card, sum or reason it is REFERENCE_REUSED.
    """
    actor.need(Role.ACCOUNTANT, Role.PARTS_MANAGER)
    body = {"order": order_id, "amount": amount, "reason": reason} | given(card=card_id)
    claim = reference_claim(company_id=actor.company_id, operation="card_refund", reference=reference, body=body)
    if claim.made:
        return CardRefund.objects.get(pk=claim.made)
    order = order_locked(actor, order_id)
    most = cards_refundable(order, card_id)
    if not amount.is_finite() or not ZERO < amount <= most or amount != card_amount(amount, order.currency):
        raise refusal(Code.INVALID, "amount", "amount", open=str(most), currency=order.currency)
    why = text_read(reason, "reason", most=200)
    left = amount
    cards = order.cards.filter(captured__gt=ZERO, **({"pk": card_id} if card_id else {}))
    for card in cards.order_by("-pk"):
        asked = sum((one.amount for one in card.refunds.exclude(state=RefundState.FAILED)), ZERO)
        part = min(left, card.captured - asked)
        if part > ZERO:
            row = CardRefund.objects.create(
                card=card, amount=part, origin=RefundOrigin.STAFF, reason=why, created_at=now
            )
            left -= part
    event_write(order=order, kind="card.refund", at=now, actor=actor, data={"amount": str(amount), "reason": why})
    card_message(order, now=now)
    claim.bind(row.pk)
    return row
