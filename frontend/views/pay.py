"""The payment page: a card, on the payment provider's own form. No card data comes to us."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from frontend.pages import UNPROCESSABLE, Asked, found, language, page
from orders.card_words import decline_words
from orders.selectors.ledger import order_account
from orders.selectors.orders import order_find
from orders.services.card_paying import CardForm, card_open, card_pay_test
from orders.stripe import cards_are_test
from portal.errors import Code, PortalError

# Stripe's own lists for its elements; on this page alone.
_STRIPE = {
    "script-src": "https://js.stripe.com https://*.js.stripe.com",
    "frame-src": "https://js.stripe.com https://*.js.stripe.com https://hooks.stripe.com",
    "connect-src": "https://api.stripe.com",
    "img-src": "https://*.stripe.com",
}


@never_cache
@require_http_methods(["GET", "POST"])
@page()
def pay(request: Asked, number: str) -> HttpResponse:
    """The form for what is open, as Stripe and our books have it now; also where the bank sends the buyer back to."""
    if request.actor.is_house:
        raise Http404  # a card is its owner's; staff see what came of it on the order's page
    order = found(order_find(request.actor, number=number))
    try:
        if request.method == "POST":  # a demo's own form; elsewhere this does not exist
            token = request.POST.get("token", "")[:80]
            card_pay_test(actor=request.actor, order_id=order.pk, token=token, now=request.now)
            return HttpResponseRedirect(reverse("pay", args=[number]))
        form = card_open(actor=request.actor, order_id=order.pk, now=request.now)
    except PortalError as error:
        if error.code == Code.NOT_FOUND:
            raise
        return _guarded(render(request, "pay.html", {"order": order, "problems": error.problems}, status=UNPROCESSABLE))
    if form is None:
        return _paid(request, order)
    return _guarded(render(request, "pay.html", _context(request, form)))


def _paid(request: Asked, order: Any) -> HttpResponse:
    """Back to the order, with what was done: by a card, or (as with credit) without one."""
    order.refresh_from_db()
    if order.cards.filter(state__in=("AUTHORISED", "CAPTURED")).exists():
        messages.success(request, _("Your card is accepted. It is charged when your goods leave."))
    elif order.payment_state == "PAID":
        messages.success(request, _("Nothing is left to pay on this order."))
    return HttpResponseRedirect(reverse("order", args=[order.number]))


def _context(request: Asked, form: CardForm) -> dict[str, object]:
    return {
        "order": form.order,
        "form": form,
        "credit": order_account(form.order).credit_used,
        "refused": decline_words(form.refused) if form.refused else None,
        "key": settings.STRIPE_PUBLISHABLE_KEY,
        "script": _script(),
        "test": cards_are_test(),
        "back": request.build_absolute_uri(reverse("pay", args=[form.order.number])),
        "language": language(),
    }


def _script() -> str:
    """Stripe.js of the release our API version belongs to; a demo's fake brings its own."""
    if cards_are_test():
        return f"{settings.STRIPE_TEST_SERVER}/js.stripe.com/v3/"
    return f"https://js.stripe.com/{settings.STRIPE_API_VERSION.split('.')[1]}/stripe.js"


def _guarded(answer: HttpResponse) -> HttpResponse:
    """What this page may load: ours, and the payment provider's."""
    hosts = dict.fromkeys(_STRIPE, settings.STRIPE_TEST_SERVER) if cards_are_test() else _STRIPE
    rules = ["default-src 'self'", "base-uri 'none'", "form-action 'self'", "frame-ancestors 'none'"]
    rules += [f"{name} 'self' {hosts[name]}" for name in _STRIPE]
    answer["Content-Security-Policy"] = "; ".join(rules)
    return answer
