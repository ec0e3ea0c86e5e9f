"""GraphQL types of promises."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

import graphene
from django.utils import timezone

from portal import clock
from portal.accounts.actor import Actor
from portal.errors import Code, refusal
from portal.graphql import Node, connection_of, page, plain, reader
from portal.graphql_types import enum_of
from portal.promises.models import Promise
from portal.promises.rules.words import State
from portal.promises.selectors import late_days, promises_list

PromiseState = enum_of("PromiseState", [state.value for state in State])


class PauseType(Node):
    """A hold that stood the clock still; `until` null: still on."""

    reason = graphene.String(required=True)
    cause = graphene.String(required=True)
    since = graphene.DateTime(required=True)
    until = graphene.DateTime()

    class Meta:
        name = "Pause"

    @staticmethod
    def resolve_since(root: Any, info: graphene.ResolveInfo) -> datetime:
        return root.started_at

    @staticmethod
    def resolve_until(root: Any, info: graphene.ResolveInfo) -> datetime | None:
        return root.ended_at


class PromiseType(Node):
    """Something owed by a moment. `promisedAt` is what was shown first and never changes."""

    policy = graphene.String(required=True)
    subject = graphene.String(required=True, description="for an order its number")
    state = graphene.Field(PromiseState, required=True)
    allowance = graphene.Int(required=True)
    unit = graphene.String(required=True)
    zone = graphene.String(required=True)
    calendar = graphene.String(required=True)
    agreed_on = graphene.Date()
    offered_at = graphene.DateTime()
    offered_day = graphene.Date()
    started_at = graphene.DateTime()
    promised_at = graphene.DateTime()
    due_at = graphene.DateTime()
    warned_at = graphene.DateTime()
    broken_at = graphene.DateTime()
    stopped_at = graphene.DateTime()
    pauses = graphene.List(graphene.NonNull(PauseType), required=True)
    days_late = graphene.Int(required=True)

    class Meta:
        name = "Promise"

    @staticmethod
    def resolve_policy(root: Promise, info: graphene.ResolveInfo) -> str:
        return root.policy_code

    @staticmethod
    def resolve_pauses(root: Promise, info: graphene.ResolveInfo) -> list[Any]:
        return list(root.pauses.all())

    @staticmethod
    def resolve_days_late(root: Promise, info: graphene.ResolveInfo) -> int:
        return late_days(root, clock.now())


PromiseConnection = connection_of(PromiseType)


def promises_told(info: graphene.ResolveInfo, more: Iterable[Promise] = ()) -> list[Promise]:
    """The promises this request has listed so far; a question about one of them is answered for all at once."""
    told: dict[int, Promise] = info.context.__dict__.setdefault("_graphql_promises", {})
    told.update({promise.pk: promise for promise in more})
    return list(told.values())


class Query(graphene.ObjectType):
    """Promises, the earliest due first; a buyer sees its own company's."""

    promises = graphene.Field(
        PromiseConnection,
        state=PromiseState(),
        policy=graphene.String(),
        due_before=graphene.DateTime(),
        first=graphene.Int(),
        after=graphene.String(),
    )

    @staticmethod
    def resolve_promises(
        root: Any, info: graphene.ResolveInfo, first: int | None = None, after: str | None = None, **asked: Any
    ) -> dict[str, Any] | None:
        actor = reader(info)
        if actor is None:
            return None
        before = asked.get("due_before")
        if before and timezone.is_naive(before):  # whose midnight it means, nobody could say
            raise refusal(Code.INVALID, "dueBefore", "zone", example=f"{before.isoformat()}Z")
        rows = promises_list(company_id=_scope(actor), **plain(asked)).prefetch_related("lines__facts", "pauses")
        found = page(rows, first=first, after=after)
        promises_told(info, [edge["node"] for edge in found["edges"]])
        return found


def _scope(actor: Actor) -> int | None:
    return None if actor.is_house else actor.company_id
