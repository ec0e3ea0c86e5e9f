"""Repair cards: the board by state, a list of one state, one card with its parts, orders and promises, and its sheet of paper."""

from __future__ import annotations

from collections.abc import Collection
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
from frontend.board import card_board
from frontend.forms.card import CloseForm, PlainForm, UseForm, VoidForm
from frontend.forms.machine import OpenCardForm
from frontend.pages import UNPROCESSABLE, Asked, back, found, language, page, today
from orders.selectors.related import RelatedLine, lines_of_card
from portal.errors import Code, PortalError, refusal
from warranty.selectors.board import cards_matching
from warranty.selectors.cards import TAKES_ORDERS, card_get, cards_list, repair_card_voidable
from warranty.selectors.choices import CARD_STATES
from warranty.selectors.equipment import contracts_now, readings_of, warranty_status
from warranty.services.repair_cards import repair_card_close, repair_card_confirm, repair_card_open, repair_card_void
from warranty.services.repair_use import repair_card_use

PER_PAGE, SHEET_ROWS = 30, 11


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
    """The cards the reader may see, as a board or (`?state=`) as a list of one state; a POST opens one."""
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
    text = request.GET.get("q", "").strip()[:100]
    context: dict[str, Any] = {
        "query_cards": text,
        "state": next(((code, words) for code, words in CARD_STATES if code == request.GET.get("state")), None),
        "form": form if opens else None,
    }
    template = "cards.html"
    if context["state"]:
        found_cards = cards_matching(cards_list(actor=request.actor, state=request.GET["state"]), text)
        context["part"] = Paginator(found_cards, PER_PAGE).get_page(request.GET.get("page"))
        template = "cards_list.html"
    else:
        context["columns"] = card_board(request, text)
    return render(request, template, context, status=UNPROCESSABLE if form.errors else 200)


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
    return back(request, reverse("card", args=[thing.number]))


@require_GET
@page()
def card_sheet(request: Asked, number: str) -> HttpResponse:
    """The card as one sheet of A4 that travels with the machine: what is known is filled in, the rest is left to write."""
    thing = found(card_get(actor=request.actor, number=number))
    lines = _lines(thing)
    shown = lines[:SHEET_ROWS]
    context = {
        "card": thing,
        "lines": shown,
        "more": len(lines) - len(shown),
        "mine": request.actor.is_house
        or thing.company_id == request.actor.company_id,  # people are named to their own alone
        "blank": range(SHEET_ROWS - len(shown)),
        "names": part_names([line.part for line in shown], language()),
        "undecided": _undecided(lines_of_card(request.actor, thing.pk)),
        **_machine(request, thing),
    }
    return render(request, "card_sheet.html", context)


def _machine(request: Asked, thing: Any) -> dict[str, Any]:
    """How the card's machine stands today."""
    day = today(request)
    return {
        "warranty": warranty_status(thing.equipment, on=day),
        "contract": contracts_now([thing.equipment], on=day).get(thing.equipment_id),
        "reading": readings_of(thing.equipment).first(),
    }


def _lines(thing: Any) -> list[Any]:
    """What is on the card; of a line that was cancelled whole nothing is."""
    return [line for line in thing.lines.all() if line.ordered or line.used or line.sent_back]


def _undecided(ordered: Collection[RelatedLine]) -> set[str]:
    """The order lines, as the card names them, of which a person has yet to say who pays."""
    return {str(one.pk) for one in ordered if one.undecided}


def _acts(request: Asked, thing: Any) -> tuple[Act, ...]:
    """A dealer works on the cards it opened; others look."""
    own = request.actor.is_house or thing.company_id == request.actor.company_id
    return ACTS if own else ()


def _show(request: Asked, thing: Any, tried: tuple[str, ActForm] | None = None) -> HttpResponse:
    lines, ordered = _lines(thing), lines_of_card(request.actor, thing.pk)
    context = {
        "card": thing,
        "lines": lines,
        "names": part_names([line.part for line in lines], language()),
        "ordered": ordered,
        "undecided": _undecided(ordered),
        "takes_orders": thing.state in TAKES_ORDERS,
        **_machine(request, thing),
        "acts": offered(_acts(request, thing), request, thing, tried),
    }
    return render(request, "card.html", context, status=UNPROCESSABLE if tried else 200)
