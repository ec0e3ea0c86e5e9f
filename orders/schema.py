"""GraphQL of orders: the queries."""

from __future__ import annotations

from typing import Any

import graphene

from orders import schema_related  # noqa: F401  extends the types of the apps below
from orders.models import Order
from orders.schema_account import AccountQuery
from orders.schema_bank import BankMutation, BankQuery
from orders.schema_carts import CartMutation, CartQuery
from orders.schema_enquiries import EnquiryMutation, EnquiryQuery
from orders.schema_inputs import OrderInput, order_request
from orders.schema_money import MoneyMutation
from orders.schema_mutations import Mutation as OrderMutation
from orders.schema_quote import QuoteRefused, QuoteType, QuoteView
from orders.schema_refusals import RefusalMutation, RefusalQuery
from orders.schema_shipments import ShipmentMutation
from orders.schema_stock import StockMutation
from orders.schema_team import TeamMutation, TeamQuery
from orders.schema_types import OrderConnection, OrderStateEnum, OrderTypeNode, orders_told
from orders.selectors.dressed import orders_dressed, orders_late
from orders.selectors.orders import order_find, orders_for, orders_search
from orders.services.quoting import order_quote
from portal import clock
from portal.errors import PortalError
from portal.graphql import page, plain, reader, row_id

__all__ = ["Mutation", "Query"]


class Mutation(
    OrderMutation,
    ShipmentMutation,
    StockMutation,
    MoneyMutation,
    BankMutation,
    RefusalMutation,
    CartMutation,
    TeamMutation,
    EnquiryMutation,
    graphene.ObjectType,
):
    """What is done with orders and their money."""


class Query(AccountQuery, BankQuery, RefusalQuery, CartQuery, TeamQuery, EnquiryQuery, graphene.ObjectType):
    """Orders and quotes."""

    order = graphene.Field(OrderTypeNode, number=graphene.String(), reference=graphene.String())
    orders = graphene.Field(
        OrderConnection,
        state=OrderStateEnum(),
        company=graphene.ID(),
        late=graphene.Boolean(),
        first=graphene.Int(),
        after=graphene.String(),
    )
    quote = graphene.Field(QuoteType, input=OrderInput(required=True))

    @staticmethod
    def resolve_order(
        root: Any, info: graphene.ResolveInfo, number: str | None = None, reference: str | None = None
    ) -> Order | None:
        found = order_find(reader(info), number=number, reference=reference)
        return dressed(info, found.pk) if found else None

    @staticmethod
    def resolve_orders(
        root: Any,
        info: graphene.ResolveInfo,
        state: Any = None,
        company: str | None = None,
        late: bool | None = None,
        first: int | None = None,
        after: str | None = None,
    ) -> dict[str, Any] | None:
        actor = reader(info)
        if actor is None:
            return None
        try:
            company_id = row_id(company, "Company", "company") if company else None
        except PortalError:
            return page([], first=first, after=after)
        rows = orders_search(actor, state=plain(state), company_id=company_id)
        found = page(orders_dressed(orders_late(rows) if late else rows), first=first, after=after)
        orders_told(info, [edge["node"] for edge in found["edges"]])
        return found

    @staticmethod
    def resolve_quote(root: Any, info: graphene.ResolveInfo, input: dict[str, Any]) -> QuoteView | QuoteRefused | None:  # noqa: A002
        actor = reader(info)
        if actor is None:
            return None
        try:
            quoted = order_quote(actor=actor, request=order_request(plain(input)), now=clock.now())
        except PortalError as refused:
            return QuoteRefused(refused)
        return QuoteView(quoted, info)


def dressed(info: graphene.ResolveInfo, order_id: int) -> Order | None:
    """One order with all its type shows, as the reader may see it."""
    found = list(orders_dressed(orders_for(reader(info))).filter(pk=order_id))
    orders_told(info, found)
    return found[0] if found else None
