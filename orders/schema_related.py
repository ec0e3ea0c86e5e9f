"""What orders add to the types below them: a promise's lines and credits, a machine's and a card's orders."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import graphene

from orders.schema_types import CreditType, OrderLineType, OrderTypeNode, orders_told
from orders.selectors.dressed import lines_by_ref, orders_dressed, promise_accruals
from orders.selectors.orders import orders_for
from orders.selectors.related import RelatedLine, lines_by_card, lines_by_machine
from portal.graphql import Batch, Node, batch, extend, reader
from portal.promises.models import Promise
from portal.promises.schema import PromiseState, PromiseType, promises_told
from warranty.models import Equipment, RepairCard
from warranty.schema_batches import announced
from warranty.schema_types import EquipmentType, PayerEnum, RepairCardType

MOST = 100


class PromiseLineType(graphene.ObjectType):
    """Pieces of a line a promise names."""

    line = graphene.Field(OrderLineType)
    quantity = graphene.Int(required=True)
    cancelled = graphene.Int(required=True)

    class Meta:
        name = "PromiseLine"


class PromiseBriefType(graphene.ObjectType):
    """A promise as owner and dealer see each other's: the day, never the money."""

    policy = graphene.String(required=True)
    state = graphene.Field(PromiseState, required=True)
    due_at = graphene.DateTime()

    class Meta:
        name = "PromiseBrief"

    @staticmethod
    def resolve_policy(root: Promise, info: graphene.ResolveInfo) -> str:
        return root.policy_code


class RelatedLineType(Node):
    """A line somebody ordered for the machine: quantities and payer, never prices."""

    order_number = graphene.String(required=True)
    company = graphene.String(required=True)
    part_number = graphene.String(required=True)
    quantity = graphene.Int(required=True)
    shipped = graphene.Int(required=True)
    payer = graphene.Field(PayerEnum, required=True)
    placed_at = graphene.DateTime(required=True)
    promise = graphene.Field(PromiseBriefType)

    class Meta:
        name = "RelatedLine"


def _lines(root: Promise, info: graphene.ResolveInfo) -> list[dict[str, Any]]:
    rows = list(root.lines.all())
    if root.subject_kind != "order":
        return []
    orders = orders_for(reader(info))
    lines: Batch[str, Any] = batch(info, "promise_lines", lambda refs: lines_by_ref(refs, orders))
    lines.want(row.ref for one in promises_told(info, [root]) for row in one.lines.all())
    return [{"line": lines.get(row.ref), "quantity": row.quantity, "cancelled": row.cancelled} for row in rows]


def _credits(root: Promise, info: graphene.ResolveInfo) -> list[Any]:
    orders = orders_for(reader(info))
    accruals: Batch[int, list[Any]] = batch(info, "promise_credits", lambda keys: promise_accruals(keys, orders))
    accruals.want(one.pk for one in promises_told(info, [root]))
    return accruals.get(root.pk) or []


def _orders_of_card(root: RepairCard, info: graphene.ResolveInfo) -> list[Any]:
    return _orders(root, info, "card")


def _orders_of_machine(root: Equipment, info: graphene.ResolveInfo) -> list[Any]:
    return _orders(root, info, "equipment")


def _orders(root: Any, info: graphene.ResolveInfo, by: str) -> list[Any]:
    """The newest orders the reader may see with a line for this card or machine, loaded for all announced ones at once."""

    def load(keys: set[int]) -> dict[int, list[Any]]:
        rows = orders_for(reader(info)).filter(**{f"lines__{by}__in": keys}).distinct()
        found: dict[int, list[Any]] = {key: [] for key in keys}
        orders = list(orders_dressed(rows))
        orders_told(info, orders)
        for order in orders:
            for key in {getattr(line, f"{by}_id") for line in order.lines.all()} & keys:
                found[key].append(order)
        return {key: of_one[:MOST] for key, of_one in found.items()}

    batched: Batch[int, list[Any]] = batch(info, f"orders_by_{by}", load)
    batched.want(announced(info, by))
    return batched.get(root.pk) or []


def _lines_of_card(root: RepairCard, info: graphene.ResolveInfo) -> list[RelatedLine]:
    return _related(root, info, "card", lines_by_card)


def _lines_of_machine(root: Equipment, info: graphene.ResolveInfo) -> list[RelatedLine]:
    return _related(root, info, "equipment", lines_by_machine)


def _related(root: Any, info: graphene.ResolveInfo, by: str, load: Callable[..., Any]) -> list[RelatedLine]:
    actor = reader(info)
    if actor is None:
        return []
    batched: Batch[int, list[RelatedLine]] = batch(info, f"lines_by_{by}", lambda keys: load(actor, keys))
    batched.want(announced(info, by))
    return batched.get(root.pk) or []


def _many(kind: Any) -> graphene.Field:
    return graphene.Field(graphene.List(graphene.NonNull(kind)), required=True)


extend(PromiseType, "lines", _many(PromiseLineType), _lines)
extend(PromiseType, "credits", _many(CreditType), _credits)
extend(RepairCardType, "orders", _many(OrderTypeNode), _orders_of_card)
extend(RepairCardType, "order_lines", _many(RelatedLineType), _lines_of_card)
extend(EquipmentType, "orders", _many(OrderTypeNode), _orders_of_machine)
extend(EquipmentType, "order_lines", _many(RelatedLineType), _lines_of_machine)
