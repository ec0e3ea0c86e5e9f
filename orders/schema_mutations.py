"""GraphQL of orders: what buyers and staff do."""

from __future__ import annotations

from typing import Any

import graphene

from orders.schema_cards import OrderPayByTransfer, OrderPayCard, OrderRefundCard
from orders.schema_inputs import (
    OrderInput,
    ReturnLineInput,
    ShipmentLineInput,
    order_request,
    return_lines,
    ship_lines,
    texts,
)
from orders.schema_types import (
    HoldReasonEnum,
    OrderLineType,
    OrderTypeNode,
    PaymentMethodEnum,
    PaymentType,
    ReturnReasonEnum,
    ReturnType,
    ShipmentType,
)
from orders.selectors.dressed import orders_dressed
from orders.selectors.orders import orders_for
from orders.services.cancelling import order_cancel
from orders.services.holding import order_hold, order_release
from orders.services.paying import order_approve, order_pay
from orders.services.placing import order_place
from orders.services.returning import return_create, return_receive
from orders.services.reviewing import line_review
from orders.services.shipping import shipment_correct, shipment_create, shipment_deliver
from portal.accounts.actor import Actor
from portal.graphql import ServiceMutation, row_id
from warranty.schema_types import CoverageDecisionType, PayerEnum, coverage_dict


def _seen(actor: Actor, order_id: int) -> Any:
    """The order as it is now, dressed."""
    return orders_dressed(orders_for(actor)).get(pk=order_id)


class OrderPlace(ServiceMutation):
    """Place an order, all lines or none."""

    class Arguments:
        input = OrderInput(required=True)

    order = graphene.Field(OrderTypeNode)

    @classmethod
    def serve(cls, actor: Actor, now: Any, input: dict[str, Any]) -> dict[str, Any]:  # noqa: A002
        return {"order": _seen(actor, order_place(actor=actor, request=order_request(input), now=now).pk)}


class OrderPay(ServiceMutation):
    """Record money that came by other ways."""

    class Arguments:
        order = graphene.ID(required=True)
        method = PaymentMethodEnum(required=True)
        amount = graphene.Decimal()
        received_at = graphene.DateTime()
        reference = graphene.String()
        note = graphene.String()

    order = graphene.Field(OrderTypeNode)
    payment = graphene.Field(PaymentType)

    @classmethod
    def serve(cls, actor: Actor, now: Any, order: str, **given: Any) -> dict[str, Any]:
        payment = order_pay(actor=actor, order_id=row_id(order, "Order", "order"), now=now, **texts(given, "note"))
        return {"order": _seen(actor, payment.order_id), "payment": payment}


class OrderApprove(ServiceMutation):
    """Approve an order over its credit limit."""

    class Arguments:
        order = graphene.ID(required=True)
        note = graphene.String()

    order = graphene.Field(OrderTypeNode)

    @classmethod
    def serve(cls, actor: Actor, now: Any, order: str, note: str | None = None) -> dict[str, Any]:
        return {
            "order": _seen(
                actor, order_approve(actor=actor, order_id=row_id(order, "Order", "order"), note=note or "", now=now).pk
            )
        }


class OrderCancel(ServiceMutation):
    """Cancel what is not handed over; no lines: everything."""

    class Arguments:
        order = graphene.ID(required=True)
        lines = graphene.List(graphene.NonNull(graphene.ID))
        reason = graphene.String(required=True)

    order = graphene.Field(OrderTypeNode)

    @classmethod
    def serve(cls, actor: Actor, now: Any, order: str, reason: str, lines: list[str] | None = None) -> dict[str, Any]:
        order_id = row_id(order, "Order", "order")
        line_ids = [row_id(one, "OrderLine", "lines") for one in lines] if lines is not None else None
        return {
            "order": _seen(
                actor, order_cancel(actor=actor, order_id=order_id, line_ids=line_ids, reason=reason, now=now).pk
            )
        }


class OrderHold(ServiceMutation):
    """Hold an order back for a reason."""

    class Arguments:
        order = graphene.ID(required=True)
        reason = HoldReasonEnum(required=True)
        note = graphene.String(required=True)

    order = graphene.Field(OrderTypeNode)

    @classmethod
    def serve(cls, actor: Actor, now: Any, order: str, reason: str, note: str) -> dict[str, Any]:
        order_id = row_id(order, "Order", "order")
        return {"order": _seen(actor, order_hold(actor=actor, order_id=order_id, reason=reason, note=note, now=now).pk)}


class OrderRelease(ServiceMutation):
    """End the hold."""

    class Arguments:
        order = graphene.ID(required=True)

    order = graphene.Field(OrderTypeNode)

    @classmethod
    def serve(cls, actor: Actor, now: Any, order: str) -> dict[str, Any]:
        return {"order": _seen(actor, order_release(actor=actor, order_id=row_id(order, "Order", "order"), now=now).pk)}


class ShipmentCreate(ServiceMutation):
    """Hand goods over to a carrier; no lines: all that remain on the shelf, one shipment a warehouse."""

    class Arguments:
        order = graphene.ID(required=True)
        lines = graphene.List(graphene.NonNull(ShipmentLineInput))
        carrier = graphene.String(required=True)
        tracking_number = graphene.String()
        warehouse = graphene.String()
        shipped_at = graphene.DateTime()
        reference = graphene.String()

    shipment = graphene.Field(ShipmentType)
    shipments = graphene.List(graphene.NonNull(ShipmentType))
    order = graphene.Field(OrderTypeNode)

    @classmethod
    def serve(cls, actor: Actor, now: Any, order: str, lines: Any = None, **given: Any) -> dict[str, Any]:
        order_id = row_id(order, "Order", "order")
        made = shipment_create(
            actor=actor, order_id=order_id, lines=ship_lines(lines), now=now, **texts(given, "tracking_number")
        )
        return {"shipment": made[0], "shipments": made, "order": _seen(actor, order_id)}


class ShipmentDeliver(ServiceMutation):
    """Record a delivery."""

    class Arguments:
        shipment = graphene.ID(required=True)
        delivered_at = graphene.DateTime()
        received_by = graphene.String()

    shipment = graphene.Field(ShipmentType)
    order = graphene.Field(OrderTypeNode)

    @classmethod
    def serve(cls, actor: Actor, now: Any, shipment: str, **given: Any) -> dict[str, Any]:
        shipment_id = row_id(shipment, "Shipment", "shipment")
        done = shipment_deliver(actor=actor, shipment_id=shipment_id, now=now, **texts(given, "received_by"))
        return {"shipment": done, "order": _seen(actor, done.order_id)}


class ShipmentCorrect(ServiceMutation):
    """Late proof of when it really happened."""

    class Arguments:
        shipment = graphene.ID(required=True)
        shipped_at = graphene.DateTime()
        delivered_at = graphene.DateTime()
        evidence = graphene.String(required=True)

    shipment = graphene.Field(ShipmentType)
    order = graphene.Field(OrderTypeNode)

    @classmethod
    def serve(cls, actor: Actor, now: Any, shipment: str, **given: Any) -> dict[str, Any]:
        done = shipment_correct(actor=actor, shipment_id=row_id(shipment, "Shipment", "shipment"), now=now, **given)
        return {"shipment": done, "order": _seen(actor, done.order_id)}


class ReturnCreate(ServiceMutation):
    """Announce a return."""

    class Arguments:
        order = graphene.ID(required=True)
        lines = graphene.List(graphene.NonNull(ReturnLineInput), required=True)
        reason = ReturnReasonEnum(required=True)
        reference = graphene.String()

    return_ = graphene.Field(ReturnType, name="return")
    returns = graphene.List(graphene.NonNull(ReturnType))
    order = graphene.Field(OrderTypeNode)

    @classmethod
    def serve(cls, actor: Actor, now: Any, order: str, lines: list[dict[str, Any]], **given: Any) -> dict[str, Any]:
        order_id = row_id(order, "Order", "order")
        rows = return_create(actor=actor, order_id=order_id, lines=return_lines(lines), now=now, **given)
        return {"return_": rows[0], "returns": rows, "order": _seen(actor, order_id)}


class ReturnReceive(ServiceMutation):
    """Book what came back; also an expected old part."""

    class Arguments:
        quantity = graphene.Int()
        condition = graphene.String()
        saleable = graphene.Boolean(default_value=True, description="false: it does not go back on the shelf")
        good = graphene.Boolean(
            default_value=True, description="false: an old unit that cannot be rebuilt, its deposit is kept"
        )
        return_ = graphene.ID(required=True, name="return")

    return_ = graphene.Field(ReturnType, name="return")
    order = graphene.Field(OrderTypeNode)

    @classmethod
    def serve(cls, actor: Actor, now: Any, **given: Any) -> dict[str, Any]:
        return_id = row_id(given.pop("return_"), "Return", "return")
        row = return_receive(actor=actor, return_id=return_id, now=now, **texts(given, "condition"))
        return {"return_": row, "order": _seen(actor, row.line.order_id)}


class CoverageReview(ServiceMutation):
    """A person decides who pays for a line."""

    class Arguments:
        line = graphene.ID(required=True)
        payer = PayerEnum(required=True)
        customer_share = graphene.Decimal()
        note = graphene.String(required=True)

    coverage = graphene.Field(CoverageDecisionType)
    line = graphene.Field(OrderLineType)
    order = graphene.Field(OrderTypeNode)

    @classmethod
    def serve(
        cls, actor: Actor, now: Any, line: str, payer: str, note: str, customer_share: Any = None
    ) -> dict[str, Any]:
        line_id = row_id(line, "OrderLine", "line")
        done = line_review(actor=actor, line_id=line_id, payer=payer, customer_share=customer_share, note=note, now=now)
        return {"coverage": coverage_dict(done.decision), "line": done, "order": _seen(actor, done.order_id)}


class Mutation(graphene.ObjectType):
    """From order to return."""

    order_place = OrderPlace.Field()
    order_pay = OrderPay.Field()
    order_pay_card = OrderPayCard.Field()
    order_pay_by_transfer = OrderPayByTransfer.Field()
    order_refund_card = OrderRefundCard.Field()
    order_approve = OrderApprove.Field()
    order_cancel = OrderCancel.Field()
    order_hold = OrderHold.Field()
    order_release = OrderRelease.Field()
    shipment_create = ShipmentCreate.Field()
    shipment_deliver = ShipmentDeliver.Field()
    shipment_correct = ShipmentCorrect.Field()
    return_create = ReturnCreate.Field()
    return_receive = ReturnReceive.Field()
    coverage_review = CoverageReview.Field()
