"""What is held back: why each order waits, since when, and what frees it."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from frontend.pages import Asked, page
from orders.selectors.choices import HOLD_REASONS, ORDER_STATES
from orders.selectors.held import holds_counted, holds_open, holds_told, orders_waiting

PER_PAGE = 25


@require_GET
@page("PARTS_MANAGER", "SERVICE_DESK", "ACCOUNTANT")
def holds(request: Asked) -> HttpResponse:
    """Open holds, the oldest first; `?reason=` narrows."""
    words, states = dict(HOLD_REASONS), dict(ORDER_STATES)
    reason = request.GET.get("reason", "")
    reason = reason if reason in words else ""
    counts = holds_counted(request.actor)
    part = Paginator(holds_open(request.actor, reason=reason), PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "part": part,
        "rows": holds_told(list(part)),
        "reason": reason,
        "total": sum(counts.values()),
        "reasons": [(name, words[name], many) for name, many in counts.items()],
        "waiting": [(state, states[state], many) for state, many in orders_waiting(request.actor).items()],
    }
    return render(request, "holds.html", context)
