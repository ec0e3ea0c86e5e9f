"""Papers of orders: the list of invoices, and every paper as a PDF."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from frontend.pages import Asked, page
from orders.papers.words import LANGUAGES
from orders.selectors.papers import MONEY, invoice_rows, paper_find, papers_for
from orders.services.paper_files import paper_copy, paper_file

PER_PAGE = 30


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
    language = request.GET.get("language", "")
    copied = language in LANGUAGES and language != found.snapshot["language"]
    content = paper_copy(paper=found, language=language) if copied else paper_file(paper=found, now=request.now)
    name = f"{found.number}-{language}" if copied else found.number
    return HttpResponse(
        content,
        content_type="application/pdf",
        headers={
            "Content-Disposition": f'inline; filename="{name}.pdf"',
            "Cache-Control": "private, max-age=3600",
            "X-Content-Type-Options": "nosniff",
        },
    )
