"""GraphQL of one's own API tokens."""

from __future__ import annotations

from typing import Any

import graphene

from portal.accounts.actor import Actor
from portal.accounts.models import ApiToken
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


class Query(graphene.ObjectType):
    """The living tokens: one's own, a company administrator's of the whole company."""

    tokens = graphene.List(graphene.NonNull(ApiTokenType))

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


class Mutation(graphene.ObjectType):
    """What people do with their tokens."""

    token_create = TokenCreate.Field()
    token_revoke = TokenRevoke.Field()
