"""GraphQL of the bank's sums: what came, what waits for the accountant, and where it goes."""

from __future__ import annotations

from typing import Any

import graphene

from orders.models import BankLine, BankLineState, BankLineWhy
from orders.schema_types import OrderStateEnum
from orders.selectors.bank import Hint, WaitingSum, sums_hinted, sums_of, sums_told
from orders.services.banking import Share, bank_line_assign, bank_line_credit, bank_line_send_back
from portal.accounts.actor import Actor
from portal.graphql import MoneyType, Node, ServiceMutation, connection_of, page, plain, reader, row_id
from portal.graphql_types import CompanyType, enum_of
from portal.money import Money

StateEnum = enum_of("BankLineState", BankLineState)
WhyEnum = enum_of("BankLineWhy", [one for one in BankLineWhy if one])


class BankHintOrderType(graphene.ObjectType):
    """An order a sum may be for."""

    order_number = graphene.String(required=True)
    company = graphene.Field(CompanyType, required=True)
    state = graphene.Field(OrderStateEnum, required=True)
    open = graphene.Field(MoneyType, required=True, description="what is open of it")

    class Meta:
        name = "BankHintOrder"

    @staticmethod
    def resolve_order_number(root: Hint, info: graphene.ResolveInfo) -> str:
        return root.order.number

    @staticmethod
    def resolve_company(root: Hint, info: graphene.ResolveInfo) -> Any:
        return root.order.company

    @staticmethod
    def resolve_state(root: Hint, info: graphene.ResolveInfo) -> str:
        return root.order.state

    @staticmethod
    def resolve_open(root: Hint, info: graphene.ResolveInfo) -> Money:
        return Money(root.open, root.order.currency).rounded()


class BankHintsType(graphene.ObjectType):
    """What a waiting sum may be for, as the accountant's page shows it."""

    company = graphene.Field(
        CompanyType, description="whose it seems to be: by the order named, the payer's name or account"
    )
    orders = graphene.List(
        graphene.NonNull(BankHintOrderType),
        required=True,
        description="the order its text names, else open orders of just that amount, else of that company",
    )

    class Meta:
        name = "BankHints"

    @staticmethod
    def resolve_orders(root: WaitingSum, info: graphene.ResolveInfo) -> list[Hint]:
        return root.hints


class BankLineType(Node):
    """A sum that came, as the bank tells it, and what became of it."""

    statement = graphene.String(required=True, description="the name of the file that told of it")
    value_on = graphene.Date(required=True, description="the bank's value date")
    amount = graphene.Field(MoneyType, required=True)
    text = graphene.String(required=True)
    payer = graphene.String(required=True)
    payer_account = graphene.String(required=True)
    state = graphene.Field(StateEnum, required=True)
    why = graphene.Field(WhyEnum, description="why it was not booked by itself")
    words = graphene.String(required=True, description="why it waits, else its state")
    order_number = graphene.String(description="the order its text names, or the first it was assigned to")
    company = graphene.Field(CompanyType, description="whose money it is, once that is known")
    hints = graphene.Field(BankHintsType, description="while it waits; null when it is settled")
    settled_at = graphene.DateTime(description="null while it waits")

    class Meta:
        name = "BankLine"

    @staticmethod
    def resolve_statement(root: BankLine, info: graphene.ResolveInfo) -> str:
        return root.statement.name

    @staticmethod
    def resolve_amount(root: BankLine, info: graphene.ResolveInfo) -> Money:
        return Money(root.amount, root.currency).rounded()

    @staticmethod
    def resolve_why(root: BankLine, info: graphene.ResolveInfo) -> str | None:
        return root.why or None

    @staticmethod
    def resolve_words(root: BankLine, info: graphene.ResolveInfo) -> str:
        waits = root.state == BankLineState.WAITING and root.why
        return str(BankLineWhy(root.why).label if waits else BankLineState(root.state).label)

    @staticmethod
    def resolve_hints(root: BankLine, info: graphene.ResolveInfo) -> WaitingSum | None:
        return sums_hinted([root])[0] if root.state == BankLineState.WAITING else None

    @staticmethod
    def resolve_order_number(root: BankLine, info: graphene.ResolveInfo) -> str | None:
        return root.order.number if root.order else None


BankLineConnection = connection_of(BankLineType)


class BankShareInput(graphene.InputObjectType):
    """A part of a sum, for one order; `order` is the order's number."""

    order = graphene.String(required=True)
    amount = graphene.Decimal(required=True)


class BankLineAssign(ServiceMutation):
    """Give a waiting sum to orders of one buyer; what is left of it becomes that buyer's credit."""

    class Arguments:
        line = graphene.ID(required=True)
        shares = graphene.List(graphene.NonNull(BankShareInput), required=True)

    line = graphene.Field(BankLineType)

    @classmethod
    def serve(cls, actor: Actor, now: Any, line: str, shares: list[dict[str, Any]]) -> dict[str, Any]:
        told = [Share(one["order"], one["amount"]) for one in shares]
        done = bank_line_assign(actor=actor, line_id=row_id(line, "BankLine", "line"), shares=told, now=now)
        return {"line": sums_of(actor).get(pk=done.pk)}


class BankLineCredit(ServiceMutation):
    """Keep a waiting sum as a buyer's credit."""

    class Arguments:
        line = graphene.ID(required=True)
        company = graphene.ID(required=True)

    line = graphene.Field(BankLineType)

    @classmethod
    def serve(cls, actor: Actor, now: Any, line: str, company: str) -> dict[str, Any]:
        line_id, company_id = row_id(line, "BankLine", "line"), row_id(company, "Company", "company")
        done = bank_line_credit(actor=actor, line_id=line_id, company_id=company_id, now=now)
        return {"line": sums_of(actor).get(pk=done.pk)}


class BankLineSendBack(ServiceMutation):
    """Mark a waiting sum as sent back to who paid it; `note` names the bank's order of it."""

    class Arguments:
        line = graphene.ID(required=True)
        note = graphene.String(required=True)

    line = graphene.Field(BankLineType)

    @classmethod
    def serve(cls, actor: Actor, now: Any, line: str, note: str) -> dict[str, Any]:
        done = bank_line_send_back(actor=actor, line_id=row_id(line, "BankLine", "line"), note=note, now=now)
        return {"line": sums_of(actor).get(pk=done.pk)}


class BankQuery(graphene.ObjectType):
    """The bank's sums."""

    bank_lines = graphene.Field(
        BankLineConnection,
        state=StateEnum(),
        first=graphene.Int(),
        after=graphene.String(),
        description="every sum that came, oldest value date first; the accountant's alone, null for others",
    )

    @staticmethod
    def resolve_bank_lines(
        root: Any, info: graphene.ResolveInfo, state: Any = None, first: int | None = None, after: str | None = None
    ) -> dict[str, Any] | None:
        rows = sums_told(reader(info), plain(state))
        return None if rows is None else page(rows, first=first, after=after)


class BankMutation(graphene.ObjectType):
    """Where a sum that waits goes."""

    bank_line_assign = BankLineAssign.Field()
    bank_line_credit = BankLineCredit.Field()
    bank_line_send_back = BankLineSendBack.Field()
