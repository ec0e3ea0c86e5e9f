"""Cover that needs a person: the evidence, and the decision with its reason."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from frontend.forms.review import ReviewForm
from frontend.pages import UNPROCESSABLE, Asked, found, language, page
from orders.selectors.waiting import lines_in_review
from orders.services.reviewing import line_review
from portal.errors import PortalError


@require_GET
@page("APPROVER")
def reviews(request: Asked) -> HttpResponse:
    """Every line that waits, oldest first."""
    return _show(request)


@require_POST
@page("APPROVER")
def review(request: Asked, pk: int) -> HttpResponse:
    """Decide one line."""
    waiting = found(
        next((one for one in lines_in_review(request.actor, language=language()) if one.line.pk == pk), None)
    )
    form = ReviewForm(request.POST, prefix=str(pk))
    if form.is_valid():
        data = form.cleaned_data
        try:
            line_review(
                actor=request.actor,
                line_id=pk,
                payer=data["payer"],
                customer_share=form.share(),
                note=data["note"],
                now=request.now,
            )
        except PortalError as error:
            form.refuse(error)
        else:
            messages.success(request, _("Order %(number)s is decided.") % {"number": waiting.line.order.number})
            return HttpResponseRedirect(reverse("reviews"))
    return _show(request, {pk: form})


def _show(request: Asked, tried: dict[int, ReviewForm] | None = None) -> HttpResponse:
    bound = tried or {}
    rows = [
        (
            one,
            bound.get(one.line.pk) or ReviewForm(prefix=str(one.line.pk), initial={"payer": _proposed(one.line.payer)}),
        )
        for one in lines_in_review(request.actor, language=language())
    ]
    return render(request, "reviews.html", {"rows": rows}, status=UNPROCESSABLE if bound else 200)


def _proposed(payer: str) -> str:
    return payer if payer in ("WARRANTY", "CONTRACT", "PAID") else "PAID"
