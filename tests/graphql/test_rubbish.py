"""Whatever is sent to any field gets a clear answer, and what is refused changes nothing."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from portal.errors import Code
from portal.schema import schema_build
from tests.graphql.rubbish import arguments, document
from tests.graphql.traces import changed, traces
from tests.matrix.realm import Realm

SCHEMA = schema_build(demo=False).graphql_schema
assert SCHEMA.query_type is not None
assert SCHEMA.mutation_type is not None
MUTATIONS, QUERIES = SCHEMA.mutation_type.fields, SCHEMA.query_type.fields
SOME = settings(
    max_examples=40,
    derandomize=True,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
WHO = ("admin", "customer", "dealer")


def things(realm: Realm) -> list[str]:
    """Ids, numbers and names that exist, of every kind: half of what is sent leads somewhere."""
    found = {thing for bag in realm.bags.values() for thing in bag.things.values()}
    return [*sorted(found), realm.part.number, "HOME"]


def refusals(told: dict[str, Any]) -> list[dict[str, Any]]:
    """Every refusal, of the document or of the mutation, with its code checked."""
    found = [one.get("extensions", {}) for one in told.get("errors") or ()]
    found += [one for payload in (told.get("data") or {}).values() for one in (payload or {}).get("errors") or ()]
    for one in found:
        assert one["code"] in Code.__members__, told
        assert one.get("details") is None or isinstance(one["details"], dict), told
    return found


@pytest.mark.parametrize("name", sorted(MUTATIONS))
def test_a_mutation_answers_rubbish_with_a_code_and_leaves_nothing_half_done(realm: Realm, name: str) -> None:
    before = traces()
    asked = document("mutation", name, MUTATIONS[name])

    @SOME
    @given(sent=arguments(MUTATIONS[name], things(realm)), who=st.sampled_from(WHO))
    def once(sent: dict[str, Any], who: str) -> None:
        with transaction.atomic():
            refused = refusals(realm.callers[who].post(asked, **sent))
            assert not refused or changed(before) == [], (sent, refused)
            transaction.set_rollback(True)

    once()


@pytest.mark.parametrize("name", sorted(QUERIES))
def test_a_query_answers_rubbish_with_an_answer_or_a_code(realm: Realm, name: str) -> None:
    asked = document("query", name, QUERIES[name])

    @SOME
    @given(sent=arguments(QUERIES[name], things(realm)), who=st.sampled_from((*WHO, "stranger")))
    def once(sent: dict[str, Any], who: str) -> None:
        with transaction.atomic():
            told = realm.callers[who].post(asked, **sent)
            assert told.get("data") or refusals(told)
            transaction.set_rollback(True)

    once()
