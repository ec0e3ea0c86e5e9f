"""Cover that needs a person: the evidence of one line, decided by one key; then the next one stands there."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from frontend.forms.review import ReviewForm
from frontend.pages import UNPROCESSABLE, Asked, found, language, page
from orders.selectors.held import orders_waiting
from orders.selectors.waiting import Decided, WaitingLine, line_decided, lines_in_review
from orders.services.reviewing import line_review
from portal.errors import Code, PortalError

CONFLICT = 409


@require_GET
@page("APPROVER")
def reviews(request: Asked) -> HttpResponse:
    """The line asked for, else the one that waits longest; the others below it."""
    rows = lines_in_review(request.actor, language=language())
    asked = request.GET.get("line", "")
    return _show(request, rows, next((one for one in rows if str(one.line.pk) == asked), rows[0] if rows else None))


@require_POST
@page("APPROVER")
def review(request: Asked, pk: int) -> HttpResponse:
    """Decide one line, and go on to the next. Decided by somebody else meanwhile: who, and what was typed stays."""
    rows = lines_in_review(request.actor, language=language())
    waiting = next((one for one in rows if one.line.pk == pk), None)
    if waiting is None:
        return _too_late(request, rows, pk)
    form = ReviewForm(_chosen(request.POST, waiting), prefix=str(pk))
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
            if error.code == Code.WRONG_STATE:
                return _too_late(request, lines_in_review(request.actor, language=language()), pk)
            form.refuse(error)
        else:
            messages.success(request, _("Order %(number)s is decided.") % {"number": waiting.line.order.number})
            return HttpResponseRedirect(_after(rows, waiting))
    return _show(request, rows, waiting, form=form, status=UNPROCESSABLE)


def _chosen(typed: QueryDict, waiting: WaitingLine) -> QueryDict:
    """What the pressed button means: as the rules propose, the customer pays, or what is chosen in the form."""
    data, name = typed.copy(), f"{waiting.line.pk}-"
    if "accept" in typed or "refuse" in typed:
        data[f"{name}payer"] = waiting.line.payer if "accept" in typed else "PAID"
        data[f"{name}customer_share"] = ""
    if "accept" in typed and not data.get(f"{name}note", "").strip():
        data[f"{name}note"] = _("accepted as the rules propose")
    return data


def _after(rows: list[WaitingLine], done: WaitingLine) -> str:
    """Where the next line stands; from the last one back to the first that still waits."""
    place = rows.index(done) + 1
    path = reverse("reviews")
    return f"{path}?line={rows[place].line.pk}" if place < len(rows) else path


def _too_late(request: Asked, rows: list[WaitingLine], pk: int) -> HttpResponse:
    decided = found(line_decided(request.actor, pk))
    typed = request.POST.get(f"{pk}-note", "").strip()[:1000]
    return _show(request, rows, rows[0] if rows else None, decided=decided, typed=typed, status=CONFLICT)


def _show(
    request: Asked,
    rows: list[WaitingLine],
    here: WaitingLine | None,
    *,
    form: ReviewForm | None = None,
    decided: Decided | None = None,
    typed: str = "",
    status: int = 200,
) -> HttpResponse:
    context: dict[str, Any] = {"rows": rows, "here": here, "decided": decided, "typed": typed}
    context["approvals"] = orders_waiting(request.actor)["AWAITING_APPROVAL"]
    if here is not None:
        proposed = here.line.payer if here.line.payer in ("WARRANTY", "CONTRACT", "PAID") else "PAID"
        context["form"] = form or ReviewForm(prefix=str(here.line.pk), initial={"payer": proposed})
    return render(request, "reviews.html", context, status=status)
