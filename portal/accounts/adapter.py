"""How log-in behaves where it differs from allauth's own way."""

from __future__ import annotations

from collections.abc import Mapping
from email.utils import formataddr, parseaddr
from typing import TYPE_CHECKING, Any

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest
from django.utils import translation
from django.utils.translation import gettext as _

from portal.accounts.selectors import house_get

if TYPE_CHECKING:
    from portal.accounts.models import Company, User


class ClosedSignupAdapter(DefaultAccountAdapter):
    """Nobody signs up: people come with their company, made by staff or by the company's administrator."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Never."""
        return False

    def format_email_subject(self, subject: str) -> str:
        """As it is: the sender's name says who writes."""
        return str(subject)

    def get_from_email(self) -> str:
        """With the house's name, as the notices come."""
        name, address = parseaddr(super().get_from_email())
        house = house_get()
        return formataddr((name or (house.name if house else ""), address))

    def send_password_reset_mail(self, user: User, email: str, context: Mapping[str, Any]) -> None:
        """The letter in which a password is chosen, in its reader's language; who has none yet is let in by it, and told so."""
        house = house_get()
        with translation.override(user.language):
            told = {"language": user.language, "person": user, "house": house, "tone": "accent", "group": _("Log in")}
            words = _words(user, house) | {"url": context["password_reset_url"], "act": _("Choose a password")}
            super().send_password_reset_mail(user, email, {**context, **told, **words})


def _words(user: User, house: Company | None) -> dict[str, Any]:
    """What the letter says, and what to do when it was not wanted."""
    known = {"house": house.name if house else "", "mail": user.email}
    if user.has_usable_password():
        title = _("A new password for %(house)s") % known
        text = _("Somebody, most likely you, asked for a new password for %(mail)s.") % known
        always = _("If it was not you, do nothing: your password stays as it is.")
    else:
        title = _("You can log in to %(house)s now") % known
        text = _("You were let in with the address %(mail)s. Choose a password, then log in with both.") % known
        always = _("The link is for you alone. Should it be too old, ask for another under “Forgot your password?”.")
    return {"words": {"title": title, "text": text}, "always": always}
