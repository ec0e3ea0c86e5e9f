"""GraphQL of cards: what was reserved, charged and given back; and the form for the buyer's own client."""

from __future__ import annotations

from typing import Any

import graphene
from django.conf import settings
from django.urls import reverse

from orders.card_words import decline_message
from orders.models import CardPayment, CardState, Order, PaymentMethod, RefundOrigin, RefundState
from orders.schema_types import OrderTypeNode, PaymentType
from orders.selectors.dressed import orders_dressed
from orders.selectors.orders import orders_for
from orders.services.card_paying import card_open, order_pay_by_transfer
from orders.services.card_refunding import card_refund
from portal.accounts.actor import Actor
from portal.graphql import MoneyType, Node, ServiceMutation, extend, row_id
from portal.graphql_types import enum_of
from portal.money import Money

CardStateEnum = enum_of("CardState", CardState)
RefundStateEnum = enum_of("RefundState", RefundState)
RefundOriginEnum = enum_of("RefundOrigin", RefundOrigin)


class CardRefundType(Node):
    """Money given back to a card."""

    amount = graphene.Field(MoneyType, required=True)
    state = graphene.Field(RefundStateEnum, required=True)
    origin = graphene.Field(RefundOriginEnum, required=True)
    created_at = graphene.DateTime(required=True)

    class Meta:
        name = "CardRefund"

    @staticmethod
    def resolve_amount(root: Any, info: graphene.ResolveInfo) -> Money:
        return Money(root.amount, root.card.order.currency).rounded()


class CardDisputeType(Node):
    """A charge the card's owner disputes at the bank."""

    amount = graphene.Field(MoneyType, required=True)
    reason = graphene.String(required=True)
    status = graphene.String(
        required=True, description="as Stripe calls it: needs_response, under_review, won, lost ..."
    )
    opened_at = graphene.DateTime(required=True)

    class Meta:
        name = "CardDispute"

    @staticmethod
    def resolve_amount(root: Any, info: graphene.ResolveInfo) -> Money:
        return Money(root.amount, root.card.order.currency).rounded()


class CardPaymentType(Node):
    """One payment by card. AUTHORISED is reserved, which starts the clock; CAPTURED is charged, which happens as goods leave."""

    state = graphene.Field(CardStateEnum, required=True)
    amount = graphene.Field(MoneyType, required=True)
    authorised = graphene.Field(MoneyType, required=True)
    captured = graphene.Field(MoneyType, required=True)
    refunded = graphene.Field(MoneyType, required=True)
    brand = graphene.String()
    last4 = graphene.String()
    authorised_at = graphene.DateTime()
    expires_at = graphene.DateTime(description="until then it can be charged; renewed by itself before")
    decline = graphene.String(description="the bank's code when it refused last")
    decline_message = graphene.String(description="the refusal in words, and what to do")
    refunds = graphene.List(graphene.NonNull(CardRefundType), required=True)
    disputes = graphene.List(graphene.NonNull(CardDisputeType), required=True)

    class Meta:
        name = "CardPayment"

    @staticmethod
    def resolve_decline(root: CardPayment, info: graphene.ResolveInfo) -> str | None:
        return root.decline or None

    @staticmethod
    def resolve_decline_message(root: CardPayment, info: graphene.ResolveInfo) -> str | None:
        return decline_message(root.decline) or None

    @staticmethod
    def resolve_refunds(root: CardPayment, info: graphene.ResolveInfo) -> list[Any]:
        return list(root.refunds.all())

    @staticmethod
    def resolve_disputes(root: CardPayment, info: graphene.ResolveInfo) -> list[Any]:
        return list(root.disputes.all())


for _name in ("amount", "authorised", "captured", "refunded"):

    def _money(root: CardPayment, info: graphene.ResolveInfo, name: str = _name) -> Money:
        return Money(getattr(root, name), root.order.currency).rounded()

    setattr(CardPaymentType, f"resolve_{_name}", staticmethod(_money))


def _cards(root: Order, info: graphene.ResolveInfo) -> list[CardPayment]:
    return sorted(root.cards.all(), key=lambda one: one.pk)


def _pay_url(root: Order, info: graphene.ResolveInfo) -> str | None:
    """Where the buyer pays, while there is something to pay by card."""
    if (
        root.payment_method != PaymentMethod.CARD
        or root.payment_state not in ("UNPAID", "PARTLY_PAID")
        or root.state == "CANCELLED"
    ):
        return None
    return str(info.context.build_absolute_uri(reverse("pay", args=[root.number])))


extend(OrderTypeNode, "cards", graphene.Field(graphene.List(graphene.NonNull(CardPaymentType)), required=True), _cards)
extend(
    OrderTypeNode,
    "pay_url",
    graphene.Field(graphene.String, description="the payment page, while a card payment is open"),
    _pay_url,
)
extend(PaymentType, "card", graphene.Field(CardPaymentType), lambda root, info: root.card)


class OrderPayCard(ServiceMutation):
    """Open the card form for what is to be paid: `clientSecret` and `publishableKey` are for Stripe's own elements in the buyer's client.

    All null when nothing is open. Asking again answers the same form. What became of it is told by Stripe, never by the client.
    """

    class Arguments:
        order = graphene.ID(required=True)

    order = graphene.Field(OrderTypeNode)
    card = graphene.Field(CardPaymentType)
    client_secret = graphene.String()
    publishable_key = graphene.String()

    @classmethod
    def serve(cls, actor: Actor, now: Any, order: str) -> dict[str, Any]:
        order_id = row_id(order, "Order", "order")
        form = card_open(actor=actor, order_id=order_id, now=now)
        seen = orders_dressed(orders_for(actor)).get(pk=order_id)
        if form is None:
            return {"order": seen}
        key = settings.STRIPE_PUBLISHABLE_KEY
        return {"order": seen, "card": form.card, "client_secret": form.secret, "publishable_key": key}


class OrderRefundCard(ServiceMutation):
    """Give charged money back to the card it came from; told to Stripe at once, done when `cards { refunds { state } }` says so."""

    class Arguments:
        order = graphene.ID(required=True)
        amount = graphene.Decimal(required=True)
        reason = graphene.String(required=True)
        reference = graphene.String()

    order = graphene.Field(OrderTypeNode)
    refund = graphene.Field(CardRefundType)

    @classmethod
    def serve(cls, actor: Actor, now: Any, order: str, **given: Any) -> dict[str, Any]:
        order_id = row_id(order, "Order", "order")
        refund = card_refund(actor=actor, order_id=order_id, now=now, **given)
        return {"order": orders_dressed(orders_for(actor)).get(pk=order_id), "refund": refund}


class OrderPayByTransfer(ServiceMutation):
    """Pay by transfer in advance instead of by card."""

    class Arguments:
        order = graphene.ID(required=True)

    order = graphene.Field(OrderTypeNode)

    @classmethod
    def serve(cls, actor: Actor, now: Any, order: str) -> dict[str, Any]:
        done = order_pay_by_transfer(actor=actor, order_id=row_id(order, "Order", "order"), now=now)
        return {"order": orders_dressed(orders_for(actor)).get(pk=done.pk)}
