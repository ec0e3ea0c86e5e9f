"""What an order line means for cover later on: what a contract's cap has left, and when a sold part's own warranty began."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from orders.models import Order, OrderLine
from portal.errors import Code, PortalError
from portal.money import line_total
from warranty.services.cards import CardEntry, card_lines_ordered
from warranty.services.contracts import ContractTaken, contract_use_record
from warranty.services.replacements import counter_sale_record


def cover_book(order: Order, lines: Sequence[OrderLine], *, indexes: Mapping[str, int]) -> None:
    """Write fresh lines on their repair cards and contracts. A card that closed or a cap that filled meanwhile refuses the order.

    `indexes`: the place in the caller's request of each line key, so that a refusal names what the caller typed.
    """
    try:
        card_lines_ordered(
            entries=[
                CardEntry(
                    card_id=line.card_id,
                    part_id=line.part_id,
                    payer=line.payer,
                    quantity=line.quantity,
                    order_line_ref=str(line.pk),
                )
                for line in lines
                if line.card_id
            ],
            now=order.placed_at,
        )
        contracts_take(order, lines)
    except PortalError as refused:
        names = {Code.CARD_REQUIRED: "repairCard", Code.PRICE_CHANGED: "partNumber"}
        raise PortalError(
            dataclasses.replace(one, field=f"lines[{indexes[one.field]}].{names.get(one.code, 'partNumber')}")
            if one.field in indexes
            else one
            for one in refused.problems
        ) from refused


def contracts_take(order: Order, lines: Sequence[OrderLine]) -> None:
    """Book what contracts bear of these lines; cancelled pieces and lines decided otherwise give it back."""
    entries = [
        ContractTaken(
            contract=line.contract,
            order_line_ref=str(line.pk),
            amount=_borne(order, line) if line.payer == "CONTRACT" else line.net * 0,
            on=line.failed_on or order.placed_at.astimezone(ZoneInfo(order.company.zone)).date(),
            currency=order.currency,
        )
        for line in lines
        if line.contract
    ]
    if entries:
        contract_use_record(entries=entries)


def _borne(order: Order, line: OrderLine) -> Decimal:
    quantity = line.quantity - line.cancelled
    whole = line_total(line.published_net, per_quantity=line.published_per, quantity=quantity, currency=order.currency)
    share = line_total(
        line.published_net,
        per_quantity=line.published_per,
        quantity=quantity,
        currency=order.currency,
        share=line.customer_share,
    )
    return whole - share


def counter_sales_note(order: Order, *, at: datetime) -> None:
    """A part shipped for a machine without a repair card was sold over the counter: its own warranty runs from here."""
    day = at.astimezone(ZoneInfo(order.company.zone)).date()
    for line in order.lines.filter(card=None, equipment__isnull=False, shipped__gt=0):
        if line.equipment_id is not None:
            counter_sale_record(
                equipment_id=line.equipment_id,
                part_id=line.part_id,
                quantity=line.shipped,
                sold_on=day,
                order_line_ref=str(line.pk),
            )
