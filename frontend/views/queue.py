"""The shipping queue: late and at risk first, why each waits, and the hand-over in one form."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from catalog.selectors.stock import warehouse_get
from frontend.forms.base import new_reference
from frontend.pages import Asked, page
from orders.selectors.queue import shipping_queue

PER_PAGE = 50
GROUPS = {
    "late": (_("late"), "bad"),
    "risk": (_("at risk"), "warn"),
    "time": (_("in time"), "accent"),
    "held": (_("held"), ""),
}


@require_GET
@page("PARTS_MANAGER")
def queue(request: Asked) -> HttpResponse:
    """What is to ship, the least time left first; `?group=` and `?place=` (a warehouse's code) narrow, `?after=` and `?before=` walk."""
    asked = {name: request.GET.get(name, "")[:60] for name in ("group", "place", "after", "before")}
    group = asked["group"] if asked["group"] in GROUPS else ""
    place = warehouse_get(asked["place"])
    part = shipping_queue(
        request.actor, now=request.now, standing=group or None, warehouse_id=place.pk if place else None,
        after=asked["after"], before=asked["before"], limit=PER_PAGE,
    )  # fmt: skip
    context = {
        "part": part,
        "found": part.counts.get(group, 0) if group else part.total,
        "groups": [(name, part.counts.get(name, 0), words, tone) for name, (words, tone) in GROUPS.items()],
        "group": group,
        "place": place,
        "new_reference": new_reference,
    }
    return render(request, "queue.html", context)
