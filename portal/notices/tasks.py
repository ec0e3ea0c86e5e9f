"""The outbox's handler that sends notices by e-mail."""

from __future__ import annotations

from django.db import transaction

from portal import clock
from portal.notices.mail import notice_mail
from portal.notices.models import Notice
from portal.outbox.handlers import outbox_handler
from portal.outbox.models import OutboxMessage
from portal.outbox.services import outbox_done


@outbox_handler(remote=True)
def notice_email(message: OutboxMessage) -> None:
    """`notice.email` {notice}: send it, outside any transaction; a notice deleted meanwhile has nobody to tell."""
    notice = Notice.objects.filter(pk=message.payload["notice"]).first()
    if notice is not None:
        notice_mail(notice)
    with transaction.atomic():
        if notice is not None:
            Notice.objects.filter(pk=notice.pk).update(emailed_at=clock.now())
        outbox_done(message)
