"""Papers of orders: the list of invoices, and every paper as a PDF."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_GET

from frontend.pages import Asked, page
from orders.papers.words import LANGUAGES
from orders.selectors.orders import order_find
from orders.selectors.papers import MONEY, invoice_rows, paper_find, papers_for
from orders.services.order_papers import order_paper_issue
from orders.services.paper_files import paper_file

PER_PAGE = 30
KINDS = {"confirmation": "CONFIRMATION", "pro-forma": "PROFORMA"}


@require_GET
@page()
def invoices(request: Asked) -> HttpResponse:
    """Invoices and credit notes, newest first, with what is open."""
    part = Paginator(papers_for(request.actor).filter(kind__in=MONEY), PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "invoices.html", {"part": part, "rows": invoice_rows(list(part))})


@require_GET
@page()
def paper(request: Asked, number: str) -> HttpResponse:
    """The paper; with `?language=` a translation of it."""
    found = paper_find(request.actor, number)
    if found is None:
        raise Http404
    asked = request.GET.get("language", "")
    language = asked if asked in LANGUAGES and asked != found.snapshot["language"] else ""
    name = f"{found.number}-{language}" if language else found.number
    return HttpResponse(
        paper_file(paper=found, now=request.now, language=language),
        content_type="application/pdf",
        headers={
            "Content-Disposition": f'inline; filename="{name}.pdf"',
            "Cache-Control": "private, max-age=3600",
            "X-Content-Type-Options": "nosniff",
        },
    )


@require_GET
@page()
def order_paper(request: Asked, number: str, kind: str) -> HttpResponse:
    """The confirmation or pro-forma of an order as it stands; asked again it is the same paper while nothing has changed."""
    order = order_find(request.actor, number=number)
    if order is None or kind not in KINDS:
        raise Http404
    made = order_paper_issue(actor=request.actor, order_id=order.pk, kind=KINDS[kind], now=request.now)
    language = request.GET.get("language", "")
    address = reverse("paper", args=[made.number])
    return HttpResponseRedirect(f"{address}?{urlencode({'language': language})}" if language else address)
