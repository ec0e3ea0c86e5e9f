"""GraphQL of tax: what quotes and orders say of it."""

from __future__ import annotations

import graphene

from orders.models import OrderLine
from orders.rules.tax import Note
from portal.graphql import MoneyType
from portal.graphql_types import enum_of
from portal.money import Money

TaxNoteEnum = enum_of("TaxNote", [note for note in Note if note])


class LineTax:
    """The sums of a line; they add up: `net` + `tax` = `gross`."""

    line_total = graphene.Field(MoneyType, required=True, description="without tax; the same as `net`")
    net = graphene.Field(MoneyType, required=True)
    tax_rate = graphene.Decimal(required=True, description="a fraction")
    tax = graphene.Field(MoneyType, required=True)
    gross = graphene.Field(MoneyType, required=True)


class OrderLineTax(LineTax):
    """The same of a line that was ordered."""

    @staticmethod
    def resolve_line_total(root: OrderLine, info: graphene.ResolveInfo) -> Money:
        return Money(root.net, root.order.currency).rounded()

    @staticmethod
    def resolve_net(root: OrderLine, info: graphene.ResolveInfo) -> Money:
        return Money(root.net, root.order.currency).rounded()

    @staticmethod
    def resolve_tax(root: OrderLine, info: graphene.ResolveInfo) -> Money:
        return Money(root.tax, root.order.currency).rounded()

    @staticmethod
    def resolve_gross(root: OrderLine, info: graphene.ResolveInfo) -> Money:
        return Money(root.gross, root.order.currency).rounded()
