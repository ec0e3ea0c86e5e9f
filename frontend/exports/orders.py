"""Files of orders, papers, holds and the shipping queue."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from catalog.selectors.stock import warehouse_get
from frontend.exports import Export, batched, due_day
from frontend.pages import Asked, language
from frontend.words import HOLD_CAUSES, HOLD_FREES, PAYERS
from orders.selectors.choices import ORDER_STATES
from orders.selectors.held import holds_open, holds_told
from orders.selectors.orders import orders_search
from orders.selectors.papers import MONEY, invoice_rows, papers_for
from orders.selectors.queue import shipping_queue
from portal.promises.selectors import promises_list

CHUNK = 200
STANDINGS = {"late": _("late"), "risk": _("at risk"), "time": _("in time"), "held": _("held")}


def orders_asked(request: Asked) -> dict[str, str]:
    """What the page of orders is narrowed to."""
    company = request.GET.get("company", "")
    return {
        "state": request.GET.get("state", ""),
        "late": "1" if request.GET.get("late") else "",
        "company": company if company.isascii() and company.isdigit() and len(company) < 12 else "",
    }


def orders_found(request: Asked) -> Any:
    """The orders of the page, and of its file."""
    asked = orders_asked(request)
    state = asked["state"] if asked["state"] in dict(ORDER_STATES) else None
    late = promises_list(state="BROKEN").order_by().values("subject") if asked["late"] else None
    return orders_search(
        request.actor, state=state, company_id=int(asked["company"]) if asked["company"] else None, late_numbers=late
    )


def _orders(request: Asked) -> Iterator[Sequence[Any]]:
    found = orders_found(request).prefetch_related("lines__part", "lines__card")
    for order in found.iterator(chunk_size=CHUNK):
        for line in order.lines.all():
            yield _order_cells(order, line)


def _order_cells(order: Any, line: Any) -> Sequence[Any]:
    card = line.card.number if line.card else ""
    return (
        order.number, order.placed_at, order.company.name, order.get_state_display(), order.get_type_display(), order.po_number, order.currency,
        order.total, line.position, line.part.number, line.quantity, line.published_amount, line.published_per, line.net,
        PAYERS.get(line.payer, line.payer), line.serial, card, line.expected_on, line.shipped, line.delivered, line.cancelled, line.returned,
        line.tax_rate, line.tax,
    )  # fmt: skip


def _invoices(request: Asked) -> Iterator[Sequence[Any]]:
    papers = papers_for(request.actor).filter(kind__in=MONEY)
    for some in batched(papers.iterator(chunk_size=CHUNK), CHUNK):
        for row in invoice_rows(some):
            one = row.paper
            total = -one.total if one.kind == "CREDIT_NOTE" else one.total
            yield (
                one.number, one.get_kind_display(), one.company.name, one.issued_on, one.order.number, one.order.po_number,
                one.due_on, one.currency, total, row.open_sum,
            )  # fmt: skip


def _queue(request: Asked) -> Iterator[Sequence[Any]]:
    place = warehouse_get(request.GET.get("place", "")[:20])
    asked: dict[str, Any] = {"standing": request.GET.get("group") or None, "warehouse_id": place.pk if place else None}
    part = shipping_queue(request.actor, now=request.now, limit=CHUNK, **asked)
    while True:
        for row in part.rows:
            order = row.order
            yield (
                order.number, order.company.name, order.get_type_display(), row.many, row.pieces, STANDINGS[row.standing],
                due_day(row.promise), ", ".join(one.called(language()) for one in row.places), row.expected_on,
                row.hold.get_reason_display() if row.hold else "", order.get_engine_state_display(),
            )  # fmt: skip
        if not part.later:
            return
        part = shipping_queue(request.actor, now=request.now, after=part.later, limit=CHUNK, **asked)


def _holds(request: Asked) -> Iterator[Sequence[Any]]:
    found = holds_open(request.actor, reason=request.GET.get("reason", ""))
    for some in batched(found.iterator(chunk_size=CHUNK), CHUNK):
        for one in holds_told(some):
            hold = one.hold
            yield (
                hold.order.number, hold.order.company.name, hold.get_reason_display(), HOLD_CAUSES[one.cause], hold.note, hold.by,
                hold.since, due_day(one.promise), HOLD_FREES[hold.reason],
            )  # fmt: skip


EXPORTS = (
    Export("orders", (
        _("Order"), _("Placed"), _("Buyer"), _("State"), _("Kind"), _("Your order number"), _("Currency"), _("Total incl. tax"), _("Line"),
        _("Part"), _("Pieces"), _("Published price"), _("per pieces"), _("Net"), _("Who pays"), _("Machine"), _("Repair card"),
        pgettext_lazy("day", "Expected"), _("Shipped"), _("Delivered"), _("Cancelled"), _("Returned"), _("Tax rate"), _("Tax"),
    ), _orders),
    Export("invoices", (
        _("Number"), _("Kind"), _("Buyer"), _("Date"), _("Order"), _("Your order number"), _("Due"), _("Currency"), _("Total incl. tax"), _("Open"),
    ), _invoices),
    Export("queue", (
        _("Order"), _("Buyer"), _("Kind"), _("Lines"), _("Pieces"), _("How it stands"), _("Due"), _("On the shelves of"), _("Goods expected"),
        _("Held back"), _("Store"),
    ), _queue, ("PARTS_MANAGER",)),
    Export("holds", (
        _("Order"), _("Buyer"), _("Reason"), _("Cause"), _("Note"), pgettext_lazy("whom", "By"), _("Since"), _("Due"), _("What frees it"),
    ), _holds, ("PARTS_MANAGER", "SERVICE_DESK", "ACCOUNTANT")),
)  # fmt: skip
