"""The buyer pays by card: the form to do it with, and what came of it."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.db.models import QuerySet, prefetch_related_objects

from orders.models import (
    CardCustomer,
    CardPayment,
    CardState,
    EngineState,
    Order,
    OrderState,
    PaymentMethod,
)
from orders.rules.card_amounts import card_amount
from orders.rules.money import ZERO
from orders.selectors.cards import CardAsked, card_asked, cards_held
from orders.selectors.orders import order_locked, orders_for
from orders.services.advancing import order_advance, paid_so_far, payable_now
from orders.services.card_applying import card_look
from orders.services.card_settling import card_lock_name, card_next, card_told
from orders.services.card_waking import card_message
from orders.services.events import event_write
from orders.stripe import (
    StripeAway,
    StripeRefused,
    card_of_token,
    cards_are_test,
    cards_offered,
    customer_create,
    intent_cancel,
    intent_confirm,
    intent_get,
)
from portal.accounts.actor import Actor
from portal.accounts.models import Role
from portal.errors import Code, refusal
from portal.locks import key_lock_session

# Of an order what says whether it may be paid by card, and what is counted.
_MAY_PAY = ("payment_method", "state", "engine_state")
_COUNTED = (
    *_MAY_PAY, "number", "company", "currency", "total", "freight", "freight_rate", "freight_tax_rate", "prices_include_tax",
)  # fmt: skip
_LOOKED_AT = (
    "state", "intent_id", "amount", "captured", "refunded", "multicapture", "off_session", "method_id", "brand", "last4", "decline",
    "authorised", "expires_at", *(f"order__{name}" for name in _MAY_PAY),
)  # fmt: skip


@dataclass(frozen=True)
class CardForm:
    """What a card form needs: `secret` opens this one intent to the buyer's browser and nothing else."""

    order: Order
    card: CardPayment
    secret: str
    amount: Decimal
    asks: bool = False  # the bank wants the buyer to confirm
    refused: str = ""  # why it refused last


def card_open(*, actor: Actor, order_id: int, now: datetime) -> CardForm | None:
    """The form for what is open now; None when nothing is (any more). Called twice, by two tabs, it answers the same intent.

    Asks Stripe, so no transaction may be open. Raises PAYMENT_UNAVAILABLE (`cards_away`: the order stands, try again),
    WRONG_STATE for an order that takes no card, NOT_FOUND, NOT_ALLOWED: a card is its owner's, never the house's.
    """
    try:
        with key_lock_session(card_lock_name(actor.company_id, order_id)):
            return _open(_payable(actor, order_id), now)
    except StripeAway as away:
        raise refusal(Code.PAYMENT_UNAVAILABLE, "order", "cards_away") from away
    except StripeRefused as refused:
        raise refusal(Code.PAYMENT_UNAVAILABLE, "order", "cards_refused", reason=refused.code) from refused


def card_returned(*, actor: Actor, order_id: int, now: datetime) -> None:
    """The browser is back from the bank: ask Stripe what became of it. What the browser says counts for nothing."""
    mine = CardPayment.objects.filter(order=order_id, order__company=actor.company_id or 0)
    told = mine.filter(state=CardState.OPEN, intent_id__isnull=False)
    waiting = list(told.select_related("order").only(*_LOOKED_AT))
    _may_pay(actor, waiting[0].order if waiting else orders_for(actor).filter(pk=order_id).first())
    try:
        for card in waiting:
            card_look(card, now=now)
    except (StripeAway, StripeRefused) as away:
        raise refusal(Code.PAYMENT_UNAVAILABLE, "order", "cards_away") from away


def _payable(actor: Actor, order_id: int) -> Order:
    """The order as `_counted` reads it. Raises as `card_open`."""
    return _may_pay(actor, _counted(orders_for(actor)).filter(pk=order_id).first())


def _may_pay(actor: Actor, order: Order | None) -> Order:
    if order is None:
        raise refusal(Code.NOT_FOUND, "order")
    if actor.is_house:
        raise refusal(Code.NOT_ALLOWED, "order", "own_card")
    actor.need(Role.BUYER, Role.COMPANY_ADMIN)
    if order.payment_method != PaymentMethod.CARD or order.state == OrderState.CANCELLED:
        raise refusal(Code.WRONG_STATE, "order", "no_card", state=order.state)
    if order.engine_state == EngineState.REFUSED:
        raise refusal(Code.WRONG_STATE, "order", state=order.engine_state)
    if not cards_offered():
        raise refusal(Code.PAYMENT_UNAVAILABLE, "order")
    return order


def _open(order: Order, now: datetime) -> CardForm | None:
    """Under the order's card lock: look at what there is, let go of forms for another sum, answer the one that fits.

    The order is counted once, and again only after something was looked at: a first form needs no look.
    """
    asked = _asked(order)
    customer = asked.customer_id or _customer(order)
    waiting = _waiting(order, asked)
    for card in waiting:
        card_look(card, now=now)
    if waiting:
        order, asked = _again(order)
    amount = card_open_sum(order, asked, now)
    stale = [card for card in _waiting(order, asked) if card.amount != amount]
    for card in stale:
        _let_go(card, now)
    if stale:
        order, asked = _again(order)
        amount = card_open_sum(order, asked, now)
    if amount <= ZERO:
        return None
    before = list(order.cards.all()) if asked.tried else []
    wanted = (CardState.OPEN, amount, False)
    fits = [card for card in before if (card.state, card.amount, card.off_session) == wanted]
    card = fits[-1] if fits else card_next(order, amount, now, before=before, customer_id=customer)
    if not card.customer_id:
        card.customer_id = customer
        card.save(update_fields=["customer_id"])
    card, told = card_told(card, order)
    told = told or intent_get(str(card.intent_id))
    return CardForm(
        order, card, told.secret, amount, told.status == "requires_action", card.decline or _refused_last(card)
    )


def _counted(orders: QuerySet[Order]) -> QuerySet[Order]:
    return orders.select_related(None).order_by().only(*_COUNTED)


def _asked(order: Order) -> CardAsked:
    """What the form has to know; cards that were tried are in the order's memory then."""
    asked = card_asked(order)
    if asked.tried:
        prefetch_related_objects([order], "cards")
    return asked


def _again(order: Order) -> tuple[Order, CardAsked]:
    """Order and cards as they are after a look."""
    order = _counted(Order.objects.filter(pk=order.pk)).get()
    return order, _asked(order)


def _waiting(order: Order, asked: CardAsked) -> list[CardPayment]:
    cards = order.cards.all() if asked.tried else ()
    return [card for card in cards if card.state == CardState.OPEN and card.intent_id is not None]


def _refused_last(card: CardPayment) -> str:
    """Why the try before this one failed, if nothing was paid since."""
    if card.attempt == 1:
        return ""
    last = CardPayment.objects.filter(order_id=card.order_id, pk__lt=card.pk).last()
    return last.decline if last is not None and last.state == CardState.RELEASED and not last.authorised else ""


def card_pay_test(*, actor: Actor, order_id: int, token: str, now: datetime) -> None:
    """A demo's own form: pay with the card behind a token of the fake Stripe. Raises NOT_FOUND outside a demo: there the act does not exist."""
    if not cards_are_test():
        raise refusal(Code.NOT_FOUND)
    try:
        with key_lock_session(card_lock_name(actor.company_id, order_id)):
            form = _open(_payable(actor, order_id), now)
            if form is not None and not form.asks:
                _try_card(form.card, token, now)
    except (StripeAway, StripeRefused) as away:
        raise refusal(Code.PAYMENT_UNAVAILABLE, "order", "cards_away") from away


def _try_card(card: CardPayment, token: str, now: datetime) -> None:
    """The fake takes no second card on an intent whose first was refused, so that one is let go and the next try gets another."""
    intent = str(card.intent_id)
    try:
        intent_confirm(intent, method_id=card_of_token(token), key=f"{intent}:{token}")
        card_look(card, now=now)
    except StripeRefused as refused:
        CardPayment.objects.filter(pk=card.pk, state=CardState.OPEN).update(decline=refused.code[:60])
        _let_go(CardPayment.objects.get(pk=card.pk), now)


def card_open_sum(order: Order, asked: CardAsked, now: datetime) -> Decimal:
    """What is still to be reserved on a card for the decided lines; of an order none of which waits for a decision that is its total."""
    due = payable_now(order, list(order.lines.all())) if asked.undecided else order.total
    paid = paid_so_far(order) if asked.booked else ZERO
    held = cards_held(order, now)[0] if asked.tried else ZERO
    return card_amount(max(due - paid - held, ZERO), order.currency)


def _let_go(card: CardPayment, now: datetime) -> None:
    with suppress(StripeRefused):  # it was paid a moment ago: the look says so
        intent_cancel(str(card.intent_id), key=f"{card.intent_id}:cancel:{card.captured}")
    card_look(card, now=now)


def _customer(order: Order) -> str:
    """Stripe's name for the buyer's company, made once."""
    told = customer_create(company_id=order.company_id, name=order.company.name)
    row, _ = CardCustomer.objects.get_or_create(company_id=order.company_id, defaults={"customer_id": told})
    return row.customer_id


@transaction.atomic
def order_pay_by_transfer(*, actor: Actor, order_id: int, now: datetime) -> Order:
    """Pay an order by transfer in advance instead of by card; what a form has opened is let go. Raises WRONG_STATE once a card was accepted: the clock runs."""
    actor.need(Role.BUYER, Role.COMPANY_ADMIN, Role.SERVICE_DESK, Role.PARTS_MANAGER)
    order = order_locked(actor, order_id)
    # lapsed, too: cleared lines leave as soon as nothing holds them
    paid = order.cards.filter(authorised__gt=ZERO).exists()
    if order.payment_method != PaymentMethod.CARD or order.state == OrderState.CANCELLED or paid:
        raise refusal(Code.WRONG_STATE, "order", "no_card", state=order.state)
    order.payment_method = PaymentMethod.TRANSFER
    order.save(update_fields=["payment_method"])
    event_write(order=order, kind="method", at=now, actor=actor, data={"method": PaymentMethod.TRANSFER})
    order_advance(order=order, at=now, now=now, actor=actor)
    if order.cards.filter(state=CardState.OPEN).exists():
        card_message(order, now=now)
    return order
