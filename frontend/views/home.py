"""The first page: a buyer's machines and open orders; the house's people go to their work."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from frontend.pages import Asked, back, found, page, today
from orders.selectors.orders import orders_for
from orders.selectors.purchase_requests import requests_waiting
from portal.accounts.requests import SESSION_KEY
from portal.accounts.selectors import memberships_of
from portal.promises.selectors import promises_of
from warranty.selectors.equipment import contracts_now, equipments_list, warranty_statuses
from warranty.selectors.service import services_of

if TYPE_CHECKING:
    from portal.promises.models import Promise

_WORK = (
    ("PARTS_MANAGER", "queue"),
    ("APPROVER", "reviews"),
    ("SERVICE_DESK", "desk"),
    ("TECHNICIAN", "cards"),
    ("ACCOUNTANT", "money"),
)
_OVER = ("DELIVERED", "CANCELLED")
_AGAIN = ("READY", "PARTLY_SHIPPED", "SHIPPED", "DELIVERED")


@require_GET
@page()
def home(request: Asked) -> HttpResponse:
    """Where the day begins."""
    actor = request.actor
    if actor.is_house:
        work = next((name for role, name in _WORK if actor.has(role)), "search")
        return HttpResponseRedirect(reverse(work))
    machines = list(equipments_list(actor)[:8])
    orders = list(orders_for(actor).exclude(state__in=_OVER)[:8])
    promises = promises_of("order", [order.number for order in orders])
    states, contracts = warranty_statuses(machines, on=today(request)), contracts_now(machines, on=today(request))
    rows = [(order, [one for one in promises[order.number] if one.state != "CANCELLED"]) for order in orders]
    services = services_of(machines, on=today(request))
    context = {
        "machines": [
            (one, states[one.pk], contracts.get(one.pk), [due for due in services[one.pk] if due.presses])
            for one in machines
        ],
        "again": list(orders_for(actor).filter(state__in=_AGAIN)[:4]),
        "waiting": requests_waiting(actor),
        "orders": sorted(rows, key=lambda row: _due(row[1])),  # what is late stands first
    }
    return render(request, "home.html", context)


def _due(promises: list[Promise]) -> tuple[bool, float]:
    """The open promise due first; what waits for money, and what is done, comes last."""
    due = [one.due_at.timestamp() for one in promises if one.due_at and not one.stopped_at]
    return not due, min(due, default=0.0)


@require_POST
@page()
def company_switch(request: Asked) -> HttpResponse:
    """Act for another of one's companies from now on."""
    chosen = request.POST.get("membership", "")
    mine = {str(one.pk): one for one in memberships_of(request.user)}  # type: ignore[arg-type]
    request.session[SESSION_KEY] = found(mine.get(chosen)).pk
    return back(request, reverse("home"))
