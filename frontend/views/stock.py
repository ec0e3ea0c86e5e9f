"""Stock: levels by part, a part's ledger and acts, what to order again, and goods in."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from catalog.rules.reorder import WEEKS
from catalog.selectors.levels import ONLY, levels_page
from catalog.selectors.stock import warehouse_get, warehouses_all
from frontend.acts import ActForm, act_named, offered, perform
from frontend.demand import demand_chart
from frontend.forms.stock import GoodsInForm
from frontend.pages import UNPROCESSABLE, Asked, back, found, language, page
from frontend.views.stock_acts import ACTS
from frontend.words import LEVELS
from orders.selectors.part_stock import PartStock, part_movements, part_stock
from orders.selectors.reorder import reorder_rows
from orders.services.stocking import stock_receive
from portal.clock import weeks_until
from portal.errors import PortalError

PER_PAGE, PER_ORDER = 50, 20


@require_GET
@page("PARTS_MANAGER")
def stock(request: Asked) -> HttpResponse:
    """Levels by part number; `?q=`, `?place=`, `?only=` narrow, `?after=` goes on."""
    asked = {name: request.GET.get(name, "")[:80] for name in ("q", "place", "only", "after")}
    place = warehouse_get(asked["place"])
    part = levels_page(
        language=language(), query=asked["q"], after=asked["after"], only=asked["only"],
        warehouse_id=place.pk if place else None, limit=PER_PAGE,
    )  # fmt: skip
    context = {
        "part": part,
        "asked": asked,
        "warehouses": warehouses_all(),
        "only": [(name, LEVELS[name]) for name in ONLY],
        "place": place,
    }
    return render(request, "stock.html", context)


@require_GET
@page("PARTS_MANAGER")
def reorder(request: Asked) -> HttpResponse:
    """What to order again, the most pressing first, with the demand of the last weeks."""
    place = warehouse_get(request.GET.get("place", "")[:20])
    rows = reorder_rows(now=request.now, language=language(), warehouse_id=place.pk if place else None)
    part = Paginator(rows, PER_ORDER).get_page(request.GET.get("page"))
    weeks = weeks_until(request.now, WEEKS)
    context = {
        "part": part,
        "rows": [(row, demand_chart(weeks, row.weekly)) for row in part],
        "warehouses": warehouses_all(),
        "place": place,
    }
    return render(request, "reorder.html", context)


@require_GET
@page("PARTS_MANAGER")
def stock_part(request: Asked, pk: int) -> HttpResponse:
    """A part's stock and its ledger; `?before=` goes back."""
    return _show(request, found(part_stock(pk, now=request.now, language=language())))


@require_POST
@page("PARTS_MANAGER")
def stock_part_act(request: Asked, pk: int, act: str) -> HttpResponse:
    """Do something with the stock; a refusal comes back beside its form."""
    thing: PartStock = found(part_stock(pk, now=request.now, language=language()))
    said, form = perform(act_named(ACTS, act, request.actor), request, thing)
    if form is not None:
        return _show(request, thing, tried=(act, form))
    messages.success(request, str(said))
    return back(request, reverse("stock_part", args=[pk]))


def _show(request: Asked, thing: PartStock, tried: tuple[str, ActForm] | None = None) -> HttpResponse:
    weeks, before = weeks_until(request.now, WEEKS), request.GET.get("before", "")
    key = int(before) if before.isascii() and before.isdigit() and len(before) < 19 else None
    ledger = part_movements(thing.part.pk, before=key, limit=PER_PAGE)
    context = {
        "thing": thing,
        "acts": offered(ACTS, request, thing, tried),
        "charts": [
            (row, demand_chart(weeks, thing.demand[row.level.warehouse_id]))
            for row in thing.rows
            if row.level.warehouse_id in thing.demand
        ],
        "ledger": ledger,
        "of_part": f"part={thing.part.pk}",
        "before": ledger[-1].row.pk if len(ledger) == PER_PAGE else None,
    }
    return render(request, "stock_part.html", context, status=UNPROCESSABLE if tried else 200)


@require_http_methods(["GET", "POST"])
@page("PARTS_MANAGER")
def receive(request: Asked) -> HttpResponse:
    """Book goods in."""
    places = [(one.code, one.called(language())) for one in warehouses_all()]
    form = GoodsInForm(
        request.POST if request.method == "POST" else None,
        warehouses=places,
        initial={"part_number": request.GET.get("part", "")},
    )
    if request.method == "POST" and form.is_valid():
        try:
            level = stock_receive(actor=request.actor, now=request.now, **form.cleaned_data)
        except PortalError as error:
            form.refuse(error)
        else:
            told = {
                "quantity": form.cleaned_data["quantity"],
                "number": level.part.number,
                "free": level.available,
                "place": level.warehouse.called(language()),
            }
            messages.success(
                request, _("%(quantity)s of %(number)s booked in; %(free)s are free in %(place)s now.") % told
            )
            return HttpResponseRedirect(reverse("receive"))
    return render(request, "goods_in.html", {"form": form}, status=UNPROCESSABLE if form.errors else 200)
