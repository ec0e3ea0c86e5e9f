"""GraphQL of what a company's people settle among themselves: orders over somebody's limit."""

from __future__ import annotations

from typing import Any

import graphene

from orders.models import PurchaseRequest, RequestState
from orders.schema_inputs import OrderInput, order_request
from orders.schema_types import OrderTypeNode
from orders.selectors.dressed import orders_dressed
from orders.selectors.orders import orders_for
from orders.selectors.purchase_requests import purchase_request_get, purchase_requests_for
from orders.services.requesting import (
    purchase_request_approve,
    purchase_request_make,
    purchase_request_send_back,
    purchase_request_withdraw,
)
from portal.accounts.actor import Actor
from portal.graphql import MoneyType, Node, ServiceMutation, connection_of, page, reader, row_id
from portal.graphql_types import enum_of
from portal.money import Money

RequestStateEnum = enum_of("PurchaseRequestState", RequestState)


class PurchaseRequestType(Node):
    """An order over its buyer's limit: nothing is held, priced or promised before a colleague approves it."""

    state = graphene.Field(RequestStateEnum, required=True)
    requested_by = graphene.String(required=True)
    requested_at = graphene.DateTime(required=True)
    line_count = graphene.Int(required=True)
    total = graphene.Field(MoneyType, required=True)
    decided_by = graphene.String()
    decided_at = graphene.DateTime()
    note = graphene.String(required=True)
    order_number = graphene.String()

    class Meta:
        name = "PurchaseRequest"

    @staticmethod
    def resolve_requested_by(root: PurchaseRequest, info: graphene.ResolveInfo) -> str:
        return str(root.requested_by.user)

    @staticmethod
    def resolve_total(root: PurchaseRequest, info: graphene.ResolveInfo) -> Money:
        return Money(root.total, root.currency).rounded()

    @staticmethod
    def resolve_decided_by(root: PurchaseRequest, info: graphene.ResolveInfo) -> str | None:
        return str(root.decided_by.user) if root.decided_by else None

    @staticmethod
    def resolve_order_number(root: PurchaseRequest, info: graphene.ResolveInfo) -> str | None:
        return root.order.number if root.order else None


PurchaseRequestConnection = connection_of(PurchaseRequestType)


class TeamQuery(graphene.ObjectType):
    """What waits for a colleague."""

    purchase_requests = graphene.Field(PurchaseRequestConnection, first=graphene.Int(), after=graphene.String())

    @staticmethod
    def resolve_purchase_requests(
        root: Any, info: graphene.ResolveInfo, first: int | None = None, after: str | None = None
    ) -> dict[str, Any] | None:
        actor = reader(info)
        return page(purchase_requests_for(actor), first=first, after=after) if actor else None


class PurchaseRequestMake(ServiceMutation):
    """Ask colleagues to approve an order over one's limit."""

    class Arguments:
        input = OrderInput(required=True)

    purchase_request = graphene.Field(PurchaseRequestType)

    @classmethod
    def serve(cls, actor: Actor, now: Any, input: dict[str, Any]) -> dict[str, Any]:  # noqa: A002
        made = purchase_request_make(actor=actor, request=order_request(input), now=now)
        return {"purchase_request": purchase_request_get(actor, made.pk)}


class PurchaseRequestApprove(ServiceMutation):
    """Place the order a colleague asked for, as it is now."""

    class Arguments:
        request = graphene.ID(required=True)
        note = graphene.String()

    order = graphene.Field(OrderTypeNode)

    @classmethod
    def serve(cls, actor: Actor, now: Any, request: str, note: str | None = None) -> dict[str, Any]:
        key = row_id(request, "PurchaseRequest", "request")
        order = purchase_request_approve(actor=actor, request_id=key, note=note or "", now=now)
        return {"order": orders_dressed(orders_for(actor)).get(pk=order.pk)}


class PurchaseRequestSendBack(ServiceMutation):
    """Send it back with a note."""

    class Arguments:
        request = graphene.ID(required=True)
        note = graphene.String(required=True)

    purchase_request = graphene.Field(PurchaseRequestType)

    @classmethod
    def serve(cls, actor: Actor, now: Any, request: str, note: str) -> dict[str, Any]:
        key = row_id(request, "PurchaseRequest", "request")
        purchase_request_send_back(actor=actor, request_id=key, note=note, now=now)
        return {"purchase_request": purchase_request_get(actor, key)}


class PurchaseRequestWithdraw(ServiceMutation):
    """Take one's own request back into the cart, while it waits or after it was sent back."""

    class Arguments:
        request = graphene.ID(required=True)

    purchase_request = graphene.Field(PurchaseRequestType)

    @classmethod
    def serve(cls, actor: Actor, now: Any, request: str) -> dict[str, Any]:
        key = row_id(request, "PurchaseRequest", "request")
        purchase_request_withdraw(actor=actor, request_id=key, now=now)
        return {"purchase_request": purchase_request_get(actor, key)}


class TeamMutation(graphene.ObjectType):
    """What colleagues decide."""

    purchase_request_make = PurchaseRequestMake.Field()
    purchase_request_approve = PurchaseRequestApprove.Field()
    purchase_request_send_back = PurchaseRequestSendBack.Field()
    purchase_request_withdraw = PurchaseRequestWithdraw.Field()
