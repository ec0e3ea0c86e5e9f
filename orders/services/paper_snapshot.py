"""Everything a paper says, frozen as data at the moment of its issue. Amounts are text: JSON knows no decimals."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from catalog.selectors.parts import part_names
from orders.models import Order, OrderLine, Paper, Review, SellerDetails, Shipment
from orders.papers.words import LANGUAGES
from orders.rules.papers import Step
from orders.rules.tax import EU
from orders.selectors.taxes import tax_registrations
from orders.selectors.transfers import bank_account
from portal.accounts.models import Company
from portal.accounts.selectors import house_get

_BY_COUNTRY = {"KR": "ko", "JP": "ja"}


@dataclass(frozen=True)
class Piece:
    """So many pieces of an order line, as one line of a paper."""

    line: OrderLine
    quantity: int
    core: bool = False  # the deposit on their old units, not the goods


@dataclass(frozen=True)
class Printed:
    """What is particular to one paper: its lines with the pieces they stand for, its sums, and its days."""

    kind: str
    number: str
    order: Order
    pieces: Sequence[Piece]
    sums: Step
    issued_at: datetime
    issued_on: date
    supplied_on: date
    due_on: date | None = None
    paid: bool = False
    shipment: Shipment | None = None
    units: Mapping[int, Sequence[str]] = field(default_factory=dict)
    corrects: Sequence[Paper] = ()
    fee: Decimal = Decimal(0)
    settled: Decimal = Decimal(0)  # what was paid of it before
    reference: str = ""  # to pay under, else the paper's own number or the order's
    promises: Sequence[tuple[str, date]] = ()  # (policy, promised day)


def snapshot_make(told: Printed) -> dict[str, Any]:
    """The paper as data, for `orders.papers.pdf` and `orders.papers.einvoice`."""
    order = told.order
    return {
        "kind": told.kind,
        "number": told.number,
        "language": _BY_COUNTRY.get(order.tax_country, "en"),
        "issued_at": told.issued_at.isoformat(),
        "issued_on": told.issued_on.isoformat(),
        "supplied_on": told.supplied_on.isoformat(),
        "due_on": told.due_on.isoformat() if told.due_on else None,
        "currency": order.currency,
        "order": order.number,
        "po_number": order.po_number,
        "pay_reference": told.reference or (told.number if told.kind == "INVOICE" else order.number),
        "shipment": told.shipment.number if told.shipment else "",
        "carrier": " ".join(one for one in (told.shipment.carrier, told.shipment.tracking_number) if one)
        if told.shipment
        else "",
        "corrects": [{"number": one.number, "issued_on": one.issued_on.isoformat()} for one in told.corrects],
        "seller": _seller(order, told.issued_on),
        "buyer": _buyer(order),
        "deliver_to": {"name": order.deliver_to.get("name", ""), "address": _address(order.deliver_to)},
        "bank": _bank(order),
        "tax_country": order.tax_country,
        "eu": order.tax_country in EU,
        "treatment": order.tax_treatment,
        "tax_note": order.tax_note,
        "includes_tax": order.prices_include_tax,
        "payment": order.payment_method,
        "paid": told.paid,
        "lines": _lines(told),
        "freight": str(told.sums.freight),
        "freight_net": str(told.sums.freight_net),
        "freight_rate": str(order.freight_tax_rate),
        "fee": str(told.fee),
        "settled": str(told.settled),
        "promises": [{"policy": policy, "on": on.isoformat()} for policy, on in told.promises],
        "rates": [
            {"rate": str(one.rate), "net": str(one.net), "tax": str(one.tax), "gross": str(one.gross)}
            for one in told.sums.rates
        ],
        "net": str(told.sums.net),
        "tax": str(told.sums.tax),
        "total": str(told.sums.total),
    }


def _lines(told: Printed) -> list[dict[str, Any]]:
    parts = [piece.line.part_id for piece in told.pieces]
    names = {language: part_names(parts, language) for language in LANGUAGES}
    rows = [
        {
            "position": line.position,
            "core": piece.core,
            "part": line.part.number,
            "names": {language: names[language].get(line.part_id, line.part.number) for language in LANGUAGES},
            "machine": "" if piece.core else line.serial,
            "card": line.card.number if line.card and not piece.core else "",
            "payer": line.payer,
            "share": str(line.customer_share),
            "quantity": piece.quantity,
            "pending": line.review == Review.PENDING,
            "unit": line.part.unit,
            "units": list(told.units.get(line.pk, ())),
            "price": str(line.core_due if piece.core else line.published_amount),
            "per": 1 if piece.core else line.published_per,
            "unit_net": str(round(_unit_net(piece), 4)),
            "tax_class": line.tax_class,
            "rate": str(line.tax_rate),
            "amount": str(told.sums.amounts[place]),
            "net": str(told.sums.nets[place]),
        }
        for place, piece in enumerate(told.pieces)
        for line in (piece.line,)
    ]
    return sorted(rows, key=lambda row: (row["position"], row["core"]))  # a deposit below its part


def _unit_net(piece: Piece) -> Decimal:
    line = piece.line
    return line.core_due / (1 + line.included_rate) if piece.core else line.published_net * line.customer_share


def _seller(order: Order, on: date) -> dict[str, Any]:
    """The house under the number it has where the tax is due, else under its own."""
    house = house_get()
    if house is None:
        return {"name": "", "address": {}, "tax_number": ""}
    details = SellerDetails.objects.filter(company=house).first() or SellerDetails(company=house)
    known = {one.country: one.number for one in tax_registrations(on=on)}
    abroad = known.get(order.tax_country) or next(
        (number for country, number in known.items() if country in EU and order.tax_country in EU), ""
    )
    return {
        "name": house.name,
        "address": _address(house.address),
        "tax_number": abroad or house.tax_number,
        "representative": details.representative,
        "business": details.business if order.tax_country == "KR" else "",
        "register_entry": details.register_entry,
        "phone": house.address.get("phone", ""),
        "email": details.email,
    }


def _buyer(order: Order) -> dict[str, Any]:
    company: Company = order.company
    return {"name": company.name, "address": _address(company.address), "tax_number": order.buyer_tax_number}


def _address(given: Mapping[str, Any]) -> dict[str, str]:
    names = ("street", "postalCode", "city", "region", "country")
    return {name: str(given[name]) for name in names if given.get(name)}


def _bank(order: Order) -> dict[str, str] | None:
    account = bank_account(order.market, order.currency)
    if account is None:
        return None
    return {"holder": account.holder, "bank": account.bank, "number": account.number, "bic": account.bic}
