"""Backorders by line: first and present day, why, and what can be done about it."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from frontend.pages import Asked, found, language, page
from orders.selectors.backorders import backorder_get, backorder_lines
from orders.services.waiting import backorder_cancel, backorder_instead

PER_PAGE = 50


@require_GET
@page()
def backorders(request: Asked) -> HttpResponse:
    """The company's lines that wait for goods."""
    found(None if request.actor.is_house else request.actor)
    rows = backorder_lines(request.actor, now=request.now, language=language())
    part = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "backorders.html", {"part": part})


@require_POST
@page()
def backorder(request: Asked, pk: int) -> HttpResponse:
    """Let go of the pieces that wait (`cancel`), or take the successor (`instead`)."""
    found(backorder_get(request.actor, pk))
    if "instead" in request.POST:
        backorder_instead(actor=request.actor, line_id=pk, now=request.now)
        messages.success(
            request, _("The pieces that waited are cancelled; the part that replaces them is in your cart.")
        )
        return HttpResponseRedirect(reverse("cart"))
    if "cancel" in request.POST:
        many = backorder_cancel(actor=request.actor, line_id=pk, now=request.now)
        told = ngettext("%(many)d waiting piece is cancelled.", "%(many)d waiting pieces are cancelled.", many)
        messages.success(request, told % {"many": many})
    return HttpResponseRedirect(reverse("backorders"))
