"""The company's people with roles and limits, and the API tokens."""

from __future__ import annotations

from typing import TYPE_CHECKING

from allauth.account.forms import ResetPasswordForm
from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from frontend.forms.team import MemberForm, NewMemberForm, TokenForm
from frontend.pages import UNPROCESSABLE, Asked, found, page
from frontend.shopping import currency_of
from portal.accounts.members import keeps_members, member_add, member_change, members_of
from portal.accounts.tokens import token_create_own, token_revoke, tokens_of
from portal.errors import PortalError
from portal.money import quantise

if TYPE_CHECKING:
    from portal.accounts.models import Membership


@require_http_methods(["GET", "POST"])
@page()
def team(request: Asked) -> HttpResponse:
    """Who acts for the company; a POST lets somebody new in, who gets a letter to choose a password."""
    found(None if request.actor.is_house else request.actor)
    form = NewMemberForm(request.POST if request.method == "POST" else None, currency=currency_of(request))
    if request.method == "POST" and form.is_valid():
        try:
            made = member_add(actor=request.actor, **form.cleaned_data)
        except PortalError as error:
            form.refuse(error)
        else:
            _invite(request, made)
            return HttpResponseRedirect(reverse("team"))
    return _team(request, form)


def _invite(request: Asked, made: Membership) -> None:
    """Somebody without a password gets the letter in which one is chosen."""
    if not made.user.has_usable_password():
        letter = ResetPasswordForm(data={"email": made.user.email})
        if letter.is_valid():
            letter.save(request)
    messages.success(request, _("%(name)s may act for your company now.") % {"name": made.user})


@require_http_methods(["GET", "POST"])
@page()
def member(request: Asked, pk: int) -> HttpResponse:
    """Change what a colleague may do, or end the membership."""
    thing: Membership = found(members_of(request.actor).filter(pk=pk).first() if keeps_members(request.actor) else None)
    data, currency, limit = request.POST if request.method == "POST" else None, currency_of(request), thing.order_limit
    known = {"roles": thing.roles, "order_limit": limit if limit is None or not currency else quantise(limit, currency)}
    form = MemberForm(data, initial=known, currency=currency)
    if request.method == "POST" and form.is_valid():
        try:
            member_change(actor=request.actor, member_id=pk, is_active="end" not in request.POST, **form.cleaned_data)
        except PortalError as error:
            form.refuse(error)
        else:
            messages.success(request, _("Saved for %(name)s.") % {"name": thing.user})
            return HttpResponseRedirect(reverse("team"))
    context = {"thing": thing, "form": form}
    return render(request, "member.html", context, status=UNPROCESSABLE if form.errors else 200)


def _team(request: Asked, form: NewMemberForm) -> HttpResponse:
    context = {
        "members": members_of(request.actor),
        "keeps": keeps_members(request.actor),
        "currency": currency_of(request),
        "form": form,
    }
    return render(request, "team.html", context, status=UNPROCESSABLE if form.errors else 200)


@require_http_methods(["GET", "POST"])
@page()
def tokens(request: Asked) -> HttpResponse:
    """API tokens; a POST makes one and shows its secret, here and never again."""
    form, secret = TokenForm(request.POST if request.method == "POST" else None), ""
    if request.method == "POST" and form.is_valid():
        try:
            _made, secret = token_create_own(actor=request.actor, name=form.cleaned_data["name"], now=request.now)
            form = TokenForm()
        except PortalError as error:
            form.refuse(error)
    context = {"tokens": tokens_of(request.actor), "form": form, "secret": secret}
    answer = render(request, "tokens.html", context, status=UNPROCESSABLE if form.errors else 200)
    answer["Cache-Control"] = "no-store"
    return answer


@require_POST
@page()
def token(request: Asked, pk: int) -> HttpResponse:
    """End a token at once."""
    ended = token_revoke(actor=request.actor, token_id=pk, now=request.now)
    messages.success(request, _("The token “%(name)s” opens nothing any more.") % {"name": ended.name})
    return HttpResponseRedirect(reverse("tokens"))
