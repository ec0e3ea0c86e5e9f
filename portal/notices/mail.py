"""A notice by e-mail: one letter a person, in that person's language."""

from __future__ import annotations

from email.utils import parseaddr

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.utils import translation

from portal import clock
from portal.accounts.models import User
from portal.notices.models import Notice, NoticeMail
from portal.notices.selectors import recipients
from portal.notices.words import notice_words


def notice_mail(notice: Notice) -> int:
    """Send the letters not sent yet; their number. Each is noted as it goes, so that a broken off delivery repeats none.

    Raises what the mail server raises; the letters sent before that stay noted.
    """
    sent = 0
    for person in recipients(notice).exclude(pk__in=notice.mails.values("user")):
        _letter(notice, person).send()
        with transaction.atomic():
            NoticeMail.objects.create(notice=notice, user=person, sent_at=clock.now())
        sent += 1
    return sent


def _letter(notice: Notice, person: User) -> EmailMessage:
    """The letter; its Message-ID is always the same, so that even one sent again after a crash is known as the same."""
    with translation.override(person.language):
        words = notice_words(notice.kind, notice.subject, notice.data)
    domain = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2]
    headers = {"Message-ID": f"<notice-{notice.pk}-{person.pk}@{domain}>", "Auto-Submitted": "auto-generated"}
    return EmailMessage(words.title, words.text, settings.DEFAULT_FROM_EMAIL, [person.email], headers=headers)
