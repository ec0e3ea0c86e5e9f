"""One part: is it genuine, what does it cost me, where is it, does it fit my machines, when does it ship."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from catalog.selectors.documents import documents_of
from catalog.selectors.fit import Fit, fits_for
from catalog.selectors.listing import ListedPart, parts_listed, ship_offer
from catalog.selectors.naming import category_names
from catalog.selectors.part_story import part_story
from frontend.forms.cart import LineForm
from frontend.pages import Asked, found, language, page, today
from frontend.shopping import cover_of, machine_asked, shopper
from warranty.selectors.cards import TAKES_ORDERS, cards_list
from warranty.selectors.equipment import equipments_list

if TYPE_CHECKING:
    from catalog.models import Part
    from warranty.models import Equipment

MOST_MACHINES = 50


@require_GET
@page()
def part(request: Asked, pk: int) -> HttpResponse:
    """The part's page; `?asked=` is the number that led here, `?serial=` the machine it is for."""
    listed = next(iter(parts_listed([pk], shopper=shopper(request), on=today(request))), None)
    one: ListedPart = found(listed)
    serial, machine = machine_asked(request)
    machines = [machine] if machine else _machines(request)
    fits = fits_for([(pk, each.model_id, each.sequence) for each in machines], today(request))
    rows = [(each, fits[pk, each.model_id, each.sequence]) for each in machines]
    known = [(each, fit) for each, fit in rows if fit.verdict != "UNKNOWN" or machine]
    cover = cover_of(request, [(one, each) for each, fit in known if fit.verdict != "DOES_NOT_FIT"], fits)
    documents = documents_of([pk], actor=request.actor).get(pk, [])
    context = {
        "pictures": [each for each in documents if each.file.width],
        "papers": [each for each in documents if not each.file.width],
        "listed": one,
        "part": one.part,
        "core": one.part.core_in(one.price.currency) if one.price else 0,
        "kind": _kind(one.part),
        "story": part_story(one.part, on=today(request)),
        "asked": request.GET.get("asked", "")[:60],
        "serial": serial,
        "machine": machine,
        "fits": [(each, fit, cover.get((pk, each.serial))) for each, fit in known],
        "unknown": len(rows) - len(known),
        "offer": ship_offer(one.stock, now=request.now) if not one.part.stop_sale else None,
        "form": LineForm(initial={"part_number": one.part.number, "quantity": max(1, one.part.minimum_quantity)}),
        "serials": _serials(machine, known),
        "cards": _cards(request, machine),
    }
    return render(request, "part.html", context)


def _kind(part: Part) -> list[str]:
    """Maker, category and group, as far as they are known; a group that is named as the category is said once."""
    category = category_names([part.category], language()).get(part.category, part.category)
    group = part.group.called(language()) if part.group else ""
    return list(dict.fromkeys(word for word in (part.maker, category, group) if word))


def _machines(request: Asked) -> list[Equipment]:
    """The reader's machines; the house has no machines of its own and asks by serial."""
    return [] if request.actor.is_house else list(equipments_list(request.actor)[:MOST_MACHINES])


def _serials(machine: Equipment | None, known: list[tuple[Equipment, Fit]]) -> list[str]:
    return [machine.serial] if machine else [each.serial for each, fit in known if fit.verdict == "FITS"]


def _cards(request: Asked, machine: Equipment | None) -> list:
    """Repair cards that take orders, of the chosen machine or of the reader's own."""
    if request.actor.is_house and machine is None:
        return []
    cards = cards_list(actor=request.actor, serial=machine.serial if machine else None)
    return list(cards.filter(state__in=TAKES_ORDERS)[:MOST_MACHINES])
