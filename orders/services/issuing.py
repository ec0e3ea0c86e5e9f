"""Issuing papers: in the transaction of what they are issued for, once per fact; invoices and credit notes without a gap (docs/papers.md)."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from django.db import connection
from django.db.models import Sum

from orders.models import (
    Order,
    OrderLine,
    Paper,
    PaperKind,
    PaymentMethod,
    PaymentState,
    Return,
    Shipment,
    ShipmentLine,
)
from orders.rules.amounts import RateSum
from orders.rules.ledger import Returned
from orders.rules.money import ZERO
from orders.rules.papers import Step
from orders.selectors.ledger import order_account
from orders.selectors.papers import invoices_asked
from orders.services.paper_snapshot import Piece, Printed, snapshot_make
from orders.services.taxing import pieces_step
from portal.accounts.selectors import house_get

SERIES = {PaperKind.INVOICE: "INV", PaperKind.CREDIT_NOTE: "CN"}
_NEXT = (
    "INSERT INTO orders_papercounter (series, last) VALUES (%s, 1)"
    " ON CONFLICT (series) DO UPDATE SET last = orders_papercounter.last + 1 RETURNING last"
)


def shipment_papers_issue(order: Order, shipment: Shipment, *, now: datetime) -> None:
    """The packing slip of a hand-over, and the invoice of what the buyer pays of it. The caller holds the order's lock."""
    rows = list(shipment.lines.select_related("line__part", "line__card").order_by("line__position"))
    day = shipment.shipped_at.astimezone(ZoneInfo(shipment.warehouse.zone)).date()
    told = Printed(
        kind=PaperKind.PACKING_SLIP,
        number=f"PS-{shipment.number}",
        order=order,
        pieces=[Piece(row.line, row.quantity) for row in rows],
        sums=_shipment_step(order, shipment, rows),
        issued_at=now,
        issued_on=house_day(now),
        supplied_on=day,
        shipment=shipment,
        units={row.line_id: row.units for row in rows},
    )
    paper_issue(told, key=f"slip:{shipment.number}")
    if told.sums.total:
        terms = order.company.terms_days if order.payment_method == PaymentMethod.ACCOUNT else 0
        settled = _settled(order, told.sums.total)
        by_card = order.payment_method == PaymentMethod.CARD  # reserved, and charged as the goods leave
        paid = by_card or order.payment_state == PaymentState.PAID or settled == told.sums.total
        told = replace(
            told, kind=PaperKind.INVOICE, number="", pieces=_pieces(rows), due_on=day + timedelta(days=terms), paid=paid,
            settled=ZERO if paid else settled,
        )  # fmt: skip
        paper_issue(told, key=f"invoice:{shipment.number}")


def _settled(order: Order, total: Decimal) -> Decimal:
    """What of the next invoice is paid already: money and credit beyond what the invoices before it ask."""
    before = sum((asked for _, asked in invoices_asked([order.pk])), ZERO)
    return min(max(order_account(order).settled - before, ZERO), total)


@dataclass(frozen=True)
class Worth:
    """Pieces that came back and what they are worth: goods, or (`core`) the deposit on old units."""

    pieces: int
    returned: Returned
    core: bool = False


def return_paper_issue(order: Order, row: Return, worths: Sequence[Worth], *, now: datetime) -> None:
    """The credit note of what came back; what is kept of it stands on it as a fee. None for what was free."""
    given = [one for one in worths if one.returned.credited > ZERO]
    if not given:
        return
    line = OrderLine.objects.select_related("part", "card").get(pk=row.line_id)
    gross = order.prices_include_tax
    net = sum((one.returned.goods - one.returned.fee for one in given), ZERO)
    tax = sum((one.returned.tax - one.returned.fee_tax for one in given), ZERO)
    nets = [one.returned.goods for one in given]
    shown = [one.returned.goods + one.returned.tax if gross else one.returned.goods for one in given]
    invoices = Paper.objects.filter(
        kind=PaperKind.INVOICE, shipment__lines__line=line
    )  # which of several it was, nobody can say of goods without serials
    told = Printed(
        kind=PaperKind.CREDIT_NOTE,
        number="",
        order=order,
        pieces=[Piece(line, one.pieces, core=one.core) for one in given],
        sums=Step(shown, nets, ZERO, ZERO, [RateSum(line.tax_rate, net, tax)]),
        issued_at=now,
        issued_on=house_day(now),
        supplied_on=house_day(now),
        corrects=list(invoices.order_by("pk")),
        fee=sum((one.returned.fee + one.returned.fee_tax if gross else one.returned.fee for one in given), ZERO),
    )
    paper_issue(told, key=f"credit:{row.pk}:{row.received}", returned=row)


def shipment_paper_undo(order: Order, shipment: Shipment, *, now: datetime) -> None:
    """The credit note of an invoice whose goods did not leave after all; called while they still count as shipped.

    It gives back what the books take back: what all that left charges beyond what is left without these pieces. Of the first
    of several hand-overs that is the invoice without its freight, which the others are charged now.
    """
    invoices = list(Paper.objects.filter(kind=PaperKind.INVOICE, shipment=shipment))
    rows = list(shipment.lines.select_related("line__part", "line__card").order_by("line__position"))
    this = {row.line_id: row.quantity for row in rows}
    sums = _of_lines(order, [(line, line.shipped - this.get(line.pk, 0), line.shipped) for line in _lines(order)], this)
    if not invoices or not sums.total:
        return
    told = Printed(
        kind=PaperKind.CREDIT_NOTE,
        number="",
        order=order,
        pieces=_pieces(rows),
        sums=sums,
        issued_at=now,
        issued_on=house_day(now),
        supplied_on=house_day(now),
        corrects=invoices,
        shipment=shipment,
    )
    paper_issue(told, key=f"undone:{shipment.number}")


def _pieces(rows: Sequence[ShipmentLine]) -> list[Piece]:
    """Goods, then the deposits on their old units."""
    goods = [Piece(row.line, row.quantity) for row in rows]
    return goods + [Piece(row.line, row.quantity, core=True) for row in rows if row.line.core_due]


def _lines(order: Order) -> list[OrderLine]:
    return list(order.lines.order_by("position"))


def _shipment_step(order: Order, shipment: Shipment, rows: Sequence[ShipmentLine]) -> Step:
    """What a shipment adds to what the shipments before it charged, by its lines."""
    earlier = ShipmentLine.objects.filter(shipment__order=order, shipment__lt=shipment.pk)
    before = dict(earlier.order_by().values_list("line").annotate(sum=Sum("quantity")))
    this = {row.line_id: row.quantity for row in rows}
    gone = [(line, before.get(line.pk, 0), before.get(line.pk, 0) + this.get(line.pk, 0)) for line in _lines(order)]
    return _of_lines(order, gone, this)


def _of_lines(order: Order, gone: Sequence[tuple[OrderLine, int, int]], these: Collection[int]) -> Step:
    """What the pieces charge, goods and deposits of these lines alone, as `_pieces` has them."""
    found = pieces_step(order, gone)
    mine = [place for place, (line, _, _) in enumerate(gone) if line.pk in these]
    mine += [len(gone) + place for place in mine if gone[place][0].core_due]
    return replace(found, amounts=[found.amounts[place] for place in mine], nets=[found.nets[place] for place in mine])


def paper_issue(told: Printed, *, key: str, returned: Return | None = None) -> Paper:
    known = Paper.objects.filter(key=key).first()
    if known is not None:
        return known
    order = told.order
    told = replace(told, number=told.number or _number(told.kind, told.issued_on))
    return Paper.objects.create(
        kind=told.kind,
        number=told.number,
        company_id=order.company_id,
        order=order,
        shipment=told.shipment,
        returned=returned,
        key=key,
        issued_at=told.issued_at,
        issued_on=told.issued_on,
        due_on=told.due_on,
        currency=order.currency,
        net=told.sums.net,
        tax=told.sums.tax,
        total=told.sums.total,
        snapshot=snapshot_make(told),
    )


def _number(kind: str, on: date) -> str:
    """The next of its series and year; the counter's row stays locked until the commit, so a rollback leaves no gap."""
    series = f"{SERIES[PaperKind(kind)]}-{on.year}"
    with connection.cursor() as cursor:
        cursor.execute(_NEXT, [series])
        return f"{series}-{cursor.fetchone()[0]:06}"


def house_day(now: datetime) -> date:
    """The day it is where the house is."""
    house = house_get()
    return now.astimezone(ZoneInfo(house.zone if house else "UTC")).date()
