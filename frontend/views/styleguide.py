"""The living page of the components: each in every state, letters included, for who builds pages."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_GET

from frontend.examples import (
    COVERS,
    LETTERS,
    STOCKS,
    TONES,
    ExampleForm,
    acts,
    bars,
    chart,
    letter,
    letters,
    life,
    middle_page,
    refused_form,
    warranties,
)
from frontend.pages import Asked, found, language, page, today
from portal.notices.words import notice_kinds

_BUILDERS = ("PARTS_MANAGER", "SERVICE_DESK", "APPROVER", "ACCOUNTANT", "TECHNICIAN")


@require_GET
@page(*_BUILDERS)
def styleguide(request: Asked) -> HttpResponse:
    """Everything there is to build a page of."""
    context = {
        "tones": TONES,
        "bars": bars(),
        "chart": chart(),
        "covers": COVERS,
        "stocks": STOCKS,
        "warranties": warranties(today(request)),
        "form": ExampleForm(auto_id="good_%s"),
        "refused": refused_form(),
        "timeline": life(today(request)),
        "acts": acts(),
        "part": middle_page(),
        "letters": letters(),
        "shown": LETTERS,
    }
    return render(request, "styleguide.html", context)


@require_GET
@xframe_options_sameorigin
@page(*_BUILDERS)
def letter_page(request: Asked, kind: str) -> HttpResponse:
    """A letter as it is sent, in the reader's language; `?as=text` its plain half."""
    written = letter(found(kind if kind in notice_kinds() else None), today(request), language())
    if request.GET.get("as") == "text":
        return HttpResponse(f"{written.subject}\n\n{written.text}", content_type="text/plain; charset=utf-8")
    return HttpResponse(written.html)
