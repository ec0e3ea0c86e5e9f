"""Saved lists: a company's lists of parts, put into the cart with one press, written and mended as text."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from frontend.forms.lists import SavedListForm, lines_text
from frontend.pages import UNPROCESSABLE, Asked, found, page
from orders.selectors.orders import order_find
from orders.selectors.saved_lists import saved_list_get, saved_lists_for
from orders.services.carts import cart_lines
from orders.services.saved_lists import (
    order_wishes,
    saved_list_change,
    saved_list_drop,
    saved_list_make,
    saved_list_order,
)
from portal.errors import PortalError

if TYPE_CHECKING:
    from orders.models import SavedList


@require_GET
@page()
def lists(request: Asked) -> HttpResponse:
    """The company's lists."""
    return render(request, "lists.html", {"lists": saved_lists_for(request.actor)})


@require_http_methods(["GET", "POST"])
@page()
def list_new(request: Asked) -> HttpResponse:
    """A new list: empty, of the cart (`?of=cart`), or of an order (`?of=` its number)."""
    if request.method == "GET":
        return _form(request, SavedListForm(initial={"text": _taken(request, request.GET.get("of", ""))}))
    form = SavedListForm(request.POST)
    if form.is_valid():
        try:
            made = saved_list_make(
                actor=request.actor, name=form.cleaned_data["name"], lines=form.lines(), now=request.now
            )
        except PortalError as error:
            form.refuse(error)
        else:
            return _saved(request, made)
    return _form(request, form)


def _taken(request: Asked, of: str) -> str:
    """The lines a new list begins with."""
    if of == "cart":
        return lines_text(cart_lines(request.actor))
    order = order_find(request.actor, number=of[:20].replace("\x00", "")) if of else None
    return lines_text(order_wishes(actor=request.actor, order_id=order.pk)) if order else ""


@require_http_methods(["GET", "POST"])
@page()
def list_one(request: Asked, pk: int) -> HttpResponse:
    """One list; a POST saves it, or (with `cart`, `drop`) orders or ends it."""
    thing: SavedList = found(saved_list_get(request.actor, pk))
    if request.method == "GET":
        known = {"name": thing.name, "text": lines_text(thing.lines.all()), "version": thing.version}
        return _form(request, SavedListForm(initial=known), thing)
    if "cart" in request.POST:
        saved_list_order(actor=request.actor, list_id=pk, now=request.now)
        messages.success(request, _("“%(name)s” is in your cart; every line is judged anew.") % {"name": thing.name})
        return HttpResponseRedirect(reverse("cart"))
    if "drop" in request.POST:
        saved_list_drop(actor=request.actor, list_id=pk)
        messages.success(request, _("“%(name)s” is deleted.") % {"name": thing.name})
        return HttpResponseRedirect(reverse("lists"))
    return _change(request, thing)


def _change(request: Asked, thing: SavedList) -> HttpResponse:
    form = SavedListForm(request.POST)
    if not form.is_valid():
        return _form(request, form, thing)
    given: dict[str, Any] = {"name": form.cleaned_data["name"], "seen": form.cleaned_data["version"]}
    try:
        made = saved_list_change(actor=request.actor, list_id=thing.pk, lines=form.lines(), now=request.now, **given)
    except PortalError as error:
        form.refuse(error)
        form.hand_back("version", str(found(saved_list_get(request.actor, thing.pk)).version))
        return _form(request, form, thing)
    return _saved(request, made)


def _saved(request: Asked, made: SavedList) -> HttpResponse:
    messages.success(request, _("“%(name)s” is saved for you and your colleagues.") % {"name": made.name})
    return HttpResponseRedirect(reverse("lists"))


def _form(request: Asked, form: SavedListForm, thing: SavedList | None = None) -> HttpResponse:
    status = UNPROCESSABLE if form.errors else 200
    return render(request, "list_one.html", {"form": form, "list": thing}, status=status)
