"""What was typed into a form whose sender had been logged out meanwhile: kept in the new session until the same person is there again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core import signing
from django.http import HttpRequest

from frontend.forms.cart import typed_in
from orders.services.carts import cart_draft_keep
from portal.accounts.actor import Actor

if TYPE_CHECKING:
    from frontend.pages import Asked

_NAME = "typed"
_SEAL = signing.Signer(salt=_NAME)  # no moment in it: a page is word for word the same until something changed


def keeper_of(actor: Actor | None) -> str:
    """Whose a form is, sealed: it comes back with what was typed. The session that knew it may be gone by then."""
    return str(_SEAL.sign_object(actor.membership_id)) if actor else ""


def typed_keep(request: HttpRequest) -> bool:
    """Keep what a stranger's form held, if it says whose it is; was it kept?"""
    try:
        keeper = _SEAL.unsign_object(request.POST.get("keeper", ""))
    except signing.BadSignature:
        return False
    request.session[_NAME] = {"keeper": keeper, "typed": typed_in(request.POST)}
    return True


def typed_again(request: Asked) -> None:
    """Put what was kept where it was typed, if the reader is who typed it; another one never sees it."""
    kept = request.session.pop(_NAME, None)
    if kept and kept["keeper"] == request.actor.membership_id:
        cart_draft_keep(actor=request.actor, typed=kept["typed"], now=request.now)
