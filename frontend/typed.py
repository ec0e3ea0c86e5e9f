"""What was typed into a form whose sender had been logged out meanwhile: kept in the new session until the same person is there again."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.core import signing
from django.http import HttpRequest

from frontend.forms.cart import typed_in
from orders.services.carts import cart_draft_keep
from portal.accounts.actor import Actor

if TYPE_CHECKING:
    from frontend.pages import Asked

_SALT, _NAME, _LONGEST = "typed", "typed", timedelta(days=7)


def keeper_of(actor: Actor | None) -> str:
    """Whose a form is, sealed: it comes back with what was typed. The session that knew it may be gone by then."""
    return signing.dumps(actor.membership_id, salt=_SALT) if actor else ""


def typed_keep(request: HttpRequest) -> bool:
    """Keep what a stranger's form held, if it says whose it is; was it kept?"""
    try:
        keeper = signing.loads(request.POST.get("keeper", ""), salt=_SALT, max_age=_LONGEST)
    except signing.BadSignature:
        return False
    request.session[_NAME] = {"keeper": keeper, "typed": typed_in(request.POST)}
    return True


def typed_again(request: Asked) -> None:
    """Put what was kept where it was typed, if the reader is who typed it; another one never sees it."""
    kept = request.session.pop(_NAME, None)
    if kept and kept["keeper"] == request.actor.membership_id:
        cart_draft_keep(actor=request.actor, typed=kept["typed"], now=request.now)
