"""My machines, and one machine: warranty, contract, campaigns, hours, repairs, orders, its parts book."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from catalog.rules.numbers import normalise
from catalog.selectors.models import figures_of
from catalog.selectors.naming import group_names
from frontend.acts import Act, ActForm, Words, act_named, offered, perform
from frontend.book import figures_matching
from frontend.forms.machine import CallForm, CardForm, ReadingForm, RegisterForm
from frontend.pages import UNPROCESSABLE, Asked, found, language, page, today
from frontend.timeline import Timeline, machine_timeline
from orders.selectors.related import lines_of_machine
from portal.errors import PortalError
from warranty.selectors.cards import cards_list
from warranty.selectors.equipment import (
    campaigns_open,
    contracts_now,
    contracts_of,
    equipment_get,
    equipments_list,
    readings_of,
    warranty_status,
    warranty_statuses,
)
from warranty.selectors.service import services_of
from warranty.services.equipment import equipment_register
from warranty.services.readings import reading_record
from warranty.services.repair_calls import repair_call_open
from warranty.services.repair_cards import repair_card_open

if TYPE_CHECKING:
    from warranty.models import Equipment

PER_PAGE = 24


def _reading(request: Asked, thing: object, form: ReadingForm) -> Words:
    reading_record(actor=request.actor, serial=thing.serial, now=request.now, **form.cleaned_data)  # type: ignore[attr-defined]
    return _("The reading is recorded.")


def _call(request: Asked, thing: object, form: CallForm) -> Words:
    call = repair_call_open(actor=request.actor, serial=thing.serial, now=request.now, **form.cleaned_data)  # type: ignore[attr-defined]
    told = {"number": call.number, "voucher": call.voucher}
    if request.actor.is_house:
        return _("The call %(number)s is taken; its service voucher is %(voucher)s.") % told
    return _("We have your call %(number)s and will ring you back. Your service voucher is %(voucher)s.") % told


def _card(request: Asked, thing: object, form: CardForm) -> Words:
    card = repair_card_open(actor=request.actor, serial=thing.serial, now=request.now, **form.cleaned_data)  # type: ignore[attr-defined]
    return _("Repair card %(number)s is open; parts can be ordered on it.") % {"number": card.number}


ACTS = (
    Act("call", _("Request a repair"), _("Ask for a call"), CallForm, _call, ("SERVICE_DESK", "TECHNICIAN"), buyers=True),
    Act("card", _("Open a repair card"), _("Open the card"), CardForm, _card, ("SERVICE_DESK",), buyers=True),
    Act("reading", _("Record the hour meter"), _("Record"), ReadingForm, _reading, ("SERVICE_DESK", "TECHNICIAN", "PARTS_MANAGER"),
        buyers=True),
)  # fmt: skip


def _acts(request: Asked) -> tuple[Act, ...]:
    """Cards are opened by the service desk or a dealer; an owner calls."""
    opens = request.actor.is_house or request.actor.is_dealer
    return ACTS if opens else tuple(act for act in ACTS if act.name != "card")


@require_GET
@page()
def machines(request: Asked) -> HttpResponse:
    """The machines the reader may see, with the state of their warranty."""
    query = request.GET.get("q", "").strip()[:60]
    rows = equipments_list(request.actor)
    if query:
        rows = (
            rows.filter(normalised__contains=normalise(query))
            | rows.filter(site__icontains=query)
            | rows.filter(model__code__icontains=query)
        )
    part = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    shown = list(part)
    states, contracts = warranty_statuses(shown, on=today(request)), contracts_now(shown, on=today(request))
    context = {"part": part, "query": query, "rows": [(one, states[one.pk], contracts.get(one.pk)) for one in shown]}
    return render(request, "machines.html", context)


@require_GET
@page()
def machine(request: Asked, serial: str) -> HttpResponse:
    """One machine."""
    return _show(request, found(equipment_get(actor=request.actor, serial=serial)))


@require_POST
@page()
def machine_act(request: Asked, serial: str, act: str) -> HttpResponse:
    """A call, a card, a reading."""
    thing = found(equipment_get(actor=request.actor, serial=serial))
    said, form = perform(act_named(ACTS, act, request.actor, allowed=_acts(request)), request, thing)
    if form is not None:
        return _show(request, thing, tried=(act, form))
    messages.success(request, str(said))
    return HttpResponseRedirect(reverse("machine", args=[thing.normalised]))


@require_http_methods(["GET", "POST"])
@page()
def machine_register(request: Asked) -> HttpResponse:
    """Put a machine on record."""
    form = RegisterForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = equipment_register(actor=request.actor, now=request.now, **form.cleaned_data)
        except PortalError as error:
            form.refuse(error)
        else:
            messages.success(request, str(_("The machine is on record.")))
            return HttpResponseRedirect(reverse("machine", args=[made.normalised]))
    return render(request, "machine_register.html", {"form": form}, status=UNPROCESSABLE if form.errors else 200)


def _life(request: Asked, thing: Equipment, context: dict[str, Any]) -> Timeline | None:
    """The machine's time line, of what the page shows anyway."""
    zone = timezone.get_current_timezone()
    orders = {one.order_number: one.placed_at.astimezone(zone).date() for one in context["lines"]}
    return machine_timeline(
        started=thing.in_service_on or thing.sold_on,
        warranty=context["warranty"],
        contracts=contracts_of(thing),
        campaigns=context["campaigns"],
        services=context["services"],
        repairs=[(card.opened_at.astimezone(zone).date(), card.number) for card in context["cards"]],
        orders=[(day, number) for number, day in orders.items()],
        today=today(request),
    )


def _show(request: Asked, thing: Equipment, tried: tuple[str, ActForm] | None = None) -> HttpResponse:
    day = today(request)
    readings = list(readings_of(thing)[:10])
    contract = contracts_now([thing], on=day).get(thing.pk)
    book = request.GET.get("book", "").strip()[:60]
    figures = figures_of(thing.model_id, language=language(), serial_sequence=thing.sequence)
    context = {
        "machine": thing,
        "book": book,
        "whole_book": len(figures),
        "warranty": warranty_status(thing, on=day),
        "contract": contract,
        "groups": group_names(contract.groups, language()) if contract and contract.groups else {},
        "campaigns": campaigns_open(thing, on=day),
        "readings": readings,
        "cards": list(cards_list(actor=request.actor, serial=thing.serial)[:20]),
        "lines": lines_of_machine(request.actor, thing.pk),
        "figures": figures_matching(figures, book),
        "services": services_of([thing], on=day)[thing.pk],
        "acts": offered(_acts(request), request, thing, tried),
    }
    context["timeline"] = _life(request, thing, context)
    return render(request, "machine.html", context, status=UNPROCESSABLE if tried else 200)
