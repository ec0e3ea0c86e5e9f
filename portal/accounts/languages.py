"""Which language a person reads: the account's own, wherever it signs in; pressed once, kept for pages and letters."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils import translation
from django.views.i18n import set_language

from portal.accounts.models import User
from portal.accounts.requests import has_token

SESSION_KEY = "language"  # pressed before signing in


def language_choose(request: HttpRequest, code: str) -> None:
    """Keep the language somebody pressed: in the account, or until the sign-in. A language the portal does not speak is ignored."""
    if code not in dict(settings.LANGUAGES):
        return
    if request.user.is_authenticated:
        User.objects.filter(pk=request.user.pk).update(language=code)
        request.user.language = code
    else:
        request.session[SESSION_KEY] = code


class AccountLanguage:
    """Middleware behind the authentication: who is signed in reads the account's language, on any device."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """A bearer token brings no session; the API finds its owner's language itself."""
        if not has_token(request) and request.user.is_authenticated:
            if SESSION_KEY in request.session:
                language_choose(request, request.session.pop(SESSION_KEY))
            if request.user.language in dict(settings.LANGUAGES):
                translation.activate(request.user.language)
                request.LANGUAGE_CODE = request.user.language
        return self.get_response(request)


def language_set(request: HttpRequest) -> HttpResponseBase:
    """A button at the foot of every page: remembered in the account and by a cookie, then back to the page."""
    if request.method == "POST":
        language_choose(request, request.POST.get("language", ""))
    return set_language(request)
