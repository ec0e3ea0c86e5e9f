"""GraphQL of credit, money back and papers: what buyers, approvers and accountants do."""

from __future__ import annotations

from typing import Any

import graphene

from orders.models import PaperKind
from orders.schema_account import LedgerEntryType
from orders.schema_tax import PaperType
from orders.schema_types import OrderTypeNode
from orders.selectors.account import ledger_of
from orders.selectors.dressed import orders_dressed
from orders.selectors.orders import orders_for
from orders.services.order_papers import order_paper_issue
from orders.services.spending import credit_grant, credit_pay_out, order_credit_use, order_refund
from portal.accounts.actor import Actor
from portal.graphql import ServiceMutation, row_id
from portal.graphql_types import enum_of

OrderPaperKindEnum = enum_of("OrderPaperKind", (PaperKind.CONFIRMATION, PaperKind.PROFORMA))


class OrderCreditUse(ServiceMutation):
    """Pay what is open of an order with the company's credit, as far as it goes."""

    class Arguments:
        order = graphene.ID(required=True)

    order = graphene.Field(OrderTypeNode)

    @classmethod
    def serve(cls, actor: Actor, now: Any, order: str) -> dict[str, Any]:
        done = order_credit_use(actor=actor, order_id=row_id(order, "Order", "order"), now=now)
        return {"order": orders_dressed(orders_for(actor)).get(pk=done.pk)}


class OrderRefund(ServiceMutation):
    """Pay back what an order was paid too much, by bank or as credit."""

    class Arguments:
        order = graphene.ID(required=True)
        amount = graphene.Decimal()
        as_credit = graphene.Boolean()
        reason = graphene.String()
        reference = graphene.String()

    order = graphene.Field(OrderTypeNode)

    @classmethod
    def serve(cls, actor: Actor, now: Any, order: str, **given: Any) -> dict[str, Any]:
        told = {**given, "reason": given.get("reason") or "", "as_credit": bool(given.get("as_credit"))}
        done = order_refund(actor=actor, order_id=row_id(order, "Order", "order"), now=now, **told)
        return {"order": orders_dressed(orders_for(actor)).get(pk=done.pk)}


class OrderPaper(ServiceMutation):
    """The confirmation of an order, or the pro-forma invoice of one that waits for a transfer, as it stands; the same paper while nothing has changed."""

    class Arguments:
        order = graphene.ID(required=True)
        kind = OrderPaperKindEnum(required=True)

    paper = graphene.Field(PaperType)

    @classmethod
    def serve(cls, actor: Actor, now: Any, order: str, kind: str) -> dict[str, Any]:
        order_id = row_id(order, "Order", "order")
        return {"paper": order_paper_issue(actor=actor, order_id=order_id, kind=kind, now=now)}


class CreditGrant(ServiceMutation):
    """Give a company credit as goodwill."""

    class Arguments:
        company = graphene.ID(required=True)
        currency = graphene.String(required=True)
        amount = graphene.Decimal(required=True)
        reason = graphene.String(required=True)
        order = graphene.ID()
        reference = graphene.String()

    entry = graphene.Field(LedgerEntryType)

    @classmethod
    def serve(cls, actor: Actor, now: Any, company: str, order: str | None = None, **given: Any) -> dict[str, Any]:
        company_id = row_id(company, "Company", "company")
        order_id = row_id(order, "Order", "order") if order else None
        return _entry(credit_grant(actor=actor, company_id=company_id, order_id=order_id, now=now, **given))


class CreditPayOut(ServiceMutation):
    """Pay a company's credit out by bank."""

    class Arguments:
        company = graphene.ID(required=True)
        currency = graphene.String(required=True)
        amount = graphene.Decimal(required=True)
        reason = graphene.String(required=True)
        reference = graphene.String()

    entry = graphene.Field(LedgerEntryType)

    @classmethod
    def serve(cls, actor: Actor, now: Any, company: str, **given: Any) -> dict[str, Any]:
        return _entry(credit_pay_out(actor=actor, company_id=row_id(company, "Company", "company"), now=now, **given))


def _entry(made: Any) -> dict[str, Any]:
    return {"entry": ledger_of(made.company).get(pk=made.pk)}


class MoneyMutation(graphene.ObjectType):
    """Credit and money back."""

    order_credit_use = OrderCreditUse.Field()
    order_refund = OrderRefund.Field()
    order_paper = OrderPaper.Field()
    credit_grant = CreditGrant.Field()
    credit_pay_out = CreditPayOut.Field()
