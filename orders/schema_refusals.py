"""GraphQL of what the store would not take."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import graphene
from django.utils.translation import get_language
from graphql_relay import to_global_id

from orders.models import RefusalAct, RefusalReason
from orders.schema_inputs import AddressInput, address_given
from orders.schema_types import OrderTypeNode
from orders.selectors.dressed import orders_dressed
from orders.selectors.orders import orders_for
from orders.selectors.refusals import OpenRefusal, refusals_open
from orders.services.refusals import refusal_settle
from portal import clock
from portal.accounts.actor import Actor
from portal.graphql import Node, ServiceMutation, reader, row_id
from portal.graphql_types import enum_of

ReasonEnum = enum_of("StoreRefusalReason", RefusalReason)
ActEnum = enum_of("StoreRefusalAct", [one for one in RefusalAct if one != RefusalAct.CANCEL])


class StoreRefusalType(Node):
    """A reason, still open, why the store did not take an order; `line` is null when it is about the whole."""

    order_number = graphene.String(required=True)
    position = graphene.Int(description="of the line; null when it is about the whole order")
    part_number = graphene.String()
    reason = graphene.Field(ReasonEnum, required=True)
    missing = graphene.Int(required=True, description="pieces the store does not have")
    words = graphene.String(required=True, description="the store's own")
    at = graphene.DateTime(required=True)
    free = graphene.Int(required=True, description="pieces on any shelf of the market beside those held")
    next_on = graphene.Date(description="when the rest is expected")
    successor = graphene.String()
    acts = graphene.List(graphene.NonNull(ActEnum), required=True, description="what storeRefusalSettle takes")

    class Meta:
        name = "StoreRefusal"

    @staticmethod
    def resolve_id(root: OpenRefusal, info: graphene.ResolveInfo) -> str:
        return to_global_id("StoreRefusal", root.refusal.pk)

    @staticmethod
    def resolve_order_number(root: OpenRefusal, info: graphene.ResolveInfo) -> str:
        return root.refusal.order.number

    @staticmethod
    def resolve_position(root: OpenRefusal, info: graphene.ResolveInfo) -> int | None:
        return root.refusal.line.position if root.refusal.line else None

    @staticmethod
    def resolve_part_number(root: OpenRefusal, info: graphene.ResolveInfo) -> str | None:
        return root.refusal.line.part.number if root.refusal.line else None

    @staticmethod
    def resolve_reason(root: OpenRefusal, info: graphene.ResolveInfo) -> str:
        return root.refusal.reason

    @staticmethod
    def resolve_missing(root: OpenRefusal, info: graphene.ResolveInfo) -> int:
        return root.refusal.missing

    @staticmethod
    def resolve_words(root: OpenRefusal, info: graphene.ResolveInfo) -> str:
        return root.refusal.words

    @staticmethod
    def resolve_at(root: OpenRefusal, info: graphene.ResolveInfo) -> datetime:
        return root.refusal.at

    @staticmethod
    def resolve_acts(root: OpenRefusal, info: graphene.ResolveInfo) -> list[str]:
        return [str(act) for act in root.acts]

    @staticmethod
    def resolve_successor(root: OpenRefusal, info: graphene.ResolveInfo) -> str | None:
        return root.successor.number if root.successor else None


class StoreRefusalSettle(ServiceMutation):
    """Settle one refusal; when it was the last of its order, the order is handed to the store again."""

    class Arguments:
        refusal = graphene.ID(required=True)
        act = ActEnum(required=True)
        deliver_to = AddressInput(description="the corrected address, with ADDRESS")

    order = graphene.Field(OrderTypeNode)

    @classmethod
    def serve(
        cls, actor: Actor, now: Any, refusal: str, act: str, deliver_to: dict[str, Any] | None = None
    ) -> dict[str, Any]:
        refusal_id = row_id(refusal, "StoreRefusal", "refusal")
        address = address_given(deliver_to) if deliver_to else None
        order = refusal_settle(actor=actor, refusal_id=refusal_id, act=act, deliver_to=address, now=now)
        return {"order": orders_dressed(orders_for(actor).filter(pk=order.pk))[0]}


class RefusalQuery(graphene.ObjectType):
    """What waits for a person."""

    store_refusals = graphene.List(
        graphene.NonNull(StoreRefusalType),
        required=True,
        description="what the store did not take and nobody settled; for the house",
    )

    @staticmethod
    def resolve_store_refusals(root: Any, info: graphene.ResolveInfo) -> list[OpenRefusal]:
        actor = reader(info)
        return refusals_open(actor, language=get_language() or "en", now=clock.now()) if actor else []


class RefusalMutation(graphene.ObjectType):
    """What is done about it."""

    store_refusal_settle = StoreRefusalSettle.Field()
