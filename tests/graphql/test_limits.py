"""What one call may ask, and how it must be made."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.test import Client
from graphql import build_client_schema, get_introspection_query

from portal.accounts.models import ApiToken, Membership, User
from portal.graphql_limits import MAX_ALIASES, MAX_BODY, MAX_DEPTH
from portal.schema import schema_build
from tests.graphql.client import Api, api
from tests.orders.world import World

ME = "{ me { email company { name } } }"


@pytest.fixture
def caller(world: World) -> Api:
    return api(world.people.customer)


def refused(answer: Any, status: int, code: str = "INVALID") -> str:
    """The message of the one way everything is refused."""
    told = json.loads(answer.content)
    assert answer.headers["Content-Type"].startswith("application/json")
    assert (answer.status_code, {one["extensions"]["code"] for one in told["errors"]}) == (status, {code}), told
    assert all(one["message"] for one in told["errors"])
    return str(told["errors"][0]["message"])


def ask(caller: Api, document: str) -> Any:
    return caller.raw(json.dumps({"query": document}))


def nested(levels: int) -> str:
    """A question `levels` fields deep."""
    inner = "number"
    for _ in range(levels - 2):
        inner = f"supersedes {{ {inner} }}"
    return f'{{ part(number: "X") {{ {inner} }} }}'


def test_depth_ends_at_the_limit(caller: Api) -> None:
    assert ask(caller, nested(MAX_DEPTH)).status_code == 200
    refused(ask(caller, nested(MAX_DEPTH + 2)), 400)


def test_aliases_end_at_the_limit_wherever_they_stand(caller: Api) -> None:
    def aliased(count: int) -> str:
        return "{ " + " ".join(f"a{place}: __typename" for place in range(count)) + " }"

    assert ask(caller, aliased(MAX_ALIASES)).status_code == 200
    assert str(MAX_ALIASES) in refused(ask(caller, aliased(MAX_ALIASES + 1)), 400)


def test_a_mutation_cannot_be_called_a_thousand_times_in_one_document(caller: Api) -> None:
    tries = " ".join(f'a{place}: tokenCreate(name: "k") {{ secret }}' for place in range(100))
    before = ApiToken.objects.count()
    refused(ask(caller, f"mutation {{ {tries} }}"), 400)
    assert ApiToken.objects.count() == before


@pytest.mark.parametrize(
    ("pages", "fits"),
    [
        ("orders(first: 100) { edges { node { lines { id } promises { id } shipments { id } events { id } } } }", True),
        ("orders(first: 100) { edges { node { ...Dear } } }", False),
        ("orders(first: 20) { edges { node { ...Dear } } }", True),
        ("orders { edges { node { ...Dear } } }", True),  # a page nobody sized has twenty rows
        ("orders(first: $n) { edges { node { ...Dear } } }", False),  # a variable may say a hundred
        ("orders { edges { node { ...Dear ...Dear ...Dear } } }", False),
    ],
)
def test_fields_cost_as_often_as_their_page_has_rows(caller: Api, pages: str, fits: bool) -> None:
    dear = "shipments { lines { id quantity units } } " * 80
    used = f"query($n: Int = 5) {{ me {{ name }} parts(first: $n) {{ totalCount }} {pages} }}"
    fragment = f" fragment Dear on Order {{ {dear} }}" if "Dear" in pages else ""
    answer = ask(caller, used + fragment)
    if fits:
        assert answer.status_code == 200, answer.content
    else:
        assert "cost" in refused(answer, 400)


def test_a_chain_of_a_thousand_fragments_is_refused(caller: Api) -> None:
    chain = " ".join(f"fragment F{n} on User {{ ...F{n + 1} }}" for n in range(3000))
    refused(ask(caller, f"query {{ me {{ ...F0 }} }} {chain} fragment F3000 on User {{ name }}"), 400)


@pytest.mark.parametrize("first", [0, -1, 101, 2**31 - 1])
def test_a_page_has_one_to_a_hundred_rows(caller: Api, first: int) -> None:
    for root in ("orders", "parts", "equipments", "repairCards", "promises", "notices"):
        told = caller.post(f"{{ {root}(first: {first}) {{ totalCount }} }}")
        assert told["errors"][0]["extensions"]["code"] == "INVALID"


@pytest.mark.parametrize("after", ["x", "LTE=", "YXQ6LTU=", "YXQ6eA==", "🛠️", "YXQ6OTk5OTk5OTk5OTk5"])
def test_a_cursor_of_nobody_is_refused(caller: Api, after: str) -> None:
    for root in ("orders", "parts", "equipments", "repairCards", "promises", "notices"):
        told = caller.post(f"query($after: String) {{ {root}(after: $after) {{ totalCount }} }}", after=after)
        assert told["errors"][0]["extensions"]["code"] == "INVALID"


def test_fragments_that_name_each_other_are_refused(caller: Api) -> None:
    loop = "query { me { ...A } } fragment A on User { name ...B } fragment B on User { ...A }"
    refused(ask(caller, loop), 400)
    alone = "query { me { ...A } } fragment A on User { ...A }"
    refused(ask(caller, alone), 400)


def test_fragments_that_double_are_counted_not_expanded(caller: Api) -> None:
    """Thirty fragments that each name the next one twice: a thousand million fields in two kilobytes."""
    parts = " ".join(f"fragment F{n} on User {{ ...F{n + 1} ...F{n + 1} }}" for n in range(30))
    refused(ask(caller, f"query {{ me {{ ...F0 }} }} {parts} fragment F30 on User {{ name }}"), 400)


def test_a_body_has_a_size(caller: Api) -> None:
    refused(caller.raw(b'{"query": "' + b"x" * MAX_BODY + b'"}'), 413)
    refused(caller.raw(b"x" * 10_000_000), 413)


@pytest.mark.parametrize(
    "body",
    [
        b"", b"{", b"[]", b"null", b'"x"', b"5", b"\xff\xfe", b"{}", b'{"query": null}', b'{"query": 5}', b'{"query": ""}', b'{"query": "{"}',
        b'{"query": "{ me { email } }", "variables": "{"}', b'{"query": "{ me { email } }", "variables": [1]}',
        b'{"query": "{ me { email } }", "operationName": 5}', b'{"query": "query A { me { email } } query B { me { email } }"}',
        b'{"query": "{ nothing }"}', b'{"query": "{ me { password } }"}', b'{"query": "subscription { me { email } }"}',
        b'{"query": "query($a: Int!) { parts(first: $a) { totalCount } }"}', b'{"query": "{ part { number } }"}',
        b'{"query": "query($n: String!) { part(number: $n) { number } }", "variables": {"n": "\\ud800"}}',
        b"[" * 200_000, b'{"query": "' + b"{a" * 20_000 + b'"}', b'{"query": "{ me { email } }", "variables": {"a": ' + b"[" * 100_000 + b"]" * 100_000 + b"}}",
    ],
)  # fmt: skip
def test_a_malformed_call_is_invalid_and_never_our_failure(caller: Api, body: bytes) -> None:
    refused(caller.raw(body), 400)


def test_introspection_tells_the_whole_schema(caller: Api) -> None:
    told = caller.data(get_introspection_query(descriptions=False))
    assert set(build_client_schema(told).type_map) == set(schema_build(demo=False).graphql_schema.type_map)  # type: ignore[arg-type]


def test_a_question_is_posted(caller: Api) -> None:
    headers = {"Authorization": f"Bearer {caller.token}"}
    refused(Client().get("/graphql/", {"query": ME}, headers=headers), 405)
    for method in ("put", "patch", "delete"):
        answer = getattr(Client(), method)(
            "/graphql/", json.dumps({"query": ME}), content_type="application/json", headers=headers
        )
        refused(answer, 405)


def test_a_session_needs_a_csrf_token_and_a_bearer_does_not(world: World) -> None:
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(User.objects.get(pk=world.people.customer.user_id), "django.contrib.auth.backends.ModelBackend")
    body = json.dumps({"query": ME})
    refused(browser.post("/graphql/", body, content_type="application/json"), 403, "NOT_ALLOWED")
    refused(browser.post("/graphql/", {"query": ME}), 403, "NOT_ALLOWED")  # a form of another site
    browser.get("/accounts/login/")
    browser.cookies["csrftoken"] = "a" * 32
    answer = browser.post("/graphql/", body, content_type="application/json", headers={"X-CSRFToken": "a" * 32})
    assert json.loads(answer.content)["data"]["me"]["company"]["name"] == "Customer"
    bearer = {"Authorization": f"Bearer {api(world.people.dealer).token}"}
    told = json.loads(browser.post("/graphql/", body, content_type="application/json", headers=bearer).content)
    assert told["data"]["me"]["company"]["name"] == "Dealer"  # the token, not the session


@pytest.mark.parametrize("spoil", ["unknown", "empty", "revoked", "inactive person", "inactive membership"])
def test_a_token_that_does_not_live_is_401_even_beside_a_session(world: World, spoil: str) -> None:
    actor = world.people.customer
    token = {"unknown": "pp_nothing", "empty": ""}.get(spoil, api(actor).token)
    if spoil == "revoked":
        ApiToken.objects.update(revoked_at=world.now)
    browser = Client()
    browser.force_login(User.objects.get(pk=actor.user_id), "django.contrib.auth.backends.ModelBackend")
    if spoil == "inactive person":
        User.objects.filter(pk=actor.user_id).update(is_active=False)
    if spoil == "inactive membership":
        Membership.objects.filter(pk=actor.membership_id).update(is_active=False)
    headers = {"Authorization": f"Bearer {token}"}
    refused(
        browser.post("/graphql/", json.dumps({"query": ME}), content_type="application/json", headers=headers),
        401,
        "NOT_ALLOWED",
    )


def test_a_session_of_an_inactive_person_is_a_strangers(world: World) -> None:
    browser = Client()
    browser.force_login(User.objects.get(pk=world.people.customer.user_id), "django.contrib.auth.backends.ModelBackend")
    User.objects.filter(pk=world.people.customer.user_id).update(is_active=False)
    told = json.loads(browser.post("/graphql/", json.dumps({"query": ME}), content_type="application/json").content)
    assert told == {"data": {"me": None}}


def test_the_clock_is_advanced_in_a_demo_alone(caller: Api) -> None:
    assert "clockAdvance" in refused(ask(caller, "mutation { clockAdvance(hours: 1) { now } }"), 400)
    for demo in (True, False):
        kind = schema_build(demo=demo).graphql_schema.mutation_type
        assert kind is not None
        assert ("clockAdvance" in kind.fields) is demo
