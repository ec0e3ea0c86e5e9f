"""GraphQL input of orders, and how it becomes plain values."""

from __future__ import annotations

from typing import Any

import graphene

from orders.schema_types import OrderTypeEnum, PaymentMethodEnum
from orders.services.returning import ReturnLine
from orders.services.shipping import ShipLine
from orders.types import LineRequest, OrderRequest
from portal.graphql import row_id


class OrderLineInput(graphene.InputObjectType):
    """One wanted line; `repairCard` is the card's number."""

    part_number = graphene.String(required=True)
    quantity = graphene.Int(required=True)
    serial = graphene.String()
    repair_card = graphene.String()
    failed_on = graphene.Date()
    hours = graphene.Int()
    accept_expected_on = graphene.Date()


class AddressInput(graphene.InputObjectType):
    """Where to deliver; `country` in two letters."""

    name = graphene.String(required=True)
    street = graphene.String(required=True)
    city = graphene.String(required=True)
    postal_code = graphene.String(required=True)
    country = graphene.String(required=True)
    region = graphene.String()
    phone = graphene.String()
    note = graphene.String()


class OrderInput(graphene.InputObjectType):
    """A wanted order; `company` is for staff alone."""

    reference = graphene.String(required=True)
    type = OrderTypeEnum(default_value="CUSTOMER")
    lines = graphene.List(graphene.NonNull(OrderLineInput), required=True)
    po_number = graphene.String()
    payment = PaymentMethodEnum(required=True)
    deliver_to = AddressInput()
    deliver_on = graphene.Date()
    allow_substitute = graphene.Boolean(default_value=False)
    use_credit = graphene.Boolean(default_value=False)
    quote = graphene.ID()
    company = graphene.ID()


class ShipmentLineInput(graphene.InputObjectType):
    """Pieces of a line to hand over."""

    line = graphene.ID(required=True)
    quantity = graphene.Int(required=True)
    units = graphene.List(graphene.NonNull(graphene.String))


class ReturnLineInput(graphene.InputObjectType):
    """Pieces of a line to send back."""

    line = graphene.ID(required=True)
    quantity = graphene.Int(required=True)
    note = graphene.String()


def order_request(given: dict[str, Any]) -> OrderRequest:
    """`OrderInput` as a wanted order."""
    address = given.get("deliver_to")
    return OrderRequest(
        lines=tuple(line_request(one) for one in given["lines"]),
        payment=given["payment"],
        reference=given["reference"].strip(),
        type=given.get("type") or "CUSTOMER",
        po_number=given.get("po_number") or "",
        deliver_to=address_given(address) if address else None,
        deliver_on=given.get("deliver_on"),
        allow_substitute=bool(given.get("allow_substitute")),
        use_credit=bool(given.get("use_credit")),
        quote_id=row_id(given["quote"], "Quote", "quote") if given.get("quote") else None,
        company_id=row_id(given["company"], "Company", "company") if given.get("company") else None,
    )


def line_request(given: dict[str, Any]) -> LineRequest:
    """`OrderLineInput` as a wish."""
    return LineRequest(
        part_number=given["part_number"][:200],
        quantity=given["quantity"],
        serial=given.get("serial") or "",
        repair_card=given.get("repair_card") or "",
        failed_on=given.get("failed_on"),
        hours=given.get("hours"),
        accept_expected_on=given.get("accept_expected_on"),
    )


def address_given(given: dict[str, Any]) -> dict[str, str]:
    """`AddressInput` as an order keeps it."""
    names = {"postal_code": "postalCode"}
    return {names.get(key, key): value for key, value in given.items() if value}


def ship_lines(given: list[dict[str, Any]] | None) -> list[ShipLine] | None:
    """`[ShipmentLineInput]`; None: all that remains."""
    if given is None:
        return None
    return [
        ShipLine(
            row_id(one["line"], "OrderLine", f"lines[{place}].line"), one["quantity"], tuple(one.get("units") or ())
        )
        for place, one in enumerate(given)
    ]


def return_lines(given: list[dict[str, Any]]) -> list[ReturnLine]:
    """`[ReturnLineInput]`."""
    return [
        ReturnLine(row_id(one["line"], "OrderLine", f"lines[{place}].line"), one["quantity"], one.get("note") or "")
        for place, one in enumerate(given)
    ]


def texts(given: dict[str, Any], *names: str) -> dict[str, Any]:
    """Optional texts given as null are empty."""
    return {key: ("" if key in names and value is None else value) for key, value in given.items()}
