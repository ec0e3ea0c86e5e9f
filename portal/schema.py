"""GraphQL root: the apps' schemas merged, and the demo's clock where there is a demo."""

from __future__ import annotations

from typing import Any

import graphene
from django.conf import settings

import catalog.schema
import orders.schema
import portal.notices.schema
import portal.promises.schema
import warranty.schema
from portal import graphql_accounts, graphql_types
from portal.accounts.actor import Actor
from portal.accounts.models import Role
from portal.clock_demo import clock_advance
from portal.graphql import ServiceMutation


class ClockAdvance(ServiceMutation):
    """Demo only: move the clock and do everything that falls due."""

    class Arguments:
        hours = graphene.Int(required=True)

    now = graphene.DateTime()

    @classmethod
    def serve(cls, actor: Actor, now: Any, hours: int) -> dict[str, Any]:
        actor.need(Role.ADMIN)
        return {"now": clock_advance(hours)}


class Query(
    orders.schema.Query,
    warranty.schema.Query,
    catalog.schema.Query,
    portal.promises.schema.Query,
    portal.notices.schema.Query,
    graphql_types.Query,
    graphql_accounts.Query,
):
    """Everything that can be asked."""


class _Mutation(
    orders.schema.Mutation, warranty.schema.Mutation, portal.notices.schema.Mutation, graphql_accounts.Mutation
):
    """Everything that can be done."""


class _DemoMutation(_Mutation):
    """And, in a demo, the clock."""

    clock_advance = ClockAdvance.Field()


def schema_build(*, demo: bool) -> graphene.Schema:
    """The whole schema; `clockAdvance` exists only in a demo."""
    return graphene.Schema(query=Query, mutation=_mutation(demo), auto_camelcase=True)


def _mutation(demo: bool) -> type[graphene.ObjectType]:
    base = _DemoMutation if demo else _Mutation
    return type("Mutation", (base,), {"__doc__": base.__doc__})


schema = schema_build(demo=settings.DEMO)
