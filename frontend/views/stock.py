"""Goods in: what arrives fills the waiting lines in their turn."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from catalog.selectors.stock import warehouses_all
from frontend.forms.stock import GoodsInForm
from frontend.pages import UNPROCESSABLE, Asked, page
from orders.services.stocking import stock_receive
from portal.errors import PortalError


@require_http_methods(["GET", "POST"])
@page("PARTS_MANAGER")
def receive(request: Asked) -> HttpResponse:
    """Book goods in."""
    places = [(one.code, one.name) for one in warehouses_all()]
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
                "place": level.warehouse.name,
            }
            messages.success(
                request, _("%(quantity)s of %(number)s booked in; %(free)s are free in %(place)s now.") % told
            )
            return HttpResponseRedirect(reverse("receive"))
    return render(request, "goods_in.html", {"form": form}, status=UNPROCESSABLE if form.errors else 200)
