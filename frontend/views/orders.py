"""The list of orders, and the same as a file."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from frontend.bars import bar_view
from frontend.pages import Asked, page, with_query
from orders.selectors.choices import ORDER_STATES
from orders.selectors.orders import orders_for, orders_search
from portal.promises.selectors import promises_by_key, promises_list, promises_of

PER_PAGE = 25
MOST_BARS = 100
_OPEN = ("BROKEN", "RUNNING", "PAUSED", "OFFERED")
COLUMNS = (
    "order", "placed_at", "company", "state", "type", "po_number", "currency", "total", "line", "part", "quantity", "published_price",
    "per_quantity", "net", "payer", "serial", "repair_card", "expected_on", "shipped", "delivered", "cancelled", "returned",
    "tax_rate", "tax",
)  # fmt: skip


@require_GET
@page()
def orders(request: Asked) -> HttpResponse:
    """Orders the actor may see, newest first, with the promise that matters most."""
    asked = _asked(request)
    part = Paginator(_search(request), PER_PAGE).get_page(request.GET.get("page"))
    promises = promises_of("order", [order.number for order in part])
    context = {
        "part": part,
        "rows": [(order, _foremost(promises[order.number])) for order in part],
        "states": ORDER_STATES,
        "asked": asked,
        "export_url": with_query(reverse("orders_export"), **asked),
    }
    return render(request, "orders.html", context)


@require_GET
@page()
def bars_now(request: Asked) -> HttpResponse:
    """The bars of the promises `?id=` names as they stand now, those of orders the reader may see; htmx puts each in its place."""
    keys = [
        int(one) for one in request.GET.getlist("id")[:MOST_BARS] if one.isascii() and one.isdigit() and len(one) < 12
    ]
    promises = promises_by_key("order", keys)
    seen = set(
        orders_for(request.actor).filter(number__in={one.subject for one in promises}).values_list("number", flat=True)
    )
    bars = [bar_view(one, request.now) for one in promises if one.subject in seen]
    return render(request, "bars_now.html", {"bars": bars})


@require_GET
@page()
def orders_export(request: Asked) -> StreamingHttpResponse:
    """One row a line, as CSV; UTF-8 with a mark, so that spreadsheets read it."""
    answer = StreamingHttpResponse(_rows(request), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="orders.csv"'
    return answer


def _asked(request: Asked) -> dict[str, str]:
    company = request.GET.get("company", "")
    return {
        "state": request.GET.get("state", ""),
        "late": "1" if request.GET.get("late") else "",
        "company": company if company.isascii() and company.isdigit() and len(company) < 12 else "",
    }


def _search(request: Asked) -> Any:
    asked = _asked(request)
    state = asked["state"] if asked["state"] in dict(ORDER_STATES) else None
    late = promises_list(state="BROKEN").order_by().values("subject") if asked["late"] else None
    return orders_search(
        request.actor, state=state, company_id=int(asked["company"]) if asked["company"] else None, late_numbers=late
    )


def _foremost(promises: list[Any]) -> Any:
    """The open promise that is due first, else the one that ended last."""
    living = [one for one in promises if one.state in _OPEN]
    if living:
        return min(living, key=lambda one: (_OPEN.index(one.state), one.due_at is None, one.due_at or one.pk))
    ended = [one for one in promises if one.stopped_at and one.state != "CANCELLED"]
    return max(ended, key=lambda one: one.stopped_at, default=None)


class _Echo:
    """A file that hands back what is written."""

    def write(self, value: str) -> str:
        """The value itself."""
        return value


def _rows(request: Asked) -> Iterator[str]:
    writer: Any = csv.writer(_Echo())
    yield "\ufeff" + writer.writerow(COLUMNS)
    found = _search(request).prefetch_related("lines__part", "lines__card")
    for order in found.iterator(chunk_size=200):
        for line in order.lines.all():
            yield writer.writerow([_safe(value) for value in _cells(order, line)])


def _cells(order: Any, line: Any) -> tuple[Any, ...]:
    card = line.card.number if line.card else ""
    return (
        order.number, order.placed_at.isoformat(), order.company.name, order.state, order.type, order.po_number, order.currency, order.total,
        line.position, line.part.number, line.quantity, line.published_amount, line.published_per, line.net, line.payer, line.serial, card,
        line.expected_on or "", line.shipped, line.delivered, line.cancelled, line.returned,
        line.tax_rate, line.tax,
    )  # fmt: skip


def _safe(value: Any) -> Any:
    """A spreadsheet runs text that begins like a formula; an apostrophe stops it."""
    return f"'{value}" if isinstance(value, str) and value[:1] in ("=", "+", "-", "@", "\t", "\r") else value
