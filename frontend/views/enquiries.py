"""Not sure which part? Ask, with a photo; the parts desk answers with parts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import FileResponse, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_safe

from catalog.selectors.parts import part_get, part_names
from frontend.forms.enquiry import AnswerForm, AskForm
from frontend.pages import UNPROCESSABLE, Asked, found, language, page
from orders.selectors.enquiries import DESK, enquiries_for, enquiry_get, photo_file
from orders.services.enquiring import SUBJECT, enquiry_answer, enquiry_make, enquiry_order
from portal.errors import PortalError
from portal.promises.selectors import promises_of
from warranty.selectors.equipment import equipments_list

if TYPE_CHECKING:
    from orders.models import Enquiry

PER_PAGE = 25


@require_http_methods(["GET", "POST"])
@page()
def ask(request: Asked) -> HttpResponse:
    """Ask the desk; `?q=` is what was searched in vain, `?part=` whose page it was, `?serial=` the machine."""
    found(None if request.actor.is_house else request.actor)
    asked = {"searched": "q", "part": "part", "serial": "serial"}
    initial = {name: request.GET.get(key, "")[:200] for name, key in asked.items()}
    form = AskForm(*((request.POST, request.FILES) if request.method == "POST" else ()), initial=initial)
    if request.method == "POST" and form.is_valid():
        given = {name: form.cleaned_data[name] for name in ("words", "serial", "searched", "reference")}
        key = form.cleaned_data["part"]
        try:
            made = enquiry_make(
                actor=request.actor, part_id=key if key and part_get(key) else None, photo=form.taken, now=request.now, **given,
            )  # fmt: skip
        except PortalError as error:
            form.refuse(error)
        else:
            messages.success(
                request, _("Thank you. The parts desk answers as soon as it can; you are told here and by e-mail.")
            )
            return HttpResponseRedirect(reverse("enquiry", args=[made.pk]))
    context = {"form": form, "serials": equipments_list(request.actor)[:50]}
    return render(request, "ask.html", context, status=UNPROCESSABLE if form.errors else 200)


@require_GET
@page()
def enquiries(request: Asked) -> HttpResponse:
    """One's company's questions; for the desk all, what is open first."""
    found(None if request.actor.is_house and not request.actor.has(*DESK) else request.actor)
    rows = enquiries_for(request.actor)
    if request.actor.is_house:
        rows = (
            rows.order_by("answered_at", "asked_at").reverse()
            if request.GET.get("answered")
            else rows.filter(answered_at=None).order_by("asked_at", "pk")
        )
    part = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    promises = promises_of(SUBJECT, [one.name for one in part])
    shown = [(one, promises[one.name]) for one in part]
    return render(request, "enquiries.html", {"part": part, "rows": shown, "answered": request.GET.get("answered", "")})


@require_http_methods(["GET", "POST"])
@page()
def enquiry(request: Asked, pk: int) -> HttpResponse:
    """One question; the desk's POST answers it, the buyer's puts the answer's parts into the cart."""
    thing: Enquiry = found(enquiry_get(request.actor, pk))
    if request.method == "GET":
        return _show(request, thing, AnswerForm())
    if not request.actor.is_house:
        enquiry_order(actor=request.actor, enquiry_id=pk, now=request.now)
        messages.success(request, _("The parts are in your cart."))
        return HttpResponseRedirect(reverse("cart"))
    form = AnswerForm(request.POST)
    if form.is_valid():
        try:
            enquiry_answer(actor=request.actor, enquiry_id=pk, now=request.now, **form.cleaned_data)
        except PortalError as error:
            form.refuse(error)
        else:
            messages.success(request, _("Answered; the buyer is told."))
            return HttpResponseRedirect(reverse("enquiries"))
    return _show(request, thing, form)


def _show(request: Asked, thing: Enquiry, form: AnswerForm) -> HttpResponse:
    named = list(thing.parts.all())
    promises = promises_of(SUBJECT, [thing.name])[thing.name]
    context = {
        "thing": thing,
        "form": form,
        "promise": promises[0] if promises else None,
        "parts": named,
        "names": part_names([one.part for one in named], language()),
        "answers": request.actor.is_house and (thing.answered_at is None or bool(form.errors)),
    }
    return render(request, "enquiry.html", context, status=UNPROCESSABLE if form.errors else 200)


@require_safe
@page()
def enquiry_photo(request: Asked, pk: int) -> HttpResponseBase:
    """The photo, for who may see the question; `?width=` is one of its small pictures."""
    thing: Enquiry = found(enquiry_get(request.actor, pk))
    path, kind = found(photo_file(thing))
    answer = FileResponse(path.open("rb"), content_type=kind)
    answer["Cache-Control"] = "private, no-cache"
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return answer
