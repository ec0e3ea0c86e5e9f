"""A company's account: limit, what is owed and when, credit, and every movement of money in words."""

from __future__ import annotations

from datetime import date
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_POST

from frontend.acts import Act, ActForm, Words, act_named, offered, perform
from frontend.forms.account import GrantForm, PayOutForm
from frontend.pages import UNPROCESSABLE, Asked, found, page
from orders.selectors.account import AccountPage, account_page, accounts_due
from orders.services.spending import credit_grant, credit_pay_out

PER_PAGE = 30
STAFF = ("ACCOUNTANT", "APPROVER", "PARTS_MANAGER", "SERVICE_DESK")


def _grant(request: Asked, thing: AccountPage, form: GrantForm) -> Words:
    credit_grant(actor=request.actor, company_id=thing.company.pk, now=request.now, **form.cleaned_data)
    return _("The credit is granted; the buyer is told.")


def _pay_out(request: Asked, thing: AccountPage, form: PayOutForm) -> Words:
    credit_pay_out(actor=request.actor, company_id=thing.company.pk, now=request.now, **form.cleaned_data)
    return _("The payout is booked; the buyer is told.")


def _has_credit(thing: AccountPage) -> bool:
    return any(one.credit > 0 for one in thing.accounts)


ACTS = (
    Act("grant", _("Grant goodwill"), _("Grant it"), GrantForm, _grant, ("APPROVER",), when=lambda thing: bool(thing.accounts)),
    Act("payout", _("Pay credit out"), _("Book the payout"), PayOutForm, _pay_out, ("ACCOUNTANT",), when=_has_credit),
)  # fmt: skip


@require_GET
@page()
def account(request: Asked) -> HttpResponse:
    """One's own company's account."""
    return _show(request, found(account_page(request.actor, None, now=request.now)))


@require_GET
@page(*STAFF)
def accounts(request: Asked) -> HttpResponse:
    """Who owes and who has credit, the most overdue first."""
    rows = Paginator(accounts_due(request.actor, now=request.now), PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "accounts.html", {"part": rows})


@require_GET
@page(*STAFF)
def account_of(request: Asked, pk: int) -> HttpResponse:
    """A buyer's account, for staff."""
    return _show(request, found(account_page(request.actor, pk, now=request.now)))


@require_POST
@page(*STAFF)
def account_act(request: Asked, pk: int, act: str) -> HttpResponse:
    """Grant or pay out; a refusal comes back beside its form."""
    thing: AccountPage = found(account_page(request.actor, pk, now=request.now))
    said, form = perform(act_named(ACTS, act, request.actor), request, thing)
    if form is not None:
        return _show(request, thing, tried=(act, form))
    messages.success(request, str(said))
    return HttpResponseRedirect(reverse("account_of", args=[pk]))


def _show(request: Asked, thing: AccountPage, tried: tuple[str, ActForm] | None = None) -> HttpResponse:
    part = Paginator(thing.ledger, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "thing": thing,
        "part": part,
        "today": _today(request, thing),
        "of_company": f"company={thing.company.pk}" if request.actor.is_house else "",
        "acts": offered(ACTS, request, thing, tried) if request.actor.is_house else [],
    }
    return render(request, "account.html", context, status=UNPROCESSABLE if tried else 200)


def _today(request: Asked, thing: AccountPage) -> date:
    return request.now.astimezone(ZoneInfo(thing.company.zone)).date()
