"""GraphQL mutations of stock, as staff move it."""

from __future__ import annotations

from typing import Any

import graphene

from catalog.schema import StockLevelType
from orders.schema_inputs import texts
from orders.services.stocking import stock_adjust, stock_count, stock_expect, stock_plan, stock_receive
from portal.accounts.actor import Actor
from portal.graphql import ServiceMutation
from portal.graphql_types import enum_of

StockReasonEnum = enum_of("StockReason", ("COUNT", "DAMAGE", "SCRAP", "FOUND", "TRANSFER", "CORRECTION"))


class StockAdjust(ServiceMutation):
    """Correct a level."""

    class Arguments:
        part_number = graphene.String(required=True)
        warehouse = graphene.String(required=True)
        change = graphene.Int(required=True)
        reason = StockReasonEnum(required=True)
        note = graphene.String()
        reference = graphene.String()

    stock_level = graphene.Field(StockLevelType)

    @classmethod
    def serve(cls, actor: Actor, now: Any, **given: Any) -> dict[str, Any]:
        return {"stock_level": stock_adjust(actor=actor, now=now, **texts(given, "note"))}


class StockExpect(ServiceMutation):
    """Announce goods on their way."""

    class Arguments:
        part_number = graphene.String(required=True)
        warehouse = graphene.String(required=True)
        quantity = graphene.Int(required=True)
        on = graphene.Date(required=True)
        reference = graphene.String()

    stock_level = graphene.Field(StockLevelType)

    @classmethod
    def serve(cls, actor: Actor, now: Any, **given: Any) -> dict[str, Any]:
        return {"stock_level": stock_expect(actor=actor, now=now, **given)}


class StockReceive(ServiceMutation):
    """Book goods in; waiting lines are filled in their turn."""

    class Arguments:
        part_number = graphene.String(required=True)
        warehouse = graphene.String(required=True)
        quantity = graphene.Int(required=True)
        reference = graphene.String()

    stock_level = graphene.Field(StockLevelType)

    @classmethod
    def serve(cls, actor: Actor, now: Any, **given: Any) -> dict[str, Any]:
        return {"stock_level": stock_receive(actor=actor, now=now, **given)}


class StockCount(ServiceMutation):
    """Somebody counted: on hand becomes what was found."""

    class Arguments:
        part_number = graphene.String(required=True)
        warehouse = graphene.String(required=True)
        counted = graphene.Int(required=True)
        note = graphene.String()
        reference = graphene.String()

    stock_level = graphene.Field(StockLevelType)

    @classmethod
    def serve(cls, actor: Actor, now: Any, **given: Any) -> dict[str, Any]:
        return {"stock_level": stock_count(actor=actor, now=now, **texts(given, "note"))}


class StockPlan(ServiceMutation):
    """Safety stock, reorder point and shelf."""

    class Arguments:
        part_number = graphene.String(required=True)
        warehouse = graphene.String(required=True)
        safety_stock = graphene.Int(required=True)
        reorder_point = graphene.Int(required=True)
        place = graphene.String()

    stock_level = graphene.Field(StockLevelType)

    @classmethod
    def serve(cls, actor: Actor, now: Any, **given: Any) -> dict[str, Any]:
        return {"stock_level": stock_plan(actor=actor, now=now, **texts(given, "place"))}


class StockMutation(graphene.ObjectType):
    """Goods that move without an order."""

    stock_adjust = StockAdjust.Field()
    stock_count = StockCount.Field()
    stock_expect = StockExpect.Field()
    stock_plan = StockPlan.Field()
    stock_receive = StockReceive.Field()
