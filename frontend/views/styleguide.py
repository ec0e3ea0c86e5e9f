"""The living page of the components: each in every state, letters included, for who builds pages."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from frontend.examples import COVERS, STOCKS, TONES, ExampleForm, bars, letters, refused_form, warranties
from frontend.pages import Asked, page, today


@require_GET
@page("PARTS_MANAGER", "SERVICE_DESK", "APPROVER", "ACCOUNTANT", "TECHNICIAN")
def styleguide(request: Asked) -> HttpResponse:
    """Everything there is to build a page of."""
    context = {
        "tones": TONES,
        "bars": bars(),
        "covers": COVERS,
        "stocks": STOCKS,
        "warranties": warranties(today(request)),
        "form": ExampleForm(auto_id="good_%s"),
        "refused": refused_form(),
        "letters": letters(today(request)),
    }
    return render(request, "styleguide.html", context)
