"""The cart: every line judged as it would be ordered now, then ordered."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from frontend.carts import SWEEPS, CartPage, cart_page, order_request
from frontend.forms.cart import LineForm, PasteForm, typed_in
from frontend.forms.lists import SavedListForm, lines_text
from frontend.pages import UNPROCESSABLE, Asked, back, found, page
from frontend.typed import typed_again
from orders.selectors.orders import order_find
from orders.selectors.purchase_requests import purchase_requests_for
from orders.services.carts import (
    cart_add,
    cart_draft,
    cart_draft_keep,
    cart_line_change,
    cart_lines,
    cart_place,
)
from orders.services.requesting import cart_request
from portal.errors import PortalError

if TYPE_CHECKING:
    from orders.models import CartLine

PER_PAGE = 50


@require_http_methods(["GET", "POST"])
@page()
def cart(request: Asked) -> HttpResponse:
    """Show the cart; a POST orders it, or (with `look`) judges it anew with the choices made."""
    if request.method == "GET":
        typed_again(request)
        return render(request, "cart.html", _shown(request, cart_page(request)))
    placed = _placed(request)
    if placed is not None:
        return placed
    cart_draft_keep(actor=request.actor, typed=typed_in(request.POST), now=request.now)
    shown = cart_page(request, request.POST)
    if not shown.lines:
        messages.warning(request, _("Nothing was ordered: the lines are gone, ordered or taken out in another window."))
        return HttpResponseRedirect(reverse("cart"))
    if "look" in request.POST or not shown.form.is_valid():
        return _again(request, shown)
    if shown.form.cleaned_data["shown"] != shown.digest:
        shown.form.add_error(None, _("Something changed since you looked: check the lines, then order."))
        return _again(request, shown)
    return _place(request, shown)


@require_POST
@page()
def cart_keep(request: Asked) -> HttpResponse:
    """Keep what is being typed, field by field; it is there again after a log-out, a crash, in another window."""
    cart_draft_keep(actor=request.actor, typed=typed_in(request.POST), now=request.now)
    return HttpResponse(status=204)


def _ask(request: Asked, shown: CartPage) -> HttpResponse:
    """Over the limit: a colleague is asked, the lines wait with the request."""
    try:
        made = cart_request(actor=request.actor, request=order_request(shown.form, shown.lines), now=request.now)
    except PortalError as error:
        shown.refuse(error)
        return _again(request, shown)
    messages.success(request, _("Your colleagues are asked. Nothing is ordered before one of them approves."))
    return HttpResponseRedirect(reverse("request", args=[made.pk]))


def _place(request: Asked, shown: CartPage) -> HttpResponse:
    if "ask" in request.POST:
        return _ask(request, shown)
    try:
        order = cart_place(actor=request.actor, request=order_request(shown.form, shown.lines), now=request.now)
    except PortalError as error:
        # the same form was sent twice at once, and the other was first
        if placed := _placed(request):
            return placed
        shown.refuse(error)
        return _again(request, shown)
    messages.success(request, _("Thank you. Your order has the number %(number)s.") % {"number": order.number})
    unpaid = order.payment_state in ("UNPAID", "PARTLY_PAID")  # partly: with credit
    by_card = order.payment_method == "CARD" and unpaid and not request.actor.is_house
    return HttpResponseRedirect(reverse("pay" if by_card else "order", args=[order.number]))


def _placed(request: Asked) -> HttpResponse | None:
    """To the order that this form made already."""
    reference = request.POST.get("reference", "")[:120].replace("\x00", "")
    if not reference or "look" in request.POST:
        return None
    if asked := purchase_requests_for(request.actor).filter(reference=reference, order=None).first():
        return HttpResponseRedirect(reverse("request", args=[asked.pk]))
    order = order_find(request.actor, reference=reference)
    return HttpResponseRedirect(reverse("order", args=[order.number])) if order else None


def _again(request: Asked, shown: CartPage) -> HttpResponse:
    """The cart with what was typed, and the digest of what is shown now."""
    shown.form.hand_back("shown", shown.digest)
    return render(request, "cart.html", _shown(request, shown), status=200 if "look" in request.POST else UNPROCESSABLE)


def _shown(request: Asked, shown: CartPage) -> dict[str, object]:
    """A page of the lines, those that need the buyer first."""
    return {"page": shown, "part": Paginator(shown.in_turn, PER_PAGE).get_page(request.GET.get("page"))}


@require_POST
@page()
def cart_mend(request: Asked) -> HttpResponse:
    """Press the same fix on every line that has it; `drop` takes out the lines that nothing mends."""
    kind, changed = request.POST.get("kind", ""), 0
    for row in cart_page(request).rows:
        fix = next((one for one in row.fixes if one.kind == kind and kind in SWEEPS), None)
        if kind == "drop" and row.problems and not row.fixes:
            cart_line_change(actor=request.actor, line_id=row.line.pk, line=None, now=request.now)
        elif fix and (form := _changed(row.line, fix.fields)).is_valid():
            cart_line_change(actor=request.actor, line_id=row.line.pk, line=form.line(), now=request.now)
        else:
            continue
        changed += 1
    if changed:
        messages.success(
            request, ngettext("%(many)d line is mended.", "%(many)d lines are mended.", changed) % {"many": changed}
        )
    return HttpResponseRedirect(reverse("cart"))


def _changed(line: CartLine, fields: Mapping[str, str]) -> LineForm:
    """The line's form with some fields new."""
    known = {name: getattr(line, name) for name in LineForm.base_fields}
    return LineForm({**{name: "" if value is None else value for name, value in known.items()}, **fields})


@require_POST
@page()
def cart_add_line(request: Asked) -> HttpResponse:
    """Put a part into the cart."""
    form = LineForm(request.POST)
    if not form.is_valid():
        return render(request, "cart_line.html", {"form": form, "action": reverse("cart_add")}, status=UNPROCESSABLE)
    try:
        cart_add(actor=request.actor, lines=[form.line()], now=request.now)
    except PortalError as error:
        form.refuse(error)
        return render(request, "cart_line.html", {"form": form, "action": reverse("cart_add")}, status=UNPROCESSABLE)
    messages.success(request, _("%(number)s is in your cart.") % {"number": form.cleaned_data["part_number"]})
    return back(request, reverse("cart"))


@require_http_methods(["GET", "POST"])
@page()
def cart_line(request: Asked, pk: int) -> HttpResponse:
    """Change or remove one line; a POST with only some fields keeps the others."""
    line = found(next((one for one in cart_lines(request.actor) if one.pk == pk), None))
    known = {name: getattr(line, name) for name in LineForm.base_fields}
    if request.method == "GET":
        return render(request, "cart_line.html", {"form": LineForm(initial=known), "line": line})
    if "remove" in request.POST:
        cart_line_change(actor=request.actor, line_id=pk, line=None, now=request.now)
        return HttpResponseRedirect(reverse("cart"))
    form = _changed(line, request.POST.dict())
    if form.is_valid():
        try:
            cart_line_change(actor=request.actor, line_id=pk, line=form.line(), now=request.now)
            return HttpResponseRedirect(reverse("cart"))
        except PortalError as error:
            form.refuse(error)
    return render(request, "cart_line.html", {"form": form, "line": line}, status=UNPROCESSABLE)


@require_http_methods(["GET", "POST"])
@page()
def quick_order(request: Asked) -> HttpResponse:
    """Paste many lines; they are judged in the cart, before anything is ordered."""
    typed_again(request)
    kept = cart_draft(request.actor) if request.method == "GET" else {}
    form = PasteForm(
        *((request.POST, request.FILES) if request.method == "POST" else ()), initial=kept | request.GET.dict()
    )
    if request.method == "POST" and form.is_valid():
        if "save" in request.POST:
            return render(request, "list_one.html", {"form": SavedListForm(initial={"text": lines_text(form.lines())})})
        try:
            cart_add(actor=request.actor, lines=form.lines(), now=request.now)
        except PortalError as error:
            form.refuse(error)
        else:
            cart_draft_keep(actor=request.actor, typed=dict.fromkeys(PasteForm.base_fields, ""), now=request.now)
            return HttpResponseRedirect(reverse("cart"))
    return render(request, "quick_order.html", {"form": form}, status=UNPROCESSABLE if form.errors else 200)
