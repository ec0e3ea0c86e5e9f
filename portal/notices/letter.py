"""A notice as a letter: one template for all kinds, as HTML and as plain text that says the same."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.functional import Promise as LazyText
from django.utils.translation import gettext_lazy as _

from portal.accounts.selectors import house_get
from portal.notices.facts import Facts
from portal.notices.groups import Group, why_always
from portal.notices.stopping import stop_token
from portal.notices.words import notice_group, notice_path, notice_words

if TYPE_CHECKING:
    from portal.accounts.models import User
    from portal.notices.models import Notice

# Letters about a thing are coloured as its pages are: amber for what is held, red for what is late.
_TONES = {Group.HOLD: "warn", Group.LATE: "bad", Group.PAYMENT: "warn"}
_OPEN: dict[str, LazyText | str] = {"order": _("Open the order")}


@dataclass(frozen=True)
class Letter:
    """What one person gets: `stop` is the address that stops letters like it, empty for those that are owed."""

    subject: str
    text: str
    html: str
    stop: str = ""


def letter_write(notice: Notice, person: User, facts: Facts) -> Letter:
    """The letter of a notice to a person, in that person's language."""
    group = notice_group(notice.kind)
    always = why_always(group, notice.company)
    stop = "" if always else _address(reverse("notice_stop", args=[stop_token(person, group)]))
    with translation.override(person.language):
        words = notice_words(notice.kind, notice.subject, notice.data)
        path = notice_path(notice.kind, notice.subject_kind, notice.subject)
        context = {
            "language": person.language,
            "words": words,
            "person": person,
            "to_house": notice.company_id is None,
            "group": group.label,
            "tone": _TONES.get(group, "accent"),
            "facts": facts,
            "url": _address(path) if path else "",
            "act": _OPEN.get(notice.subject_kind, _("Open the page")) if path != reverse("reviews") else _("Decide"),
            "settings_url": _address(reverse("notice_settings")),
            "stop": stop,
            "always": always,
            "house": house_get(),
            "contact": notice.company.contact if notice.company else None,
        }
        text, html = (render_to_string(f"notices/letter.{form}", context) for form in ("txt", "html"))
    return Letter(words.title, text.strip() + "\n", html, stop)


def _address(path: str) -> str:
    return f"{settings.PORTAL_URL}{path}"
