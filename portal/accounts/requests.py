"""Who is asking: a bearer token, or the signed-in person acting for one membership."""

from __future__ import annotations

from django.http import HttpRequest

from portal import clock
from portal.accounts.actor import Actor, actor_for
from portal.accounts.selectors import memberships_of
from portal.accounts.tokens import token_actor

SESSION_KEY = "membership"
_UNSET = object()


def request_actor(request: HttpRequest) -> Actor | None:
    """The request's actor, looked up once; None for a stranger. A bad token never falls back to the session."""
    known = getattr(request, "_actor", _UNSET)
    if known is _UNSET:
        known = _find(request)
        request._actor = known  # type: ignore[attr-defined]
    return known  # type: ignore[return-value]


def has_token(request: HttpRequest) -> bool:
    """Does the request carry a bearer token (and so needs no CSRF check)?"""
    return request.headers.get("Authorization", "").lower().startswith("bearer ")


def _find(request: HttpRequest) -> Actor | None:
    if has_token(request):
        return token_actor(request.headers["Authorization"][7:].strip(), now=clock.now())
    if not request.user.is_authenticated:
        return None
    mine = list(memberships_of(request.user))
    chosen = request.session.get(SESSION_KEY)
    membership = next((one for one in mine if one.pk == chosen), mine[0] if mine else None)
    return actor_for(membership) if membership else None
