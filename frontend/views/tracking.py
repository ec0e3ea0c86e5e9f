"""An order's goods for whoever has its link; no log-in, and nothing but goods and days."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from zoneinfo import ZoneInfo

from allauth.core.internal import ratelimit  # the public door counts no GET
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from frontend.bars import bar_view
from frontend.pages import language
from orders.selectors.tracking import tracked
from portal import clock

RATE = {"look": "60/m/ip"}  # counted as log-ins are: by the address as TRUSTED_PROXIES tells it


@require_safe
def tracking(request: HttpRequest, token: str) -> HttpResponse:
    """The page behind the link; 404 for one that was withdrawn, as for one that never was."""
    allowed = ratelimit.consume(request, app="tracking", action="look", config=RATE, limit_get=True)
    if not allowed:
        return _sealed(render(request, "tracking_often.html", status=429))
    thing = tracked(token, language=language())
    if thing is None:
        raise Http404
    now = clock.now()
    # a bar without key is not renewed by itself: who reads may ask nothing else
    bars = [replace(bar_view(one, now), key=None) for one in thing.promises if one.due_at is not None]
    context: dict[str, Any] = {"thing": thing, "order": thing.order, "bars": bars}
    with timezone.override(ZoneInfo(thing.order.company.zone)):
        return _sealed(render(request, "tracking.html", context))


def _sealed(answer: HttpResponse) -> HttpResponse:
    """No search engine keeps it, no other site hears of it, no cache between shares it."""
    answer["X-Robots-Tag"] = "noindex, nofollow"
    answer["Referrer-Policy"] = "no-referrer"
    answer["Cache-Control"] = "private, no-store"
    return answer
