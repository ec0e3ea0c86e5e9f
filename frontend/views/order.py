"""One order: where it stands, its promises, and what can be done."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from frontend.acts import ActForm, act_named, offered, perform
from frontend.pages import UNPROCESSABLE, Asked, back, found, language, page
from frontend.views.order_acts import ACTS
from orders.selectors.order_page import OrderDetail, order_detail
from portal.notices.selectors import notices_about


@require_GET
@page()
def order(request: Asked, number: str) -> HttpResponse:
    """The order's page."""
    return _show(request, found(order_detail(request.actor, number, language=language())))


@require_POST
@page()
def order_act(request: Asked, number: str, act: str) -> HttpResponse:
    """Do something with the order; a refusal comes back beside its form."""
    thing: OrderDetail = found(order_detail(request.actor, number, language=language()))
    named = act_named(ACTS, act, request.actor)
    said, form = perform(named, request, thing)
    if form is not None:
        return _show(request, thing, tried=(act, form))
    messages.success(request, str(said))
    return back(request, reverse(named.leads) if named.leads else reverse("order", args=[number]))


def _show(request: Asked, thing: OrderDetail, tried: tuple[str, ActForm] | None = None) -> HttpResponse:
    context = {
        "thing": thing,
        "order": thing.order,
        "acts": offered(ACTS, request, thing, tried),
        "events": [one for one in thing.order.events.all() if one.kind != "state"],
        "notices": notices_about(request.actor, "order", [thing.order.number])[thing.order.number],
    }
    return render(request, "order.html", context, status=UNPROCESSABLE if tried else 200)
