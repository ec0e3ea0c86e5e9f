"""GraphQL of notices."""

from __future__ import annotations

from typing import Any

import graphene

from portal.accounts.actor import Actor
from portal.graphql import Node, ServiceMutation, connection_of, page, reader, row_id
from portal.notices.models import Notice
from portal.notices.selectors import Choice, choices_for, notices_for
from portal.notices.services import notice_choose, notice_read
from portal.notices.words import notice_words


class NoticeType(Node):
    """Something somebody was told; `subject` is its heading in the reader's language, `about` what it is about."""

    at = graphene.DateTime(required=True)
    kind = graphene.String(required=True)
    subject = graphene.String(required=True)
    text = graphene.String(required=True)
    about = graphene.String(required=True)
    read_at = graphene.DateTime()

    class Meta:
        name = "Notice"

    @staticmethod
    def resolve_at(root: Notice, info: graphene.ResolveInfo) -> Any:
        return root.created_at

    @staticmethod
    def resolve_subject(root: Notice, info: graphene.ResolveInfo) -> str:
        return notice_words(root.kind, root.subject, root.data).title

    @staticmethod
    def resolve_text(root: Notice, info: graphene.ResolveInfo) -> str:
        return notice_words(root.kind, root.subject, root.data).text

    @staticmethod
    def resolve_about(root: Notice, info: graphene.ResolveInfo) -> str:
        return root.subject


class NoticeChoiceType(graphene.ObjectType):
    """A group of notices as the caller has it; `always` says why its letters cannot be switched off, empty when they can."""

    group = graphene.String(required=True)
    about = graphene.String(required=True)
    by_mail = graphene.Boolean(required=True)
    always = graphene.String(required=True)

    class Meta:
        name = "NoticeChoice"

    @staticmethod
    def resolve_group(root: Choice, info: graphene.ResolveInfo) -> str:
        return root.group.value

    @staticmethod
    def resolve_always(root: Choice, info: graphene.ResolveInfo) -> str:
        return str(root.why_always)


NoticeConnection = connection_of(NoticeType)


class Query(graphene.ObjectType):
    """The reader's notices, newest first."""

    notices = graphene.Field(NoticeConnection, first=graphene.Int(), after=graphene.String())
    notice_choices = graphene.List(graphene.NonNull(NoticeChoiceType))

    @staticmethod
    def resolve_notice_choices(root: Any, info: graphene.ResolveInfo) -> list[Choice] | None:
        actor = reader(info)
        return choices_for(actor) if actor else None

    @staticmethod
    def resolve_notices(
        root: Any, info: graphene.ResolveInfo, first: int | None = None, after: str | None = None
    ) -> Any:
        actor = reader(info)
        return page(notices_for(actor), first=first, after=after) if actor else None


class NoticeRead(ServiceMutation):
    """Mark a notice as read."""

    class Arguments:
        notice = graphene.ID(required=True)

    notice = graphene.Field(NoticeType)

    @classmethod
    def serve(cls, actor: Actor, now: Any, notice: str) -> dict[str, Any]:
        return {"notice": notice_read(actor=actor, notice_id=row_id(notice, "Notice", "notice"), now=now)}


class NoticeChoose(ServiceMutation):
    """Choose whether a group of notices comes by e-mail too."""

    class Arguments:
        group = graphene.String(required=True)
        by_mail = graphene.Boolean(required=True)

    choices = graphene.List(graphene.NonNull(NoticeChoiceType))

    @classmethod
    def serve(cls, actor: Actor, now: Any, group: str, by_mail: bool) -> dict[str, Any]:
        notice_choose(actor=actor, group=group, by_mail=by_mail, now=now)
        return {"choices": choices_for(actor)}


class Mutation(graphene.ObjectType):
    """What a reader does with notices."""

    notice_read = NoticeRead.Field()
    notice_choose = NoticeChoose.Field()
