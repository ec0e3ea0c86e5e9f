"""GraphQL of quotes: the order as it would be now."""

from __future__ import annotations

from typing import Any

import graphene
from graphql_relay import to_global_id

from catalog.schema import PartType, PriceType, PromiseOffer
from catalog.schema_batches import want_parts
from orders.schema_tax import LineTax, TaxNoteEnum
from orders.schema_types import LineHoldType, unit_money
from orders.services.quoting import Quoted
from orders.types import DraftLine
from portal.errors import PortalError
from portal.graphql import ErrorType, MoneyType, error_dict
from portal.money import Money, tidy
from warranty.schema_types import CoverageDecisionType, FitType, coverage_dict, fit_dict


class QuoteLineType(LineTax, graphene.ObjectType):
    """A line as it would be ordered."""

    position = graphene.Int(required=True)
    part = graphene.Field(PartType, required=True)
    quantity = graphene.Int(required=True)
    published_price = graphene.Field(PriceType, required=True)
    unit_price = graphene.Field(MoneyType, required=True)
    fit = graphene.Field(FitType, required=True)
    coverage = graphene.Field(CoverageDecisionType, required=True)
    holds = graphene.List(
        graphene.NonNull(LineHoldType), required=True, description="where it would come from; nothing is held"
    )

    class Meta:
        name = "QuoteLine"


class QuoteType(graphene.ObjectType):
    """The order as it would be; its id keeps the price until `expiresAt`. No id: it was refused, see `problems`."""

    id = graphene.ID()

    lines = graphene.List(graphene.NonNull(QuoteLineType), required=True)
    freight = graphene.Field(MoneyType)
    net = graphene.Field(MoneyType)
    tax = graphene.Field(MoneyType)
    total = graphene.Field(MoneyType)
    credit = graphene.Field(MoneyType, description="spendable credit of the buyer; `useCredit` pays with it")
    tax_note = graphene.Field(TaxNoteEnum)
    promises = graphene.List(graphene.NonNull(PromiseOffer), required=True)
    problems = graphene.List(graphene.NonNull(ErrorType), required=True)
    expires_at = graphene.DateTime()

    class Meta:
        name = "Quote"


class QuoteRefused:
    """A quote that could not be made at all."""

    id = freight = net = tax = total = tax_note = expires_at = None

    def __init__(self, refused: PortalError) -> None:
        self.lines: list[Any] = []
        self.promises: list[Any] = []
        self.problems = [error_dict(problem) for problem in refused.problems]


class QuoteView:
    """A quote's answer for the reader."""

    def __init__(self, quoted: Quoted, info: graphene.ResolveInfo) -> None:
        draft = quoted.draft
        currency = draft.currency
        want_parts(info, [line.part for line in draft.lines])
        self.id = to_global_id("Quote", str(quoted.pk))
        self.lines = [_line(line, quoted, info) for line in draft.lines]
        known = bool(currency)
        self.freight = Money(draft.freight, currency).rounded() if known else None
        self.credit = Money(quoted.credit, currency).rounded() if known else None
        self.net, self.tax, self.total = (
            Money(amount, currency).rounded() if known else None for amount in (draft.net, draft.tax, draft.total)
        )
        self.tax_note = draft.place.note or None
        self.promises = [
            {"policy": plan.offer.policy, "days": plan.offer.allowance, "day": plan.offer.day} for plan in quoted.plans
        ]
        self.problems = [error_dict(problem) for problem in draft.problems]
        self.expires_at = quoted.quote.expires_at


def _line(line: DraftLine, quoted: Quoted, info: graphene.ResolveInfo) -> dict[str, Any]:
    draft, currency = quoted.draft, quoted.draft.currency
    codes = {warehouse.pk: warehouse.code for warehouse in draft.warehouses}
    return {
        "position": line.position,
        "part": line.part,
        "quantity": line.quantity,
        "published_price": {
            "amount": tidy(line.amount, currency),
            "currency": currency,
            "per_quantity": line.per_quantity,
            "includes_tax": draft.prices_include_tax,
        },
        "unit_price": unit_money(line.published_net / line.per_quantity * line.cover.customer_share, currency),
        "line_total": Money(line.net, currency).rounded(),
        "net": Money(line.net, currency).rounded(),
        "tax_rate": line.tax_rate,
        "tax": Money(line.tax, currency).rounded(),
        "gross": Money(line.gross, currency).rounded(),
        "core_deposit": Money(line.core_net, currency).rounded(),
        "core_tax": Money(line.core_tax, currency).rounded(),
        "fit": fit_dict(line.cover.fit, info),
        "coverage": coverage_dict(line.cover),
        "holds": [
            {"warehouse": codes[take.source.warehouse_id], "quantity": take.quantity, "expected_on": take.source.on}
            for take in quoted.takes
            if take.key == line.key
        ],
    }
