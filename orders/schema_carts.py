"""GraphQL of what is meant to be ordered: the caller's cart, the company's saved lists."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import graphene
from django.utils.translation import get_language

from catalog.selectors.listing import Shopper
from orders.models import CartLine, SavedList
from orders.schema_inputs import OrderLineInput, line_request
from orders.selectors.saved_lists import saved_list_get, saved_lists_for
from orders.services.carts import cart_add, cart_lines
from orders.services.enquiring import enquiry_order
from orders.services.restocking import USUAL, RestockRow, restock_page
from orders.services.saved_lists import (
    order_again,
    saved_list_change,
    saved_list_drop,
    saved_list_make,
    saved_list_order,
)
from orders.types import LineRequest
from portal import clock
from portal.accounts.actor import Actor
from portal.errors import Code, refusal
from portal.graphql import Node, ServiceMutation, reader, row_id

MOST_WEEKS = 52


class CartLineType(Node):
    """A wish as it was typed; judged when it is ordered, or by `quote`."""

    part_number = graphene.String(required=True)
    quantity = graphene.Int(required=True)
    serial = graphene.String(required=True)
    repair_card = graphene.String(required=True)

    class Meta:
        name = "CartLine"


class SavedListLineType(graphene.ObjectType):
    """A wish of a list."""

    part_number = graphene.String(required=True)
    quantity = graphene.Int(required=True)
    serial = graphene.String(required=True)

    class Meta:
        name = "SavedListLine"


class SavedListType(Node):
    """A list the company orders again and again; `version` grows with every change."""

    name = graphene.String(required=True)
    version = graphene.Int(required=True)
    changed_at = graphene.DateTime(required=True)
    changed_by = graphene.String()
    lines = graphene.List(graphene.NonNull(SavedListLineType), required=True)

    class Meta:
        name = "SavedList"

    @staticmethod
    def resolve_changed_by(root: SavedList, info: graphene.ResolveInfo) -> str | None:
        return str(root.changed_by.user) if root.changed_by else None

    @staticmethod
    def resolve_lines(root: SavedList, info: graphene.ResolveInfo) -> list[Any]:
        return list(root.lines.all())


class SavedListLineInput(graphene.InputObjectType):
    """A wish of a list."""

    part_number = graphene.String(required=True)
    quantity = graphene.Int(required=True)
    serial = graphene.String()


class RestockRowType(graphene.ObjectType):
    """What one's own history proposes to order of a part; `left` and `need` are reckoned, `state` GOOD, SHORT, STOP_SALE or NO_PRICE."""

    part_number = graphene.String(required=True)
    name = graphene.String(required=True)
    quantity = graphene.Int(required=True)
    state = graphene.String(required=True)
    rate_per_week = graphene.Decimal(required=True)
    left = graphene.Decimal(required=True)
    on_order = graphene.Int(required=True)
    in_cart = graphene.Int(required=True)
    need = graphene.Decimal(required=True)
    lead_days = graphene.Int(required=True)

    class Meta:
        name = "RestockRow"


class CartQuery(graphene.ObjectType):
    """The caller's cart and the company's lists."""

    cart = graphene.List(graphene.NonNull(CartLineType))
    saved_lists = graphene.List(graphene.NonNull(SavedListType))
    restock = graphene.List(graphene.NonNull(RestockRowType), cover_weeks=graphene.Int(default_value=USUAL))

    @staticmethod
    def resolve_restock(root: Any, info: graphene.ResolveInfo, cover_weeks: int) -> list[dict[str, Any]] | None:
        actor = reader(info)
        if actor is None or actor.company_id is None:
            return None
        kind = "CUSTOMER" if actor.is_house else actor.company_kind
        shopper = Shopper(actor.market, kind, actor.discount_class, get_language() or "en")
        weeks = min(max(cover_weeks, 1), MOST_WEEKS)
        found = restock_page(actor=actor, shopper=shopper, cover_weeks=weeks, now=clock.now())
        return [_restock_row(row, found.horizon.lead_days) for row in found.rows]

    @staticmethod
    def resolve_cart(root: Any, info: graphene.ResolveInfo) -> list[CartLine] | None:
        actor = reader(info)
        return cart_lines(actor) if actor else None

    @staticmethod
    def resolve_saved_lists(root: Any, info: graphene.ResolveInfo) -> Any:
        actor = reader(info)
        return saved_lists_for(actor).prefetch_related("lines") if actor else None


class CartAdd(ServiceMutation):
    """Put wishes into the caller's cart: lines, an order again (all of it or some lines), a saved list, or the parts of an answer."""

    class Arguments:
        lines = graphene.List(graphene.NonNull(OrderLineInput))
        order = graphene.ID()
        order_lines = graphene.List(graphene.NonNull(graphene.ID))
        saved_list = graphene.ID()
        enquiry = graphene.ID()

    cart = graphene.List(graphene.NonNull(CartLineType))

    @classmethod
    def serve(
        cls,
        actor: Actor,
        now: Any,
        lines: Any = None,
        order: str | None = None,
        order_lines: Any = None,
        saved_list: str | None = None,
        enquiry: str | None = None,
    ) -> dict[str, Any]:
        if sum(1 for one in (lines, order, saved_list, enquiry) if one is not None) != 1:
            raise refusal(Code.INVALID, "lines", "one_source")
        if order is not None:
            keys = None if order_lines is None else [row_id(one, "OrderLine", "orderLines") for one in order_lines]
            cart = order_again(actor=actor, order_id=row_id(order, "Order", "order"), line_ids=keys, now=now)
        elif enquiry is not None:
            cart = enquiry_order(actor=actor, enquiry_id=row_id(enquiry, "Enquiry", "enquiry"), now=now)
        elif saved_list is not None:
            cart = saved_list_order(actor=actor, list_id=row_id(saved_list, "SavedList", "savedList"), now=now)
        else:
            cart = cart_add(actor=actor, lines=[line_request(one) for one in lines], now=now)
        return {"cart": cart}


class SavedListMake(ServiceMutation):
    """Keep a list of parts for the company."""

    class Arguments:
        name = graphene.String(required=True)
        lines = graphene.List(graphene.NonNull(SavedListLineInput), required=True)

    saved_list = graphene.Field(SavedListType)

    @classmethod
    def serve(cls, actor: Actor, now: Any, name: str, lines: Any) -> dict[str, Any]:
        made = saved_list_make(actor=actor, name=name, lines=_wishes(lines), now=now)
        return {"saved_list": saved_list_get(actor, made.pk)}


class SavedListChange(ServiceMutation):
    """Write a list anew; with `version` only over the version the caller has read."""

    class Arguments:
        list = graphene.ID(required=True)
        name = graphene.String(required=True)
        lines = graphene.List(graphene.NonNull(SavedListLineInput), required=True)
        version = graphene.Int()

    saved_list = graphene.Field(SavedListType)

    @classmethod
    def serve(
        cls,
        actor: Actor,
        now: Any,
        list: str,  # noqa: A002
        name: str,
        lines: Any,
        version: int | None = None,
    ) -> dict[str, Any]:
        key = row_id(list, "SavedList", "list")
        saved_list_change(actor=actor, list_id=key, name=name, lines=_wishes(lines), seen=version, now=now)
        return {"saved_list": saved_list_get(actor, key)}


class SavedListDrop(ServiceMutation):
    """End a list."""

    class Arguments:
        list = graphene.ID(required=True)

    @classmethod
    def serve(cls, actor: Actor, now: Any, list: str) -> dict[str, Any]:  # noqa: A002
        saved_list_drop(actor=actor, list_id=row_id(list, "SavedList", "list"))
        return {}


class CartMutation(graphene.ObjectType):
    """What is done with cart and lists."""

    cart_add = CartAdd.Field()
    saved_list_make = SavedListMake.Field()
    saved_list_change = SavedListChange.Field()
    saved_list_drop = SavedListDrop.Field()


def _restock_row(row: RestockRow, lead_days: int) -> dict[str, Any]:
    told, tenth = row.proposal, Decimal("0.1")
    return {
        "part_number": row.listed.part.number,
        "name": row.listed.name,
        "quantity": told.quantity,
        "state": row.state,
        "rate_per_week": told.rate.quantize(tenth),
        "left": told.left.quantize(tenth),
        "on_order": told.on_order,
        "in_cart": told.in_cart,
        "need": told.need.quantize(tenth),
        "lead_days": lead_days,
    }


def _wishes(given: list[dict[str, Any]]) -> list[LineRequest]:
    return [LineRequest(one["part_number"], one["quantity"], one.get("serial") or "") for one in given]
