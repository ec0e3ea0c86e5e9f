"""GraphQL of one's own API tokens and of one's colleagues."""

from __future__ import annotations

from typing import Any

import graphene

from portal.accounts.actor import Actor
from portal.accounts.members import member_add, member_change, members_of
from portal.accounts.models import ApiToken, Membership
from portal.accounts.tokens import token_create_own, token_revoke, tokens_of
from portal.graphql import Node, ServiceMutation, reader, row_id


class ApiTokenType(Node):
    """A key for programs; its secret was shown once."""

    name = graphene.String(required=True)
    prefix = graphene.String(required=True)
    person = graphene.String(required=True)
    created_at = graphene.DateTime(required=True)
    last_used_at = graphene.DateTime()

    class Meta:
        name = "ApiToken"

    @staticmethod
    def resolve_person(root: ApiToken, info: graphene.ResolveInfo) -> str:
        return str(root.membership.user)


class MemberType(Node):
    """A colleague: roles, and the limit of an order (null: none)."""

    name = graphene.String(required=True)
    email = graphene.String(required=True)
    roles = graphene.List(graphene.NonNull(graphene.String), required=True)
    order_limit = graphene.Decimal()
    is_active = graphene.Boolean(required=True)

    class Meta:
        name = "Member"

    @staticmethod
    def resolve_name(root: Membership, info: graphene.ResolveInfo) -> str:
        return str(root.user)

    @staticmethod
    def resolve_email(root: Membership, info: graphene.ResolveInfo) -> str:
        return root.user.email


class Query(graphene.ObjectType):
    """The living tokens: one's own, a company administrator's of the whole company. The company's people."""

    members = graphene.List(graphene.NonNull(MemberType))
    tokens = graphene.List(graphene.NonNull(ApiTokenType))

    @staticmethod
    def resolve_members(root: Any, info: graphene.ResolveInfo) -> list[Membership] | None:
        actor = reader(info)
        return list(members_of(actor)) if actor else None

    @staticmethod
    def resolve_tokens(root: Any, info: graphene.ResolveInfo) -> list[ApiToken] | None:
        actor = reader(info)
        return tokens_of(actor) if actor else None


class TokenCreate(ServiceMutation):
    """Make a token for one's own membership; `secret` is shown here and never again."""

    class Arguments:
        name = graphene.String(required=True)

    token = graphene.Field(ApiTokenType)
    secret = graphene.String()

    @classmethod
    def serve(cls, actor: Actor, now: Any, name: str) -> dict[str, Any]:
        token, secret = token_create_own(actor=actor, name=name, now=now)
        return {"token": token, "secret": secret}


class TokenRevoke(ServiceMutation):
    """End a token at once."""

    class Arguments:
        token = graphene.ID(required=True)

    token = graphene.Field(ApiTokenType)

    @classmethod
    def serve(cls, actor: Actor, now: Any, token: str) -> dict[str, Any]:
        return {"token": token_revoke(actor=actor, token_id=row_id(token, "ApiToken", "token"), now=now)}


class MemberAdd(ServiceMutation):
    """Let a person act for one's company."""

    class Arguments:
        email = graphene.String(required=True)
        name = graphene.String(required=True)
        roles = graphene.List(graphene.NonNull(graphene.String), required=True)
        order_limit = graphene.Decimal()

    member = graphene.Field(MemberType)

    @classmethod
    def serve(cls, actor: Actor, now: Any, order_limit: Any = None, **given: Any) -> dict[str, Any]:
        return {"member": member_add(actor=actor, order_limit=order_limit, **given)}


class MemberChange(ServiceMutation):
    """Give a colleague other roles or another limit (left out: none), or end the membership."""

    class Arguments:
        member = graphene.ID(required=True)
        roles = graphene.List(graphene.NonNull(graphene.String), required=True)
        order_limit = graphene.Decimal()
        is_active = graphene.Boolean(default_value=True)

    member = graphene.Field(MemberType)

    @classmethod
    def serve(cls, actor: Actor, now: Any, member: str, order_limit: Any = None, **given: Any) -> dict[str, Any]:
        key = row_id(member, "Member", "member")
        return {"member": member_change(actor=actor, member_id=key, order_limit=order_limit, **given)}


class Mutation(graphene.ObjectType):
    """What people do with their tokens, and administrators with their company's people."""

    member_add = MemberAdd.Field()
    member_change = MemberChange.Field()

    token_create = TokenCreate.Field()
    token_revoke = TokenRevoke.Field()
