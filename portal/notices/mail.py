"""A notice by e-mail: one letter a person, in that person's language."""

from __future__ import annotations

from email.utils import formataddr, parseaddr

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db import transaction

from portal import clock
from portal.accounts.models import User
from portal.accounts.selectors import house_get
from portal.notices.facts import Facts, notice_facts
from portal.notices.letter import letter_write
from portal.notices.models import Notice, NoticeMail
from portal.notices.selectors import recipients


def notice_mail(notice: Notice) -> int:
    """Send the letters not sent yet; their number. Each is noted as it goes, so that a broken off delivery repeats none.

    Raises what the mail server raises; the letters sent before that stay noted.
    """
    sent, facts = 0, dict[str, Facts]()
    for person in recipients(notice).exclude(pk__in=notice.mails.values("user")):
        if person.language not in facts:
            facts[person.language] = notice_facts(notice, person.language)
        _letter(notice, person, facts[person.language]).send()
        with transaction.atomic():
            NoticeMail.objects.create(notice=notice, user=person, sent_at=clock.now())
        sent += 1
    return sent


def _letter(notice: Notice, person: User, facts: Facts) -> EmailMultiAlternatives:
    """The letter; its Message-ID is always the same, so that even one sent again after a crash is known as the same.

    Letters about one thing refer to it, so that a mail program shows them together.
    """
    told = letter_write(notice, person, facts)
    name, sender = parseaddr(settings.DEFAULT_FROM_EMAIL)
    domain = sender.rpartition("@")[2]
    headers = {
        "Message-ID": f"<notice-{notice.pk}-{person.pk}@{domain}>",
        "References": f"<{notice.subject_kind}-{notice.subject}@{domain}>",
        "Auto-Submitted": "auto-generated",
    }
    if told.stop:
        headers |= {"List-Unsubscribe": f"<{told.stop}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}
    house = house_get()
    contact = notice.company.contact if notice.company else None
    letter = EmailMultiAlternatives(
        told.subject,
        told.text,
        formataddr((name or (house.name if house else ""), sender)),
        [person.email],
        headers=headers,
        reply_to=[contact.email] if contact else None,
    )
    letter.attach_alternative(told.html, "text/html")
    return letter
