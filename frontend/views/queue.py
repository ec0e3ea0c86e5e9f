"""The shipping queue: late and at risk first, why each waits, and the hand-over in one form."""

from __future__ import annotations

from collections import Counter

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from frontend.forms.base import new_reference
from frontend.pages import Asked, page
from orders.selectors.queue import shipping_queue

PER_PAGE = 50
_GROUPS = {"late": "late", "near": "risk", "held": "held", "paused": "held"}
GROUPS = {
    "late": (_("late"), "bad"),
    "risk": (_("at risk"), "warn"),
    "time": (_("in time"), "accent"),
    "held": (_("held"), ""),
}


@require_GET
@page("PARTS_MANAGER")
def queue(request: Asked) -> HttpResponse:
    """What is to ship, the least time left first; `?group=` narrows."""
    rows = [(row, _GROUPS.get(row.tone, "time")) for row in shipping_queue(request.actor, now=request.now)]
    counts = Counter(group for _, group in rows)
    group = request.GET.get("group", "")
    shown = [row for row, one in rows if group not in GROUPS or one == group]
    context = {
        "part": Paginator(shown, PER_PAGE).get_page(request.GET.get("page")),
        "total": len(rows),
        "groups": [(name, counts[name], words, tone) for name, (words, tone) in GROUPS.items()],
        "group": group if group in GROUPS else "",
        "all_url": request.path,
        "new_reference": new_reference,
    }
    return render(request, "queue.html", context)
