"""Telling people."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import connection, transaction

from portal.accounts.actor import Actor
from portal.errors import Code, refusal
from portal.notices.models import Notice
from portal.notices.selectors import notices_for
from portal.outbox.services import outbox_write


@transaction.atomic(savepoint=False)
def notice_send(
    *,
    kind: str,
    subject_kind: str,
    subject: str,
    data: Mapping[str, Any],
    key: str,
    now: datetime,
    company_id: int | None = None,
    role: str | None = None,
    user_id: int | None = None,
) -> Notice:
    """Tell a company (`company_id`, or only its `user_id`) or those of the house with `role`: on their page and by e-mail.

    The same `key` again answers the notice already there and tells nobody twice. `data` is JSON; see
    `register_notice_words` for its names.
    """
    told = Notice(
        key=key, company_id=company_id, role=role or "", user_id=user_id, kind=kind, subject_kind=subject_kind,
        subject=subject, data=dict(data), created_at=now,
    )  # fmt: skip
    if not _written(told):
        return Notice.objects.get(key=key)
    # a key of its own: a mail server that is away must not hold up the order's other messages
    outbox_write(kind="notice.email", key=f"notice:{told.pk}", payload={"notice": told.pk}, now=now)
    return told


def _written(told: Notice) -> bool:
    """Write it unless its key is there; a twin that is writing it is waited for. One statement, for it is asked on every order."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO notices_notice (key, company_id, user_id, role, kind, subject_kind, subject, data, created_at)"
            " VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s) ON CONFLICT (key) DO NOTHING RETURNING id",
            [told.key, told.company_id, told.user_id, told.role, told.kind, told.subject_kind, told.subject,
             json.dumps(told.data), told.created_at],
        )  # fmt: skip
        row = cursor.fetchone()
    if row:
        told.pk, told._state.adding, told._state.db = row[0], False, connection.alias
    return row is not None


@transaction.atomic
def notice_read(*, actor: Actor, notice_id: int, now: datetime) -> Notice:
    """Mark a notice as read; read once, it stays read when it was. NOT_FOUND when it is not the actor's."""
    notice = notices_for(actor).filter(pk=notice_id).first()
    if notice is None:
        raise refusal(Code.NOT_FOUND, "notice")
    if notice.read_at is None:
        notice.read_at = now
        notice.save(update_fields=["read_at"])
    return notice
