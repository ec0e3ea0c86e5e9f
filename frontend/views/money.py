"""The accountant's day: read a bank's file, and place the sums nobody could book by themselves."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from frontend import formats
from frontend.forms.money import StatementForm, SumForm
from frontend.pages import UNPROCESSABLE, Asked, found, page
from orders.selectors.bank import WaitingSum, bank_profiles, statements_last, sums_hinted, sums_of, sums_waiting
from orders.services.banking import Read, bank_line_assign, bank_line_credit, bank_line_send_back, statement_read
from portal.accounts.selectors import companies_for
from portal.errors import PortalError

PER_PAGE = 20


@require_http_methods(["GET", "POST"])
@page("ACCOUNTANT")
def money(request: Asked) -> HttpResponse:
    """The work list; a POST brings a bank's file."""
    profiles = {str(one.pk): one for one in bank_profiles()}
    choices = [(key, one.name) for key, one in profiles.items()]
    if request.method == "GET":
        return _show(request, StatementForm(profiles=choices))
    form = StatementForm(request.POST, request.FILES, profiles=choices)
    if form.is_valid():
        file, chosen = form.cleaned_data["file"], profiles.get(form.cleaned_data["profile"])
        try:
            done = statement_read(
                actor=request.actor, data=file.read(), name=file.name, now=request.now,
                profile=chosen.columns if chosen else None,
            )  # fmt: skip
        except PortalError as error:
            form.refuse(error)
        else:
            messages.success(request, _told(done))
            if done.undone:
                words = ngettext("%(count)d entry undoes an earlier one: see your notices.", "%(count)d entries undo earlier ones: see your notices.", done.undone)  # fmt: skip
                messages.warning(request, words % {"count": done.undone})
            return HttpResponseRedirect(reverse("money"))
    return _show(request, form)


def _told(done: Read) -> str:
    if done.again and done.known:
        return _("This file was read before; nothing changed.")
    if done.again:
        return _("This file brings no sum that came and is not here already.")
    booked, waiting = done.booked, done.waiting
    first = ngettext("%(count)d sum is booked", "%(count)d sums are booked", booked) % {"count": booked}
    told = {"booked": first, "waiting": waiting}
    return ngettext("%(booked)s, %(waiting)d waits for you.", "%(booked)s, %(waiting)d wait for you.", waiting) % told


@require_POST
@page("ACCOUNTANT")
def money_act(request: Asked, pk: int) -> HttpResponse:
    """Assign a sum, keep it as credit, or mark it as sent back."""
    line = found(sums_of(request.actor).filter(pk=pk).first())
    if line.state != "WAITING":
        told = {"sum": formats.money(line.amount, line.currency), "state": line.get_state_display()}
        messages.warning(
            request, _("This sum of %(sum)s was placed meanwhile (%(state)s). Nothing was booked twice.") % told
        )
        return HttpResponseRedirect(reverse("money"))
    form = _form(request, pk, request.POST)
    if form.is_valid():
        try:
            _do(request, pk, form)
        except PortalError as error:
            form.refuse(error)
        else:
            messages.success(request, _("The sum is placed."))
            return HttpResponseRedirect(reverse("money"))
    return _show(request, StatementForm(), {pk: form})


def _do(request: Asked, pk: int, form: SumForm) -> None:
    data = form.cleaned_data
    if "credit" in request.POST:
        bank_line_credit(actor=request.actor, line_id=pk, company_id=data["company"] or 0, now=request.now)
    elif "back" in request.POST:
        bank_line_send_back(actor=request.actor, line_id=pk, note=data["note"], now=request.now)
    else:
        bank_line_assign(actor=request.actor, line_id=pk, shares=data["shares"], now=request.now)


def _form(request: Asked, pk: int, data: object = None, hinted: WaitingSum | None = None) -> SumForm:
    companies = [(one.pk, one.name) for one in companies_for(request.actor).exclude(kind="HOUSE")]
    return SumForm(data, companies=companies, prefix=str(pk), initial=_initial(hinted) if hinted else {})


def _initial(one: WaitingSum) -> dict[str, object]:
    """The hints, as far as the sum goes."""
    left, shares = one.line.amount, []
    for hint in one.hints:
        part = min(hint.open, left)
        if part > 0 and hint.order.currency == one.line.currency:
            shares.append(f"{hint.order.number} {part.normalize():f}")
            left -= part
    return {"shares": "\n".join(shares), "company": one.company.pk if one.company else None}


def _show(request: Asked, form: StatementForm, tried: dict[int, SumForm] | None = None) -> HttpResponse:
    bound = tried or {}
    part = Paginator(sums_waiting(request.actor), PER_PAGE).get_page(request.GET.get("page"))
    rows = [(one, bound.get(one.line.pk) or _form(request, one.line.pk, hinted=one)) for one in sums_hinted(list(part))]
    context = {"form": form, "part": part, "rows": rows, "statements": statements_last(request.actor)}
    return render(request, "money.html", context, status=UNPROCESSABLE if bound or form.errors else 200)
