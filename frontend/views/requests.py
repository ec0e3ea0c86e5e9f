"""Approval inside the buyer's company: what waits, and one request with the order as it would be now."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from catalog.selectors.parts import part_names
from frontend.pages import UNPROCESSABLE, Asked, found, language, page
from orders.selectors.purchase_requests import purchase_request_get, purchase_requests_for
from orders.services.requesting import (
    purchase_request_approve,
    purchase_request_preview,
    purchase_request_send_back,
    purchase_request_withdraw,
    wanted_order,
)
from portal.errors import PortalError, Problem

if TYPE_CHECKING:
    from orders.models import PurchaseRequest

PER_PAGE = 25


@require_GET
@page()
def requests(request: Asked) -> HttpResponse:
    """The company's requests, newest first."""
    part = Paginator(purchase_requests_for(request.actor), PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "requests.html", {"part": part})


@require_http_methods(["GET", "POST"])
@page()
def request_one(request: Asked, pk: int) -> HttpResponse:
    """One request; a POST approves it, sends it back or takes it back into the cart. A refusal shows it as it is now."""
    thing: PurchaseRequest = found(purchase_request_get(request.actor, pk))
    if request.method == "GET":
        return _show(request, thing)
    try:
        return _decided(request, thing)
    except PortalError as error:
        return _show(request, found(purchase_request_get(request.actor, pk)), error.problems)


def _decided(request: Asked, thing: PurchaseRequest) -> HttpResponse:
    note = request.POST.get("note", "").replace("\x00", "")
    if "approve" in request.POST:
        order = purchase_request_approve(
            actor=request.actor, request_id=thing.pk, shown=request.POST.get("shown", ""), note=note, now=request.now
        )
        messages.success(request, _("Approved: it is ordered as %(number)s.") % {"number": order.number})
        return HttpResponseRedirect(reverse("order", args=[order.number]))
    if "back" in request.POST:
        purchase_request_withdraw(actor=request.actor, request_id=thing.pk, now=request.now)
        messages.success(request, _("The lines are in your cart again."))
        return HttpResponseRedirect(reverse("cart"))
    purchase_request_send_back(actor=request.actor, request_id=thing.pk, note=note, now=request.now)
    messages.success(request, _("Sent back with your note."))
    return HttpResponseRedirect(reverse("requests"))


def _show(request: Asked, thing: PurchaseRequest, problems: tuple[Problem, ...] = ()) -> HttpResponse:
    waiting, mine = thing.state == "WAITING", thing.requested_by_id == request.actor.membership_id
    preview = purchase_request_preview(request=thing, now=request.now) if waiting else None
    limit = request.actor.order_limit
    context = {
        "thing": thing,
        "mine": mine,
        "preview": preview,
        "names": part_names([line.part for line in preview.draft.lines], language()) if preview else {},
        "typed": [] if preview else wanted_order(thing).lines,
        "may": waiting and not mine and (limit is None or (preview is not None and preview.draft.total <= limit)),
        "problems": problems,
        "note": request.POST.get("note", ""),
    }
    return render(request, "request.html", context, status=UNPROCESSABLE if problems else 200)
