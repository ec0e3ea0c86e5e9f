"""The store behind the portal: how the talk with it stands, for the house; and our frame in its order page, for its staff."""

from __future__ import annotations

import logging
from typing import Any, cast

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.clickjacking import xframe_options_exempt
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from frontend.pages import Asked, language, page
from orders.selectors.order_page import order_detail
from portal import clock
from portal.accounts.actor import SYSTEM
from portal.saleor.addresses import origin
from portal.saleor.errors import NotConnected, SaleorError
from portal.saleor.selectors import differences_open, store_state
from portal.saleor.services import check_ask, connection_get, order_number_of
from portal.saleor.signatures import NotTheStore, staff_token_read

logger = logging.getLogger(__name__)
PER_PAGE = 50
_NEEDED = "MANAGE_ORDERS"


@require_http_methods(["GET", "POST"])
@page("PARTS_MANAGER")
def store(request: Asked) -> HttpResponse:
    """Everything of our own tables, so it opens when the store does not; a worker asks the store, when told to."""
    if request.method == "POST":
        check_ask(now=request.now)
        messages.success(request, _("A worker asks the store. Look again in a moment."))
        return HttpResponseRedirect(reverse("store"))
    part = Paginator(differences_open(), PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "store.html", {"state": store_state(request.now), "part": part})


@csrf_exempt  # the store's Dashboard posts it from another origin; its token is what counts
@xframe_options_exempt
@require_POST
def widget(request: HttpRequest) -> HttpResponse:
    """An order of ours inside the store's order page. 403: the token is not the store's, or its bearer may not see orders."""
    try:
        connected = connection_get()
        claims = staff_token_read(connected, request.POST.get("accessToken", ""))
        if _NEEDED not in claims.get("permissions", ()):
            raise NotTheStore("Permission")
    except (NotTheStore, NotConnected) as refused:
        logger.warning("The widget was refused: %s", refused)
        return _framed(request, {"refused": True}, status=403)
    except SaleorError as away:
        logger.warning("The widget's token could not be checked: %s", away)
        return _framed(request, {"away": True}, status=503)
    return _order(request, request.POST.get("orderId", ""))


def _order(request: HttpRequest, store_id: str) -> HttpResponse:
    try:
        number = order_number_of(store_id)
    except SaleorError:
        return _framed(request, {"away": True}, status=503)
    cast(Asked, request).now = clock.now()  # the bar of a promise asks the page
    thing = order_detail(SYSTEM, number, language=language()) if number else None
    if thing is None:
        return _framed(request, {})
    return _framed(
        request, {"thing": thing, "order": thing.order, "url": settings.PORTAL_URL + reverse("order", args=[number])}
    )


def _framed(request: HttpRequest, context: dict[str, Any], status: int = 200) -> HttpResponse:
    """Framed by the store's Dashboard alone; nothing runs in it, nothing leaves it."""
    answer = render(request, "store_widget.html", context, status=status)
    by = origin(settings.SALEOR_DASHBOARD_URL) if settings.SALEOR_DASHBOARD_URL else "'none'"
    answer["Content-Security-Policy"] = (
        f"default-src 'none'; style-src 'self'; img-src 'self'; font-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors {by}"
    )
    answer["Referrer-Policy"], answer["Cache-Control"] = "no-referrer", "no-store"
    return answer
