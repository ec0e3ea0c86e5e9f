"""Find a part: by number in any dress, old or foreign number, machine serial, or words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from catalog.search import SearchResult, search_parts, suggest_parts
from catalog.selectors.fit import fits_for
from catalog.selectors.listing import ListedPart, parts_listed
from catalog.selectors.naming import category_names
from frontend.pages import Asked, language, page, today, with_query
from frontend.shopping import cover_of, machine_asked, shopper, tax_included
from frontend.words import FOUND_BY
from orders.selectors.find import find_anything
from warranty.selectors.equipment import equipment_get, equipments_list, machines_begun

if TYPE_CHECKING:
    from warranty.models import Equipment

PER_PAGE = 24
MOST_MACHINES = 8
BY_OTHER_NUMBER = ("OLD", "FOREIGN", "NEAR")


@require_GET
@page()
def search(request: Asked) -> HttpResponse:
    """Parts for what was typed; with a machine, whether they fit it and who would pay. A machine's serial lists its parts."""
    query = request.GET.get("q", "").strip()[:200]
    serial, machine = machine_asked(request)
    place = _page_number(request)
    only = bool(request.GET.get("fits")) or not query  # a machine alone lists what its bills hold
    result = search_parts(
        query,
        actor_market=request.actor.market,
        model_id=machine.model_id if machine and only else None,
        serial_sequence=machine.sequence if machine and only else None,
        category=request.GET.get("category", "")[:120] or None,
        in_stock=True if request.GET.get("stock") else None,
        machine=(machine.model_id, machine.sequence) if machine else None,
        language=language(),
        offset=(place - 1) * PER_PAGE,
        limit=PER_PAGE,
    )
    named = equipment_get(actor=request.actor, serial=query) if query and not (machine and result.total) else None
    if named and not result.total:  # the serial of a machine and nothing else: its parts, whatever was looked at before
        return HttpResponseRedirect(with_query(reverse("search"), serial=named.normalised))
    context: dict[str, Any] = {"query": query, "serial": serial, "machine": machine, "named": named, "result": result}
    rows = _rows(request, result, machine)
    context |= {"rows": rows, "taxed": tax_included(row["listed"] for row in rows), **_pages(request, result, place)}
    context["mine"] = [] if machine or request.actor.is_house else list(equipments_list(request.actor)[:MOST_MACHINES])
    return render(request, "search.html", context)


@require_GET
@page()
def suggest(request: Asked) -> HttpResponse:
    """What may be meant by what is being typed, as JSON: {"suggestions": [{"text", "part"}]}; `part` is a key when the text is a number.

    For the box on a page (htmx) the same as links: a number opens its part, words search; a serial opens its machine.
    """
    query = request.GET.get("q", "")
    found = suggest_parts(query)
    if request.htmx:  # type: ignore[attr-defined]
        machines = machines_begun(request.actor, query)
        context = {"found": found, "machines": machines, "query": query.strip()[:200]}
        return render(request, "suggestions.html", context)
    return JsonResponse({"suggestions": [{"text": one.text, "part": one.part_id} for one in found]})


@require_GET
@page("PARTS_MANAGER", "SERVICE_DESK", "APPROVER", "ACCOUNTANT", "TECHNICIAN")
def find(request: Asked) -> HttpResponse:
    """Staff's one box: an order, card, machine, company or tracking number opens at once; anything else is a search for parts."""
    query = request.GET.get("q", "").strip()[:200]
    seen = find_anything(request.actor, query)
    if not seen.total:
        return HttpResponseRedirect(with_query(reverse("search"), q=query))
    if seen.total == 1 and not seen.companies:
        for one in seen.orders:
            if (by := seen.by[one.pk]) != "NUMBER":
                messages.info(
                    request,
                    _("%(typed)s: %(what)s of order %(number)s")
                    % {"typed": query, "what": FOUND_BY[by], "number": one.number},
                )
        return HttpResponseRedirect(_address(seen))
    return render(request, "find.html", {"query": query, "seen": seen})


def _address(seen: object) -> str:
    orders, cards, machines = (getattr(seen, name) for name in ("orders", "cards", "machines"))
    if orders:
        return reverse("order", args=[orders[0].number])
    if cards:
        return reverse("card", args=[cards[0].number])
    return reverse("machine", args=[machines[0].normalised])


def _page_number(request: Asked) -> int:
    typed = request.GET.get("page", "1")
    return min(max(1, int(typed)), 1000) if typed.isascii() and typed.isdigit() and len(typed) < 6 else 1


def _rows(request: Asked, result: SearchResult, machine: Equipment | None) -> list[dict[str, Any]]:
    listed = {
        one.part.pk: one
        for one in parts_listed([hit.part_id for hit in result.hits], shopper=shopper(request), on=today(request))
    }
    fits, cover = _for_machine(request, list(listed.values()), machine)
    return [
        {
            "hit": hit,
            "listed": listed[hit.part_id],
            "fit": fits.get(hit.part_id),
            "cover": cover.get(hit.part_id),
            "url": with_query(
                reverse("part", args=[hit.part_id]),
                asked=hit.matched if hit.found_as in BY_OTHER_NUMBER else "",
                serial=machine.normalised if machine else "",
            ),
        }
        for hit in result.hits
        if hit.part_id in listed
    ]


def _for_machine(request: Asked, listed: list[ListedPart], machine: Equipment | None) -> tuple[dict, dict]:
    """Fit and cover of each part on the chosen machine."""
    if machine is None or not listed:
        return {}, {}
    fits = fits_for([(one.part.pk, machine.model_id, machine.sequence) for one in listed], today(request))
    cover = cover_of(request, [(one, machine) for one in listed], fits)
    return {part: fit for (part, _, _), fit in fits.items()}, {part: verdict for (part, _), verdict in cover.items()}


def _pages(request: Asked, result: SearchResult, place: int) -> dict[str, object]:
    asked = {name: request.GET.get(name, "") for name in ("q", "serial", "category", "stock", "fits")}
    if "serial" not in request.GET:
        del asked["serial"]
    path = reverse("search")
    categories = result.facets.get("category", [])
    names = category_names([name for name, _many in categories], language())
    more = result.total > place * PER_PAGE
    return {
        "asked": asked,
        "earlier": with_query(path, **asked, page=place - 1) if place > 1 else "",
        "later": with_query(path, **asked, page=place + 1) if more else "",
        "switches": _switches(result, asked),
        "categories": [
            (
                names.get(name, name),
                many,
                with_query(path, **(asked | {"category": "" if name == asked["category"] else name})),
                name == asked["category"],
            )
            for name, many in categories
        ],
    }


def _switches(result: SearchResult, asked: dict[str, str]) -> list[tuple[str, int, str, bool]]:
    """What can be switched on: in stock, what the machine's bills hold; words, how many, the address, and whether it is on."""
    known = (("in_stock", "stock", _("in stock")), ("fits", "fits", _("fits my machine")))
    counted = {facet: dict(result.facets.get(facet, [])).get("yes") for facet, _name, _words in known}
    return [
        (
            words,
            many or 0,
            with_query(reverse("search"), **(asked | {name: "" if asked[name] else "1"})),
            bool(asked[name]),
        )
        for facet, name, words in known
        if (many := counted[facet]) is not None or asked[name]
    ]
