"""The list of orders, and the same as a file."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_GET

from frontend.bars import awaited, bar_view
from frontend.exports.orders import orders_asked, orders_found
from frontend.pages import Asked, page
from frontend.views.exports import table
from orders.selectors.choices import ORDER_STATES
from orders.selectors.orders import orders_for
from portal.promises.selectors import promises_by_key, promises_of

PER_PAGE = 25
MOST_BARS = 100
_OPEN = ("BROKEN", "RUNNING", "PAUSED", "OFFERED")


@require_GET
@page()
def orders(request: Asked) -> HttpResponse:
    """Orders the actor may see, newest first, with the promise that matters most."""
    asked = orders_asked(request)
    part = Paginator(orders_found(request), PER_PAGE).get_page(request.GET.get("page"))
    promises = promises_of("order", [order.number for order in part])
    context = {
        "part": part,
        "rows": [(order, _foremost(promises[order.number])) for order in part],
        "states": ORDER_STATES,
        "asked": asked,
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
    orders = orders_for(request.actor).filter(number__in={one.subject for one in promises})
    waits = {number: awaited(state, total) for number, state, total in orders.values_list("number", "state", "total")}
    bars = [bar_view(one, request.now, waits[one.subject]) for one in promises if one.subject in waits]
    return render(request, "bars_now.html", {"bars": bars})


@require_GET
def orders_export(request: Asked) -> HttpResponseBase:
    """One row a line, as CSV, of the orders of the page."""
    return table(request, "orders")


def _foremost(promises: list[Any]) -> Any:
    """The open promise that is due first, else the one that ended last."""
    living = [one for one in promises if one.state in _OPEN]
    if living:
        return min(living, key=lambda one: (_OPEN.index(one.state), one.due_at is None, one.due_at or one.pk))
    ended = [one for one in promises if one.stopped_at and one.state != "CANCELLED"]
    return max(ended, key=lambda one: one.stopped_at, default=None)
