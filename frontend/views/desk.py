"""The service desk at the telephone: who calls, what stands open on their machines, and the calls that wait for a card."""

from __future__ import annotations

import re

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from frontend.pages import Asked, page, today
from orders.rules.callers import phone_tail
from orders.selectors.callers import caller_find
from warranty.selectors.cards import calls_list, card_get

MOST_CALLS = 20


@require_GET
@page("SERVICE_DESK", "TECHNICIAN")
def desk(request: Asked) -> HttpResponse:
    """One box for a telephone number, company, person or serial; `?after=` passes over that many of its machines."""
    query = request.GET.get("q", "").strip()[:100]
    if query and (card := card_get(actor=request.actor, number=query)):  # its sheet was scanned
        return HttpResponseRedirect(reverse("card", args=[card.number]))
    calls = calls_list(actor=request.actor, state="OPEN").filter(cards=None)
    context = {
        "query_caller": query,
        "caller": caller_find(request.actor, query, on=today(request), skip=_passed(request.GET.get("after", ""))),
        "contact": query if phone_tail(query) else "",
        "calls": list(calls.order_by("pk")[:MOST_CALLS]),
        "calls_total": calls.count(),
    }
    return render(request, "desk.html", context)


def _passed(typed: str) -> int:
    return int(typed) if re.fullmatch(r"[0-9]{1,5}", typed) else 0
