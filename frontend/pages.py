"""What every page shares: who asks, for which company, and when. Strangers go to the log-in, refusals become pages."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from functools import wraps
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec
from urllib.parse import urlencode, urlsplit, urlunsplit
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django_htmx.http import HttpResponseClientRedirect

from frontend.typed import typed_keep
from portal import clock
from portal.accounts.actor import Actor
from portal.accounts.requests import request_actor
from portal.accounts.selectors import company_get
from portal.errors import Code, PortalError

if TYPE_CHECKING:
    from portal.accounts.models import Company

P = ParamSpec("P")
UNPROCESSABLE = 422


class Asked(HttpRequest):
    """A request of somebody we know, who acts for `company` at `now`."""

    actor: Actor
    company: Company
    now: datetime


View = Callable[Concatenate[Any, P], HttpResponseBase]


def page(*roles: str) -> Callable[[View[P]], View[P]]:
    """A page for signed-in people; with `roles`, for the house's people who have one of them: to others it does not exist."""

    def decorate(view: View[P]) -> View[P]:
        @wraps(view)
        def asked(request: Any, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            actor = request_actor(request)
            if actor is None:
                return _unknown(request)
            if roles and not (actor.is_house and actor.has(*roles)):
                raise Http404
            company = company_get(actor=actor, company_id=actor.company_id)
            request.actor, request.company, request.now = actor, company, clock.now()
            with timezone.override(ZoneInfo(company.zone if company else "UTC")):
                return _answer(view, request, *args, **kwargs)

        return asked

    return decorate


def _unknown(request: HttpRequest) -> HttpResponseBase:
    """A stranger logs in first, and comes back to the page; a person without a company is told whom to ask."""
    if request.user.is_authenticated:
        return render(request, "no_company.html", status=403)
    if request.headers.get("HX-Request"):  # a part of a page cannot hold the log-in: the whole page goes there
        return HttpResponseClientRedirect(redirect_to_login(_seen(request, request.headers.get("HX-Current-URL"))).url)
    if request.headers.get("X-Background"):  # its answer is seen by nobody, and must not take the words of one that is
        return HttpResponse(status=401)
    if request.method == "GET":
        return redirect_to_login(request.get_full_path())
    if typed_keep(request):
        told = _(
            "You were logged out meanwhile, and nothing was done. What you typed is kept: log in, and press it again."
        )
    else:
        told = _("You were logged out meanwhile, and nothing was done. Log in, and press it again.")
    messages.warning(request, told)
    return redirect_to_login(_seen(request, request.headers.get("Referer")))


def _seen(request: HttpRequest, address: str | None) -> str:
    """The page somebody was on, if it is one of ours; else the first one."""
    told = urlsplit(address or "")
    ours = told.netloc == request.get_host() and told.path.startswith("/")
    return urlunsplit(("", "", told.path, told.query, "")) if ours else "/"


def _answer(view: View[P], request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
    try:
        return view(request, *args, **kwargs)
    except PortalError as error:
        if error.code == Code.NOT_FOUND:
            raise Http404 from error
        status = {Code.NOT_ALLOWED: 403, Code.BUSY: 409}.get(error.code, UNPROCESSABLE)
        return render(request, "refused.html", {"problems": error.problems}, status=status)


def language() -> str:
    """The reader's language."""
    return get_language() or "en"


def today(request: Asked) -> date:
    """The company's local day."""
    return timezone.localtime(request.now).date()


def found(thing: Any) -> Any:
    """The thing, or 404: what the actor may not see does not exist."""
    if thing is None:
        raise Http404
    return thing


def back(request: HttpRequest, otherwise: str) -> HttpResponse:
    """To the page named by the form's `next`, if it is ours; else to `otherwise`."""
    to = request.POST.get("next", "")
    ours = url_has_allowed_host_and_scheme(to, {request.get_host()}, require_https=request.is_secure())
    return HttpResponseRedirect(to if to and ours else otherwise)


def with_query(path: str, **values: Any) -> str:
    """A path with the values that are not empty."""
    query = urlencode({key: value for key, value in values.items() if value not in (None, "")})
    return f"{path}?{query}" if query else path
