"""What happened at Stripe, told by its webhooks or asked for: the same look at the truth, in whatever order it is told."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from orders.models import CardDispute, CardMovement, CardPayment, Order
from orders.services.card_applying import card_look
from orders.services.card_money import card_money_post, dispute_lost_post
from orders.services.events import event_write
from orders.stripe import DisputeTold, StripeRefused, StripeUnread, dispute_get
from portal.accounts.actor import SYSTEM
from portal.locks import lock_rows
from portal.notices.services import notice_send

_KINDS = ("payment_intent.", "charge.", "refund.")


def card_event_apply(*, kind: str, intent_id: str, dispute_id: str, now: datetime) -> tuple[bool, str]:
    """Look again at what an event is about; answers whether it was ours, and why not. Raises StripeAway: come again; StripeUnread: in vain.

    The event itself is not believed: its order, sum and state are read from Stripe, so late and repeated events do no harm.
    """
    if not kind.startswith(_KINDS):
        return False, "a kind nobody waits for"
    try:
        dispute = dispute_get(dispute_id) if dispute_id else None
        named = dispute.intent_id if dispute else intent_id
        card = CardPayment.objects.select_related("order").filter(intent_id=named or None).first()
        if card is None:
            return False, "about no payment of ours"
        if dispute and dispute.currency != card.order.currency:
            raise StripeUnread("unread:currency", dispute.currency)
        card_look(card, now=now)
    except StripeUnread:
        raise
    except StripeRefused as refused:
        return False, str(refused)
    if dispute is not None:
        dispute_apply(card_id=card.pk, told=dispute, now=now)
    return True, ""


@transaction.atomic
def dispute_apply(*, card_id: int, told: DisputeTold, now: datetime) -> CardDispute:
    """Keep a dispute as it stands; the accountant hears of a new one and of how it ended. The order goes on as it is."""
    order_id = CardPayment.objects.values_list("order_id", flat=True).get(pk=card_id)
    order = lock_rows(Order.objects.filter(pk=order_id))[0]
    card = CardPayment.objects.get(pk=card_id)
    facts = {
        "amount": told.amount,
        "reason": told.reason[:60],
        "status": told.status[:40],
        "evidence_by": told.evidence_by,
    }
    row, is_new = CardDispute.objects.get_or_create(
        dispute_id=told.id, defaults={**facts, "card": card, "opened_at": told.opened_at}
    )
    if not is_new and row.status == told.status:
        return row
    if not is_new:
        CardDispute.objects.filter(pk=row.pk).update(**facts)
        row.status = told.status
    _money(order, card, told, now)
    data = {"amount": str(told.amount), "currency": order.currency, "status": told.status, "why": told.reason}
    event_write(
        order=order, kind="card.disputed", at=now, actor=SYSTEM, data=data, event_id=f"dispute:{told.id}:{told.status}"
    )
    notice_send(
        company_id=None, role="ACCOUNTANT", kind="card.disputed", subject_kind="order", subject=order.number, data=data,
        key=f"card.disputed:{told.id}:{told.status}", now=now,
    )  # fmt: skip
    return row


def _money(order: Order, card: CardPayment, told: DisputeTold, now: datetime) -> None:
    """The bank takes the sum when a dispute opens and gives it back when it is won; lost, it is gone. An inquiry (warning) takes nothing."""
    if told.status.startswith("warning"):
        return
    for kind, applies in ((CardMovement.Kind.DISPUTED, True), (CardMovement.Kind.DISPUTE_WON, told.status == "won")):
        if applies:
            card_money_post(
                order=order, card=card, kind=kind, amount=told.amount, key=f"{told.id}:{kind}", at=now, now=now
            )
    if told.status == "lost":
        dispute_lost_post(order=order, dispute_id=told.id, amount=told.amount, now=now)
