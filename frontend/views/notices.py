"""What the reader was told."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from frontend.pages import Asked, page
from portal.notices.selectors import notices_for
from portal.notices.services import notice_read

PER_PAGE = 30


@require_GET
@page()
def notices(request: Asked) -> HttpResponse:
    """Newest first."""
    part = Paginator(notices_for(request.actor), PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "notices.html", {"part": part})


@require_POST
@page()
def notice(request: Asked, pk: int) -> HttpResponse:
    """Mark one as read, and go to what it is about."""
    read = notice_read(actor=request.actor, notice_id=pk, now=request.now)
    if "open" in request.POST and read.subject_kind == "order":
        return HttpResponseRedirect(reverse("order", args=[read.subject]))
    return HttpResponseRedirect(reverse("notices"))
