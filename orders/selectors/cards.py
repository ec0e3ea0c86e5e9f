"""An order's cards as services and pages read them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from django.db import connection
from django.db.models import Q, Sum

from orders.models import (
    CardPayment,
    CardRefund,
    CardState,
    Order,
    PaymentMethod,
    RefundOrigin,
    RefundState,
    Review,
)
from orders.rules.cards import Card
from orders.rules.money import ZERO

BOOKED = (RefundState.PENDING, RefundState.DONE)  # refunds that have left us

_ASKED = """
SELECT (SELECT customer_id FROM orders_cardcustomer WHERE company_id = %(company)s),
       EXISTS (SELECT FROM orders_orderline WHERE order_id = %(order)s AND review = %(pending)s),
       EXISTS (SELECT FROM orders_cardpayment WHERE order_id = %(order)s),
       EXISTS (SELECT FROM orders_ledgerentry WHERE order_id = %(order)s)"""


@dataclass(frozen=True)
class CardAsked:
    """What a card form has to know of its order: how Stripe calls the buyer, whether a line waits for a person, whether a
    card was tried before, and whether the books know of the order."""

    customer_id: str | None
    undecided: bool
    tried: bool
    booked: bool


def card_asked(order: Order) -> CardAsked:
    """One query, written out, for every form begins with it."""
    with connection.cursor() as cursor:
        cursor.execute(_ASKED, {"company": order.company_id, "order": order.pk, "pending": Review.PENDING})
        return CardAsked(*cursor.fetchone())


def cards_held(order: Order, now: datetime) -> tuple[Decimal, datetime | None]:
    """What is reserved for the order on cards and not taken yet, and when the last of it was granted.

    An order that is not paid by card counts on none: what a card reserves for it is let go. Cards that were prefetched are
    read as they are in memory.
    """
    if order.payment_method != PaymentMethod.CARD:
        return ZERO, None
    living = [card for card in order.cards.all() if card.held(now)]
    granted = [card.authorised_at for card in living if card.authorised_at]
    return sum((card.held(now) for card in living), ZERO), max(granted, default=None)


def cards_asked(order: Order) -> Decimal:
    """What is on its way back to cards because too much was paid, and not in the books yet."""
    rows = CardRefund.objects.filter(card__order=order, state=RefundState.WANTED, origin=RefundOrigin.OWED)
    return rows.aggregate(sum=Sum("amount"))["sum"] or ZERO


def cards_refundable(order: Order, card_id: int | None = None) -> Decimal:
    """The most that can still be given back, to all cards or to one."""
    cards = CardPayment.objects.filter(order=order, **({"pk": card_id} if card_id else {}))
    sums = cards.aggregate(taken=Sum("captured"))
    wanted = CardRefund.objects.filter(card__in=cards).exclude(state=RefundState.FAILED)
    return (sums["taken"] or ZERO) - (wanted.aggregate(sum=Sum("amount"))["sum"] or ZERO)


def card_facts(order: Order) -> list[Card]:
    """The order's cards as the rule reads them, first to last."""
    return [
        Card(
            pk=card.pk,
            state=card.state,
            amount=card.amount,
            authorised=card.authorised,
            captured=card.captured,
            authorised_at=card.authorised_at,
            expires_at=card.expires_at,
            multicapture=card.multicapture,
            off_session=card.off_session,
            declined=bool(card.decline),
            saved=bool(card.method_id and card.customer_id),
            told=bool(card.intent_id),
        )
        for card in order.cards.all()
    ]


def cards_age(now: datetime) -> timedelta:
    """How long ago the first payment by card was begun; nothing when there was none."""
    first = CardPayment.objects.order_by("pk").first()
    return now - first.created_at if first else timedelta(0)


def cards_to_look_at(*, now: datetime, before: datetime) -> list[CardPayment]:
    """Cards whose end is open and that nobody asked about since `before`, the longest ago first."""
    rows = CardPayment.objects.filter(looked_at__lt=before).exclude(intent_id=None)
    living = Q(state__in=[CardState.OPEN, CardState.AUTHORISED])
    owed = Q(refunds__state__in=[RefundState.WANTED, RefundState.PENDING])
    return list(rows.filter(living | owed).select_related("order").distinct().order_by("looked_at")[:500])
