"""GraphQL types of people and companies, and the one enum maker."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import graphene
from django.db.models import Choices

from portal.accounts.models import Company, Membership
from portal.accounts.selectors import memberships_of
from portal.graphql import Node, reader


def enum_of(name: str, choices: type[Choices] | Iterable[str]) -> type[graphene.Enum]:
    """A GraphQL enum of these words."""
    words = [str(choice) for choice in choices]
    made: type[graphene.Enum] = graphene.Enum(name, [(word, word) for word in words])
    return made


class CompanyType(Node):
    """A buyer or the house."""

    name = graphene.String(required=True)
    kind = graphene.String(required=True)
    market = graphene.String(required=True)

    class Meta:
        name = "Company"


class MembershipType(Node):
    """One person's place in one company."""

    company = graphene.Field(CompanyType, required=True)
    roles = graphene.List(graphene.NonNull(graphene.String), required=True)

    class Meta:
        name = "Membership"


class UserType(Node):
    """The person behind the token or session, acting for `company`."""

    email = graphene.String(required=True)
    name = graphene.String(required=True)
    language = graphene.String(required=True)
    roles = graphene.List(graphene.NonNull(graphene.String), required=True)
    company = graphene.Field(CompanyType)
    memberships = graphene.List(graphene.NonNull(MembershipType), required=True)

    class Meta:
        name = "User"

    @staticmethod
    def resolve_roles(root: Any, info: graphene.ResolveInfo) -> list[str]:
        actor = reader(info)
        return sorted(actor.roles) if actor else []

    @staticmethod
    def resolve_company(root: Any, info: graphene.ResolveInfo) -> Company | None:
        actor = reader(info)
        return Company.objects.filter(pk=actor.company_id or 0).first() if actor else None

    @staticmethod
    def resolve_memberships(root: Any, info: graphene.ResolveInfo) -> list[Membership]:
        return list(memberships_of(root))


class Query(graphene.ObjectType):
    """Who am I."""

    me = graphene.Field(UserType)

    @staticmethod
    def resolve_me(root: Any, info: graphene.ResolveInfo) -> Any:
        actor = reader(info)
        if actor is None:
            return None
        membership = Membership.objects.select_related("user").filter(pk=actor.membership_id or 0).first()
        return membership.user if membership else None
