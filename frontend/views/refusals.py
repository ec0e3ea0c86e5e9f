"""What the store would not take, and what it has not answered: one button settles each, and the order goes out again."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from frontend.forms.address import AddressForm
from frontend.pages import UNPROCESSABLE, Asked, found, language, page
from orders.selectors.refusals import READDRESS, OpenRefusal, orders_unanswered, refusals_open
from orders.services.refusals import refusal_settle
from portal.errors import PortalError


@require_GET
@page("PARTS_MANAGER")
def refusals(request: Asked) -> HttpResponse:
    """Every refusal that nobody has settled, oldest first; then the orders the store has not answered."""
    return _show(request)


@require_http_methods(["GET", "POST"])
@page("PARTS_MANAGER")
def refusal(request: Asked, pk: int) -> HttpResponse:
    """One of them; settle it by the act that was pressed."""
    rows = refusals_open(request.actor, language=language(), now=request.now)
    row = found(next((one for one in rows if one.refusal.pk == pk), None))
    if request.method == "GET":
        return _show(request, only=pk)
    act = request.POST.get("act", "")
    form = _address_form(row, request.POST if act == READDRESS else None)
    if form is not None and form.is_bound and not form.is_valid():
        return _show(request, only=pk, tried=form)
    address = form.address() if form is not None and form.is_bound else None
    try:
        refusal_settle(actor=request.actor, refusal_id=pk, act=act, deliver_to=address, now=request.now)
    except PortalError as error:
        if form is None or not form.is_bound:
            return _show(request, problem=str(error.problems[0].message))
        form.refuse(error)
        return _show(request, only=pk, tried=form)
    messages.success(request, _("Order %(number)s: done.") % {"number": row.refusal.order.number})
    return HttpResponseRedirect(reverse("refusals"))


def _address_form(row: OpenRefusal, typed: QueryDict | None = None) -> AddressForm | None:
    """To correct the address, where that is what the store would not take."""
    if READDRESS not in row.acts:
        return None
    return AddressForm(typed, was=row.refusal.order.deliver_to, auto_id=f"id_{row.refusal.pk}_%s")


def _show(
    request: Asked, problem: str = "", *, only: int | None = None, tried: AddressForm | None = None
) -> HttpResponse:
    rows = refusals_open(request.actor, language=language(), now=request.now)
    shown = [one for one in rows if only in (None, one.refusal.pk)]
    context = {
        "rows": [(one, tried or _address_form(one)) for one in shown],
        "unanswered": orders_unanswered(request.actor) if only is None else [],
        "problem": problem,
        "only": only,
    }
    return render(request, "refusals.html", context, status=UNPROCESSABLE if problem or tried else 200)
