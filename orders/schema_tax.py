"""GraphQL of tax and papers: what quotes and orders say of them."""

from __future__ import annotations

import graphene
from django.urls import reverse

from orders.models import OrderLine, Paper, PaperKind
from orders.rules.tax import Note
from portal.graphql import MoneyType, Node
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
    core_deposit = graphene.Field(
        MoneyType, required=True, description="refundable deposits on the old units, beside `net`"
    )
    core_tax = graphene.Field(MoneyType, required=True)


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


for _name, _column in (("core_deposit", "core_net"), ("core_tax", "core_tax")):

    def _core(root: OrderLine, info: graphene.ResolveInfo, column: str = _column) -> Money:
        return Money(getattr(root, column), root.order.currency).rounded()

    setattr(OrderLineTax, f"resolve_{_name}", staticmethod(_core))

PaperKindEnum = enum_of("PaperKind", PaperKind)


class PaperType(Node):
    """An issued paper; `url` is its PDF, for the session of whoever may see the order."""

    kind = graphene.Field(PaperKindEnum, required=True)
    number = graphene.String(required=True)
    issued_on = graphene.Date(required=True)
    due_on = graphene.Date()
    total = graphene.Field(MoneyType, required=True)
    url = graphene.String(required=True)

    class Meta:
        name = "Paper"

    @staticmethod
    def resolve_total(root: Paper, info: graphene.ResolveInfo) -> Money:
        return Money(root.total, root.currency).rounded()

    @staticmethod
    def resolve_url(root: Paper, info: graphene.ResolveInfo) -> str:
        return str(info.context.build_absolute_uri(reverse("paper", args=[root.number])))
