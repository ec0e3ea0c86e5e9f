"""What the store would not take, and what it has not answered: one button settles each, and the order goes out again."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from frontend.pages import UNPROCESSABLE, Asked, found, language, page
from orders.selectors.refusals import orders_unanswered, refusals_open
from orders.services.refusals import refusal_settle
from portal.errors import PortalError


@require_GET
@page("PARTS_MANAGER")
def refusals(request: Asked) -> HttpResponse:
    """Every refusal that nobody has settled, oldest first; then the orders the store has not answered."""
    return _show(request)


@require_POST
@page("PARTS_MANAGER")
def refusal(request: Asked, pk: int) -> HttpResponse:
    """Settle one by the act that was pressed."""
    rows = refusals_open(request.actor, language=language(), now=request.now)
    row = found(next((one for one in rows if one.refusal.pk == pk), None))
    try:
        refusal_settle(actor=request.actor, refusal_id=pk, act=request.POST.get("act", ""), now=request.now)
    except PortalError as error:
        return _show(request, problem=str(error.problems[0].message))
    messages.success(request, _("Order %(number)s: done.") % {"number": row.refusal.order.number})
    return HttpResponseRedirect(reverse("refusals"))


def _show(request: Asked, problem: str = "") -> HttpResponse:
    context = {
        "rows": refusals_open(request.actor, language=language(), now=request.now),
        "unanswered": orders_unanswered(request.actor),
        "problem": problem,
    }
    return render(request, "refusals.html", context, status=UNPROCESSABLE if problem else 200)
