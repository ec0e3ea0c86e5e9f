"""What orders add to the types below them: a promise's lines and credits, a machine's and a card's orders."""

from __future__ import annotations

from typing import Any

import graphene

from orders.schema_types import CreditType, OrderLineType, OrderTypeNode, orders_seen
from orders.selectors.dressed import lines_by_ref, orders_dressed, promise_accruals
from orders.selectors.orders import orders_for
from orders.selectors.related import RelatedLine, lines_of_card, lines_of_machine
from portal.graphql import Batch, Node, batch, extend, reader
from portal.promises.models import Promise
from portal.promises.schema import PromiseType
from warranty.models import Equipment, RepairCard
from warranty.schema_types import EquipmentType, PayerEnum, RepairCardType

MOST = 100


class PromiseLineType(graphene.ObjectType):
    """Pieces of a line a promise names."""

    line = graphene.Field(OrderLineType)
    quantity = graphene.Int(required=True)
    cancelled = graphene.Int(required=True)

    class Meta:
        name = "PromiseLine"


class RelatedLineType(Node):
    """A line somebody ordered for the machine: quantities and payer, never prices."""

    order_number = graphene.String(required=True)
    company = graphene.String(required=True)
    part_number = graphene.String(required=True)
    quantity = graphene.Int(required=True)
    shipped = graphene.Int(required=True)
    payer = graphene.Field(PayerEnum, required=True)
    placed_at = graphene.DateTime(required=True)
    promise = graphene.Field(PromiseType)

    class Meta:
        name = "RelatedLine"


def _lines(root: Promise, info: graphene.ResolveInfo) -> list[dict[str, Any]]:
    rows = list(root.lines.all())
    if root.subject_kind != "order":
        return []
    lines: Batch[str, Any] = batch(info, "promise_lines", lines_by_ref)
    lines.want(row.ref for row in rows)
    return [{"line": lines.get(row.ref), "quantity": row.quantity, "cancelled": row.cancelled} for row in rows]


def _credits(root: Promise, info: graphene.ResolveInfo) -> list[Any]:
    accruals: Batch[int, list[Any]] = batch(info, "promise_credits", promise_accruals)
    return accruals.get(root.pk) or []


def _orders_of_card(root: RepairCard, info: graphene.ResolveInfo) -> list[Any]:
    rows = orders_for(reader(info)).filter(lines__card=root.pk).distinct()
    return _seen(info, list(orders_dressed(rows)[:MOST]))


def _orders_of_machine(root: Equipment, info: graphene.ResolveInfo) -> list[Any]:
    rows = orders_for(reader(info)).filter(lines__equipment=root.pk).distinct()
    return _seen(info, list(orders_dressed(rows)[:MOST]))


def _seen(info: graphene.ResolveInfo, orders: list[Any]) -> list[Any]:
    orders_seen(info).update(order.number for order in orders)
    return orders


def _lines_of_card(root: RepairCard, info: graphene.ResolveInfo) -> list[RelatedLine]:
    actor = reader(info)
    return lines_of_card(actor, root.pk) if actor else []


def _lines_of_machine(root: Equipment, info: graphene.ResolveInfo) -> list[RelatedLine]:
    actor = reader(info)
    return lines_of_machine(actor, root.pk) if actor else []


def _many(kind: Any) -> graphene.Field:
    return graphene.Field(graphene.List(graphene.NonNull(kind)), required=True)


extend(PromiseType, "lines", _many(PromiseLineType), _lines)
extend(PromiseType, "credits", _many(CreditType), _credits)
extend(RepairCardType, "orders", _many(OrderTypeNode), _orders_of_card)
extend(RepairCardType, "order_lines", _many(RelatedLineType), _lines_of_card)
extend(EquipmentType, "orders", _many(OrderTypeNode), _orders_of_machine)
extend(EquipmentType, "order_lines", _many(RelatedLineType), _lines_of_machine)
