"""GraphQL types of orders."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

import graphene
from graphene.types.generic import GenericScalar

from catalog.schema import PartType, PriceType
from catalog.schema_batches import want_parts
from orders.models import (
    HoldReason,
    Order,
    OrderLine,
    OrderState,
    OrderType,
    PaymentMethod,
    Return,
    ReturnReason,
    Shipment,
)
from orders.schema_tax import OrderLineTax, PaperType, TaxNoteEnum
from orders.selectors.dressed import order_promises
from orders.selectors.ledger import credit_balances
from orders.selectors.orders import hold_of
from portal.graphql import Batch, MoneyType, Node, batch, connection_of, reader
from portal.graphql_types import CompanyType, enum_of
from portal.money import Money, tidy
from portal.notices.schema import NoticeType
from portal.notices.selectors import notices_about
from portal.promises.schema import PromiseType, promises_told
from warranty.errors import fit_caution
from warranty.schema_batches import card_if_seen, want_cards
from warranty.schema_types import CoverageDecisionType, FitType, RepairCardType, coverage_dict

OrderStateEnum = enum_of("OrderState", OrderState)
OrderTypeEnum = enum_of("OrderType", OrderType)
PaymentMethodEnum = enum_of("PaymentMethod", PaymentMethod)
HoldReasonEnum = enum_of("HoldReason", HoldReason)
ReturnReasonEnum = enum_of("ReturnReason", ReturnReason)


class LineHoldType(graphene.ObjectType):
    """Pieces held for a line; with `expectedOn` out of goods on their way."""

    warehouse = graphene.String(required=True)
    quantity = graphene.Int(required=True)
    expected_on = graphene.Date()

    class Meta:
        name = "LineHold"


class OrderLineType(OrderLineTax, Node):
    """One line: what, for which machine, who pays and why, how far it is."""

    position = graphene.Int(required=True)
    part = graphene.Field(PartType, required=True)
    asked_number = graphene.String(required=True)
    quantity = graphene.Int(required=True)
    published_price = graphene.Field(PriceType, required=True)
    unit_price = graphene.Field(MoneyType, required=True, description="the buyer's share for one piece, not rounded")
    fit = graphene.Field(FitType, required=True)
    coverage = graphene.Field(CoverageDecisionType)
    repair_card = graphene.Field(RepairCardType)
    serial = graphene.String()
    expected_on = graphene.Date()
    holds = graphene.List(graphene.NonNull(LineHoldType), required=True)
    review_pending = graphene.Boolean(required=True)
    cleared_at = graphene.DateTime()
    shipped = graphene.Int(required=True)
    delivered = graphene.Int(required=True)
    cancelled = graphene.Int(required=True)
    returned = graphene.Int(required=True)

    class Meta:
        name = "OrderLine"

    @staticmethod
    def resolve_published_price(root: OrderLine, info: graphene.ResolveInfo) -> dict[str, Any]:
        return {
            "amount": tidy(root.published_amount, root.order.currency),
            "currency": root.order.currency,
            "per_quantity": root.published_per,
            "includes_tax": bool(root.included_rate),
        }

    @staticmethod
    def resolve_unit_price(root: OrderLine, info: graphene.ResolveInfo) -> Money:
        return unit_money(root.published_each * root.customer_share, root.order.currency)

    @staticmethod
    def resolve_fit(root: OrderLine, info: graphene.ResolveInfo) -> dict[str, Any]:
        caution = fit_caution(root.fit_verdict) if root.serial else None
        return {"verdict": root.fit_verdict, "callout": root.fit_callout or None, "caution": caution}

    @staticmethod
    def resolve_coverage(root: OrderLine, info: graphene.ResolveInfo) -> dict[str, Any] | None:
        return coverage_dict(root.decision) if root.decision else None

    @staticmethod
    def resolve_repair_card(root: OrderLine, info: graphene.ResolveInfo) -> Any:
        return card_if_seen(root.card, info)

    @staticmethod
    def resolve_serial(root: OrderLine, info: graphene.ResolveInfo) -> str | None:
        return root.serial or None

    @staticmethod
    def resolve_holds(root: OrderLine, info: graphene.ResolveInfo) -> list[dict[str, Any]]:
        return [
            {"warehouse": one.warehouse.code, "quantity": one.quantity, "expected_on": one.expected_on}
            for one in root.holds.all()
        ]

    @staticmethod
    def resolve_review_pending(root: OrderLine, info: graphene.ResolveInfo) -> bool:
        return root.review == "PENDING"


def unit_money(amount: Decimal, currency: str) -> Money:
    """The price of one piece: with more decimals than the currency has only where it needs them, at most six."""
    return Money(tidy(round(amount, 6), currency), currency)


class HoldType(graphene.ObjectType):
    """Why an order is held back."""

    reason = graphene.Field(HoldReasonEnum, required=True)
    note = graphene.String(required=True)
    since = graphene.DateTime(required=True)

    class Meta:
        name = "Hold"


class ShipmentLineType(Node):
    """Pieces of a line in a shipment."""

    line = graphene.Field(OrderLineType, required=True)
    quantity = graphene.Int(required=True)
    units = graphene.List(graphene.NonNull(graphene.String), required=True)

    class Meta:
        name = "ShipmentLine"


class ShipmentType(Node):
    """What was handed to a carrier."""

    number = graphene.String(required=True)
    lines = graphene.List(graphene.NonNull(ShipmentLineType), required=True)
    warehouse = graphene.String(required=True)
    carrier = graphene.String(required=True)
    tracking_number = graphene.String()
    shipped_at = graphene.DateTime(required=True)
    delivered_at = graphene.DateTime()
    received_by = graphene.String()
    undone_at = graphene.DateTime(description="when it was taken back because the goods had not left; no lines then")
    order = graphene.Field(lambda: OrderTypeNode, required=True)

    class Meta:
        name = "Shipment"

    @staticmethod
    def resolve_warehouse(root: Shipment, info: graphene.ResolveInfo) -> str:
        return root.warehouse.code

    @staticmethod
    def resolve_lines(root: Shipment, info: graphene.ResolveInfo) -> list[Any]:
        return list(root.lines.all())


class PaymentType(Node):
    """Money received."""

    method = graphene.Field(PaymentMethodEnum, required=True)
    amount = graphene.Field(MoneyType, required=True)
    received_at = graphene.DateTime(required=True)
    reference = graphene.String()
    state = graphene.String(required=True)

    class Meta:
        name = "Payment"

    @staticmethod
    def resolve_amount(root: Any, info: graphene.ResolveInfo) -> Money:
        return Money(root.amount, root.order.currency).rounded()


class CreditType(Node):
    """What one late day earned on one line."""

    amount = graphene.Field(MoneyType, required=True)
    reason = graphene.String(required=True)
    line = graphene.Field(OrderLineType, required=True)
    day = graphene.Int(required=True)
    on = graphene.Date(required=True)
    at = graphene.DateTime(required=True)
    reversed = graphene.Boolean(required=True)

    class Meta:
        name = "Credit"

    @staticmethod
    def resolve_amount(root: Any, info: graphene.ResolveInfo) -> Money:
        return Money(root.amount, root.line.order.currency).rounded()

    @staticmethod
    def resolve_reason(root: Any, info: graphene.ResolveInfo) -> str:
        return str(root.policy)

    @staticmethod
    def resolve_reversed(root: Any, info: graphene.ResolveInfo) -> bool:
        return root.reversed_at is not None


class EventType(Node):
    """One thing that happened to the order."""

    at = graphene.DateTime(required=True)
    kind = graphene.String(required=True)
    actor = graphene.String(required=True)
    data = GenericScalar()

    class Meta:
        name = "OrderEvent"


class ReturnType(Node):
    """Pieces expected back, or back."""

    order = graphene.Field(lambda: OrderTypeNode, required=True)
    line = graphene.Field(OrderLineType, required=True)
    reason = graphene.Field(ReturnReasonEnum, required=True)
    state = graphene.String(required=True)
    quantity = graphene.Int(required=True)
    received = graphene.Int(required=True)
    refused = graphene.Int(
        required=True, description="of those received: old units judged not good, their deposit kept"
    )
    due_on = graphene.Date()
    received_at = graphene.DateTime()
    condition = graphene.String(required=True)

    class Meta:
        name = "Return"

    @staticmethod
    def resolve_order(root: Return, info: graphene.ResolveInfo) -> Order:
        return root.line.order


class OrderTypeNode(Node):
    """An order."""

    number = graphene.String(required=True)
    reference = graphene.String()
    store_number = graphene.String()
    type = graphene.Field(OrderTypeEnum, required=True)
    state = graphene.Field(OrderStateEnum, required=True)
    payment_method = graphene.Field(PaymentMethodEnum, required=True)
    payment_state = graphene.String(required=True)
    engine_state = graphene.String(required=True)
    company = graphene.Field(CompanyType, required=True)
    channel = graphene.String(required=True)
    placed_at = graphene.DateTime(required=True)
    paid_at = graphene.DateTime()
    po_number = graphene.String()
    deliver_to = GenericScalar()
    deliver_on = graphene.Date()
    needs_approval = graphene.Boolean(required=True)
    hold = graphene.Field(HoldType)
    freight = graphene.Field(MoneyType, required=True, description="without tax")
    net = graphene.Field(MoneyType, required=True)
    tax = graphene.Field(MoneyType, required=True)
    total = graphene.Field(MoneyType, required=True)
    tax_note = graphene.Field(TaxNoteEnum, description="why the tax is what it is, where that needs a word")
    credit_balance = graphene.Field(MoneyType, required=True, description="spendable credit this order earned")
    lines = graphene.List(graphene.NonNull(OrderLineType), required=True)
    promises = graphene.List(graphene.NonNull(PromiseType), required=True)
    expected_returns = graphene.List(graphene.NonNull(ReturnType), required=True)
    returns = graphene.List(graphene.NonNull(ReturnType), required=True)
    shipments = graphene.List(graphene.NonNull(ShipmentType), required=True)
    payments = graphene.List(graphene.NonNull(PaymentType), required=True)
    credits = graphene.List(graphene.NonNull(CreditType), required=True)
    papers = graphene.List(graphene.NonNull(PaperType), required=True)
    events = graphene.List(graphene.NonNull(EventType), required=True)
    notices = graphene.List(graphene.NonNull(NoticeType), required=True)

    class Meta:
        name = "Order"

    @staticmethod
    def resolve_lines(root: Order, info: graphene.ResolveInfo) -> list[OrderLine]:
        return list(root.lines.all())

    @staticmethod
    def resolve_tax_note(root: Order, info: graphene.ResolveInfo) -> str | None:
        return root.tax_note or None

    @staticmethod
    def resolve_hold(root: Order, info: graphene.ResolveInfo) -> Any:
        return hold_of(root)

    @staticmethod
    def resolve_credit_balance(root: Order, info: graphene.ResolveInfo) -> Money:
        balances: Batch[str, Decimal] = batch(info, "credit", credit_balances)
        balances.want(orders_seen(info))
        return Money(balances.get(root.number) or Decimal(0), root.currency).rounded()

    @staticmethod
    def resolve_promises(root: Order, info: graphene.ResolveInfo) -> list[Any]:
        return promises_seen(info, root.number)

    @staticmethod
    def resolve_returns(root: Order, info: graphene.ResolveInfo) -> list[Return]:
        return [row for line in root.lines.all() for row in line.returns.all()]

    @staticmethod
    def resolve_expected_returns(root: Order, info: graphene.ResolveInfo) -> list[Return]:
        return [row for line in root.lines.all() for row in line.returns.all() if row.reason in ("OLD_PART", "CORE")]

    @staticmethod
    def resolve_shipments(root: Order, info: graphene.ResolveInfo) -> list[Shipment]:
        return sorted(root.shipments.all(), key=lambda one: one.pk)

    @staticmethod
    def resolve_payments(root: Order, info: graphene.ResolveInfo) -> list[Any]:
        return sorted(root.payments.all(), key=lambda one: one.pk)

    @staticmethod
    def resolve_credits(root: Order, info: graphene.ResolveInfo) -> list[Any]:
        return sorted(
            (row for line in root.lines.all() for row in line.accruals.all()),
            key=lambda one: (one.on, one.line_id, one.pk),
        )

    @staticmethod
    def resolve_papers(root: Any, info: graphene.ResolveInfo) -> list[Any]:
        return sorted(root.papers.all(), key=lambda one: one.pk)

    @staticmethod
    def resolve_events(root: Order, info: graphene.ResolveInfo) -> list[Any]:
        return sorted(root.events.all(), key=lambda one: one.pk)

    @staticmethod
    def resolve_notices(root: Order, info: graphene.ResolveInfo) -> list[Any]:
        actor = reader(info)
        if actor is None:
            return []
        notices: Batch[str, list[Any]] = batch(
            info, "order_notices", lambda keys: dict(notices_about(actor, "order", keys))
        )
        notices.want(orders_seen(info))
        return notices.get(root.number) or []


for _name in ("freight", "net", "tax", "total"):

    def _money(root: Order, info: graphene.ResolveInfo, name: str = _name) -> Money:
        return Money(getattr(root, name), root.currency).rounded()

    setattr(OrderTypeNode, f"resolve_{_name}", staticmethod(_money))


def orders_seen(info: graphene.ResolveInfo) -> set[str]:
    """Numbers of the orders this request has listed."""
    seen: set[str] = info.context.__dict__.setdefault("_graphql_orders", set())
    return seen


def orders_told(info: graphene.ResolveInfo, orders: Iterable[Order]) -> None:
    """Announce orders: their promises, credits and notices, the parts, cards and machines of their lines."""
    shown = list(orders)
    orders_seen(info).update(order.number for order in shown)
    info.context.__dict__.setdefault("_graphql_order_ids", set()).update(order.pk for order in shown)
    lines = [line for order in shown for line in order.lines.all()]
    want_parts(info, [line.part for line in lines])
    want_cards(info, [line.card for line in lines])


def promises_seen(info: graphene.ResolveInfo, number: str) -> list[Any]:
    """The promises of an order, loaded for all listed orders at once."""

    def load(keys: set[str]) -> dict[str, list[Any]]:
        found = dict(order_promises(keys))
        promises_told(info, [one for many in found.values() for one in many])
        return found

    promises: Batch[str, list[Any]] = batch(info, "order_promises", load)
    promises.want(orders_seen(info))
    return promises.get(number) or []


OrderConnection = connection_of(OrderTypeNode)
