"""A refund somebody presses for in the store's dashboard: done by the same services as our own, or refused with their words."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from orders.models import LedgerEntry, Order
from orders.selectors.store_copy import card_source, refund_ref
from orders.services.card_refunding import card_refund
from orders.services.spending import order_refund
from portal.accounts.actor import SYSTEM
from portal.engine_mirror import RefundAnswer, RefundAsked
from portal.errors import PortalError

_WHY = "asked for in the store"


def store_refund_asked(*, asked: RefundAsked, now: datetime) -> RefundAnswer:
    """Give money back to where it came from: a card as far as it was charged, the bank what was paid too much."""
    order = Order.objects.filter(number=asked.order).first() if asked.order else None
    if order is None:
        return RefundAnswer(refused=_("This order is not one of the portal's."))
    if order.currency != asked.currency:
        return RefundAnswer(refused=_("The order is in {currency}.").format(currency=order.currency))
    try:
        with transaction.atomic():
            return _give_back(order, asked, now)
    except PortalError as refused:
        return RefundAnswer(refused="; ".join(str(one.message) for one in refused.problems))


def _give_back(order: Order, asked: RefundAsked, now: datetime) -> RefundAnswer:
    for card in order.cards.exclude(intent_id=None):
        if card_source(str(card.intent_id)) == asked.source:
            row = card_refund(
                actor=SYSTEM, order_id=order.pk, card_id=card.pk, amount=asked.amount, reason=_WHY, now=now
            )
            return RefundAnswer(ref=refund_ref(row))
    if asked.source == f"bank:{order.number}":
        order_refund(actor=SYSTEM, order_id=order.pk, amount=asked.amount, reason=_WHY, now=now)
        booked = LedgerEntry.objects.filter(order=order, key__startswith="refund:").latest("pk")
        return RefundAnswer(ref=booked.key)
    if asked.source == f"credit:{order.number}":
        return RefundAnswer(refused=_("Credit comes back by itself when an order is paid too much."))
    return RefundAnswer(refused=_("This money was not entered by the portal. Enter its refund by hand."))
