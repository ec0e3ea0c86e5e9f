"""A batch: the pick list of many orders and a slip for each parcel, to print; and the hand-over of what is scanned."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from catalog.selectors.stock import warehouse_get, warehouses_all
from frontend.forms.scan import ScanForm
from frontend.pages import UNPROCESSABLE, Asked, back, language, page
from orders.papers.pick_pdf import batch_pdf
from orders.selectors.picking import Batch, batch_of, leaving_today
from orders.selectors.shipments import shipments_lately
from orders.services.scanning import slip_hand_over
from portal.errors import PortalError

if TYPE_CHECKING:
    from catalog.models import Warehouse
    from orders.models import Shipment

KEPT = ("carrier", "here")  # of the last hand-over, for the next one


@require_GET
@page("PARTS_MANAGER")
def picking(request: Asked) -> HttpResponse:
    """The batch of `?order=` (many), or with `?leaving=` of all that leaves `?place=` today; `?as=pdf` for the printer."""
    place = warehouse_get(request.GET.get("place", "")[:20])
    batch = _batch(request, place)
    made = timezone.localtime(request.now)
    if request.GET.get("as") == "pdf":
        answer = HttpResponse(batch_pdf(batch, language=language(), made_at=made), content_type="application/pdf")
        answer["Content-Disposition"] = f'inline; filename="pick-{made:%Y%m%d-%H%M}.pdf"'
        return answer
    return render(request, "picking.html", {"batch": batch, "place": place, "made": made})


def _batch(request: Asked, place: Warehouse | None) -> Batch:
    numbers = [one[:20] for one in request.GET.getlist("order")]
    if request.GET.get("leaving") and place is not None:
        numbers = leaving_today(request.actor, place, now=request.now)
    return batch_of(request.actor, numbers, language=language(), warehouse=place)


@require_http_methods(["GET", "POST"])
@page("PARTS_MANAGER")
def scan(request: Asked) -> HttpResponse:
    """A slip is scanned, its parcel is handed over. What is refused says why, and stays typed."""
    kept = {name: request.session.get(f"scan-{name}", "") for name in KEPT}
    form = ScanForm(
        _typed(request, kept) if request.method == "POST" else None, warehouses=warehouses_all(), initial=kept
    )
    if request.method == "POST" and form.is_valid():
        for name in KEPT:
            request.session[f"scan-{name}"] = form.cleaned_data[name]
        try:
            made = slip_hand_over(actor=request.actor, now=request.now, **form.cleaned_data)
        except PortalError as error:
            form.refuse(error)
        else:
            messages.success(request, _said(made))
            return back(request, reverse("scan"))
    context = {"form": form, "lately": shipments_lately(request.actor, warehouse=form.counter)}
    return render(request, "scan.html", context, status=UNPROCESSABLE if form.errors else 200)


def _typed(request: Asked, kept: dict[str, str]) -> dict[str, str]:
    """What was sent; the box on the queue sends the code alone, and means the carrier of the last time."""
    return kept | {name: value for name, value in request.POST.items() if isinstance(value, str)}


def _said(made: list[Shipment]) -> str:
    told = {
        "number": made[0].order.number,
        "buyer": made[0].order.company.name,
        "carrier": made[0].carrier,
        "places": ", ".join(one.warehouse.called(language()) for one in made),
    }
    return _("Handed over: order %(number)s, %(buyer)s, from %(places)s to %(carrier)s. The buyer is told.") % told
