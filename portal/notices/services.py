"""Telling people."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import connection, transaction

from portal.accounts.actor import Actor
from portal.accounts.models import User
from portal.errors import Code, refusal
from portal.notices.groups import Group
from portal.notices.models import Notice, NoticeChoice
from portal.notices.selectors import choices_for, notices_for
from portal.notices.stopping import stop_read
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


@transaction.atomic
def notices_read(*, actor: Actor, now: datetime) -> int:
    """Mark all of the actor's notices as read; how many were not yet."""
    unread = notices_for(actor).filter(read_at=None).order_by()
    return Notice.objects.filter(pk__in=unread.values("pk")).update(read_at=now)


@transaction.atomic
def notice_choose(*, actor: Actor, group: str, by_mail: bool, now: datetime) -> None:
    """Choose whether a group comes by e-mail too. Raises INVALID (group, or byMail: these letters are owed)."""
    if actor.user_id is None:
        raise refusal(Code.NOT_ALLOWED)
    known = next((one for one in choices_for(actor) if one.group == group), None)
    if known is None:
        raise refusal(Code.INVALID, "group")
    if known.why_always and not by_mail:
        raise refusal(Code.INVALID, "byMail", "always_by_mail", reason=str(known.why_always))
    _choose(actor.user_id, group, by_mail, now)


@transaction.atomic
def notice_mail_stop(*, token: str, by_mail: bool = False, now: datetime) -> tuple[User, Group]:
    """Whoever holds a letter stops its group (or, changing their mind, takes it up again): whose letters, and of which group.

    Raises NOT_FOUND for a token that is not ours. A repeat changes nothing.
    """
    person, group = stop_read(token)
    _choose(person.pk, group, by_mail, now)
    return person, group


def _choose(user_id: int, group: str, by_mail: bool, now: datetime) -> None:
    NoticeChoice.objects.update_or_create(
        user_id=user_id, group=group, defaults={"by_mail": by_mail, "changed_at": now}
    )
