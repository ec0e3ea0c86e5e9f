"""Repair cards: the list, and one card with its parts, its orders and its promises."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from catalog.selectors.parts import part_names
from frontend.acts import Act, ActForm, Words, act_named, offered, perform
from frontend.forms.card import CloseForm, PlainForm, UseForm, VoidForm
from frontend.forms.machine import OpenCardForm
from frontend.pages import UNPROCESSABLE, Asked, found, language, page
from orders.selectors.related import lines_of_card
from portal.errors import Code, PortalError, refusal
from warranty.selectors.cards import TAKES_ORDERS, calls_list, card_get, cards_list, repair_card_voidable
from warranty.selectors.choices import CARD_STATES
from warranty.services.repair_cards import repair_card_close, repair_card_confirm, repair_card_open, repair_card_void
from warranty.services.repair_use import repair_card_use

PER_PAGE = 30


def _use(request: Asked, card: Any, form: UseForm) -> Words:
    repair_card_use(actor=request.actor, card_id=card.pk, parts=form.parts(), now=request.now)
    return _("The parts are noted on the card.")


def _confirm(request: Asked, card: Any, form: PlainForm) -> Words:
    repair_card_confirm(actor=request.actor, card_id=card.pk, now=request.now)
    return _("The work is confirmed.")


def _close(request: Asked, card: Any, form: CloseForm) -> Words:
    repair_card_close(actor=request.actor, card_id=card.pk, now=request.now, **form.cleaned_data)
    return _("The card is closed; days for old parts run from today.")


def _void(request: Asked, card: Any, form: VoidForm) -> Words:
    repair_card_void(actor=request.actor, card_id=card.pk, note=form.cleaned_data["note"], now=request.now)
    return _("The card is void.")


_DESK = ("SERVICE_DESK",)
ACTS = (
    Act("use", _("Note parts used"), _("Note as used"), UseForm, _use, ("SERVICE_DESK", "TECHNICIAN"), buyers=True,
        when=lambda card: card.is_open),
    Act("confirm", _("Confirm the work"), _("Confirm"), PlainForm, _confirm, _DESK, buyers=True, when=lambda card: card.state in TAKES_ORDERS),
    Act("close", _("Close the card"), _("Close"), CloseForm, _close, _DESK, buyers=True, when=lambda card: card.state == "CONFIRMED"),
    Act("void", _("Void the card"), _("Void"), VoidForm, _void, _DESK, buyers=True, when=repair_card_voidable, tone="bad"),
)  # fmt: skip


@require_http_methods(["GET", "POST"])
@page()
def cards(request: Asked) -> HttpResponse:
    """The cards the reader may see, newest first; a POST opens one."""
    opens = request.actor.has("SERVICE_DESK") if request.actor.is_house else request.actor.is_dealer
    if request.method == "POST" and not opens:
        raise refusal(Code.NOT_ALLOWED)
    form = OpenCardForm(
        request.POST if request.method == "POST" else None, initial={"serial": request.GET.get("serial", "")}
    )
    if request.method == "POST" and form.is_valid():
        try:
            made = repair_card_open(actor=request.actor, now=request.now, **form.cleaned_data)
        except PortalError as error:
            form.refuse(error)
        else:
            messages.success(request, str(_("Repair card %(number)s is open.") % {"number": made.number}))
            return HttpResponseRedirect(reverse("card", args=[made.number]))
    state = request.GET.get("state", "")
    state = state if state in dict(CARD_STATES) else ""
    context = {
        "part": Paginator(cards_list(actor=request.actor, state=state or None), PER_PAGE).get_page(
            request.GET.get("page")
        ),
        "calls": list(calls_list(actor=request.actor, state="OPEN")[:20]),
        "states": CARD_STATES,
        "state": state,
        "form": form if opens else None,
    }
    return render(request, "cards.html", context, status=UNPROCESSABLE if form.errors else 200)


@require_GET
@page()
def card(request: Asked, number: str) -> HttpResponse:
    """One card."""
    return _show(request, found(card_get(actor=request.actor, number=number)))


@require_POST
@page()
def card_act(request: Asked, number: str, act: str) -> HttpResponse:
    """Use, confirm, close, void."""
    thing = found(card_get(actor=request.actor, number=number))
    said, form = perform(act_named(ACTS, act, request.actor, allowed=_acts(request, thing)), request, thing)
    if form is not None:
        return _show(request, thing, tried=(act, form))
    messages.success(request, str(said))
    return HttpResponseRedirect(reverse("card", args=[thing.number]))


def _acts(request: Asked, thing: Any) -> tuple[Act, ...]:
    """A dealer works on the cards it opened; others look."""
    own = request.actor.is_house or thing.company_id == request.actor.company_id
    return ACTS if own else ()


def _show(request: Asked, thing: Any, tried: tuple[str, ActForm] | None = None) -> HttpResponse:
    lines = list(thing.lines.all())
    context = {
        "card": thing,
        "lines": lines,
        "names": part_names([line.part for line in lines], language()),
        "ordered": lines_of_card(request.actor, thing.pk),
        "takes_orders": thing.state in TAKES_ORDERS,
        "acts": offered(_acts(request, thing), request, thing, tried),
    }
    return render(request, "card.html", context, status=UNPROCESSABLE if tried else 200)
