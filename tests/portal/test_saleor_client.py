"""Three layers of failure are told apart, reads are tried again, a dead store costs nothing."""

from __future__ import annotations

from collections.abc import Callable
from threading import Event
from typing import Any

import httpx2
import pytest

from portal import ending
from portal.saleor import breaker as breakers
from portal.saleor import client as clients
from portal.saleor import documents
from portal.saleor.breaker import Breaker
from portal.saleor.client import SaleorClient
from portal.saleor.errors import SaleorAway, SaleorBroken, SaleorDenied, SaleorRefused

URL = "http://store.test/graphql/"
Answer = Callable[[httpx2.Request], httpx2.Response]


@pytest.fixture(autouse=True)
def _words(tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Two documents of the tests' own, no waiting, a fresh memory of documents."""
    (tmp_path / "thing.graphql").write_text("query Thing($id: ID) { thing(id: $id) { id } }")
    (tmp_path / "things.graphql").write_text("query Things($after: String) { things(after: $after) { id } }")
    (tmp_path / "change.graphql").write_text("mutation Change { change { errors { code } } }")
    (tmp_path / "change_two.graphql").write_text("mutation ChangeTwo { a: change { id } b: change { id } }")
    monkeypatch.setattr(documents, "FOLDER", tmp_path)
    monkeypatch.setattr(clients, "PAUSES", (0, 0))
    documents.document.cache_clear()
    yield
    documents.document.cache_clear()


class Store:
    """Answers in turn; the last answer stays. Remembers what it was asked."""

    def __init__(self, *answers: httpx2.Response | Exception) -> None:
        self.answers, self.asked = list(answers), list[httpx2.Request]()

    def __call__(self, request: httpx2.Request) -> httpx2.Response:
        self.asked.append(request)
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(answer, Exception):
            raise answer
        return answer

    def client(self, **more: Any) -> SaleorClient:
        """A client that asks this store."""
        return SaleorClient(URL, "a token", http=httpx2.Client(transport=httpx2.MockTransport(self)), **more)


def data(**fields: Any) -> httpx2.Response:
    """An answer without complaint."""
    return httpx2.Response(200, json={"data": fields})


def crash(code: str, status: int = 200, **more: Any) -> httpx2.Response:
    """What the store answers when it crashes, or will not."""
    error = {"message": "It says so.", "extensions": {"exception": {"code": code, "stacktrace": ["secret"]}}}
    return httpx2.Response(status, json={"errors": [error], **more})


def test_the_only_field_is_answered_and_the_token_is_sent():
    store = Store(data(thing={"id": "1"}))
    assert store.client().call("thing", id="1") == {"id": "1"}
    assert store.asked[0].headers["authorization"] == "Bearer a token"


def test_several_fields_are_answered_together():
    assert Store(data(a={"id": 1}, b={"id": 2})).client().call("change_two") == {"a": {"id": 1}, "b": {"id": 2}}


def test_what_is_not_there_is_none():
    assert Store(data(thing=None)).client().call("thing", id="9") is None


@pytest.mark.parametrize(
    ("answer", "doubtful"),
    [
        (httpx2.ConnectError("refused"), False),
        (httpx2.ConnectTimeout("slow"), False),
        (httpx2.ReadTimeout("slow"), True),
        (httpx2.RemoteProtocolError("gone"), True),
        (httpx2.Response(502, text="bad gateway"), True),
        (httpx2.Response(429), False),
    ],
)
def test_who_does_not_answer_is_away_and_a_change_that_may_have_arrived_is_doubtful(
    answer: httpx2.Response | Exception, doubtful: bool
):
    store = Store(answer)
    with pytest.raises(SaleorAway) as away:
        store.client().call("change")
    assert away.value.doubtful is doubtful
    assert len(store.asked) == 1, "a change is never sent twice"


def test_a_read_is_tried_again():
    store = Store(httpx2.ReadTimeout("slow"), httpx2.Response(503), data(thing={"id": "1"}))
    assert store.client().call("thing") == {"id": "1"}
    assert len(store.asked) == 3


def test_a_read_is_not_tried_again_by_a_process_that_ends(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(ending, "_told", Event())
    ending.end()
    store = Store(httpx2.ReadTimeout("slow"))
    with pytest.raises(SaleorAway):
        store.client().call("thing")
    assert len(store.asked) == 1


def test_a_read_gives_up_and_is_never_doubtful():
    store = Store(httpx2.ReadTimeout("slow"))
    with pytest.raises(SaleorAway) as away:
        store.client().call("thing")
    assert (away.value.doubtful, len(store.asked)) == (False, 3)


@pytest.mark.parametrize(
    "answer",
    [
        crash("PermissionDenied", data={"thing": None}),
        crash("InvalidTokenError", status=400),
        httpx2.Response(401, json={"errors": [{"message": "no", "extensions": {"exception": {"code": "STOREFRONT_TRAFFIC_NOT_ALLOWED"}}}]}),
        httpx2.Response(403, text="<html>"),
    ],
)  # fmt: skip
def test_a_wrong_token_is_told_from_a_fault_though_the_store_answers_200(answer: httpx2.Response):
    with pytest.raises(SaleorDenied):
        Store(answer).client().call("thing")


@pytest.mark.parametrize(
    ("answer", "reason", "doubtful"),
    [
        (crash("GraphQLError", status=400), "GraphQLError", False),
        (crash("IntegrityError", data={"change": None}), "IntegrityError", True),
        (crash("TypeError"), "TypeError", True),
        (httpx2.Response(200, text="<html>a proxy</html>"), "", True),
        (httpx2.Response(200, json=[1]), "", True),
        (httpx2.Response(200, json={"data": None}), "", True),
        (httpx2.Response(200, json={"errors": ["odd"]}), "", True),
        (httpx2.Response(302, headers={"location": "http://elsewhere.test/"}), "", False),
        (httpx2.Response(404, text="not here"), "", False),
    ],
)
def test_a_fault_of_the_document_or_the_store_is_broken(answer: httpx2.Response, reason: str, doubtful: bool):
    with pytest.raises(SaleorBroken) as broken:
        Store(answer).client().call("change")
    assert (broken.value.reason, broken.value.doubtful) == (reason, doubtful)
    assert "secret" not in str(broken.value)


def test_the_payloads_errors_are_a_refusal_with_field_and_code():
    row = {"field": "lines", "code": "INSUFFICIENT_STOCK", "message": "No.", "variants": ["v1"]}
    with pytest.raises(SaleorRefused) as refused:
        Store(data(change={"errors": [row]})).client().call("change")
    (problem,) = refused.value.problems
    assert (problem.field, problem.code, problem.extra) == ("lines", "INSUFFICIENT_STOCK", {"variants": ["v1"]})
    assert refused.value.has("INSUFFICIENT_STOCK")
    assert not refused.value.has("UNIQUE")


def test_rows_of_a_bulk_call_are_the_callers():
    payload = {"results": [{"errors": [{"code": "UNIQUE"}]}], "errors": [{"code": "UNIQUE"}]}
    assert Store(data(change=payload)).client().call("change") == payload


def test_a_bulk_call_refused_as_a_whole_is_refused():
    with pytest.raises(SaleorRefused):
        Store(data(change={"results": [], "errors": [{"code": "INVALID"}]})).client().call("change")


def test_pages_follow_the_cursor_and_can_go_on_where_they_stopped():
    def page(number: int, *, more: bool) -> httpx2.Response:
        info = {"hasNextPage": more, "endCursor": f"c{number}"}
        return data(things={"pageInfo": info, "edges": [{"node": {"id": number}}]})

    store = Store(page(1, more=True), page(2, more=False))
    assert [(found.nodes[0]["id"], found.after) for found in store.client().pages("things")] == [(1, "c1"), (2, "")]
    assert b'"after":"c1"' in store.asked[1].content.replace(b" ", b"")


@pytest.mark.django_db
class TestBreaker:
    """Of all processes together: the count stands in the cache."""

    @pytest.fixture(autouse=True)
    def _time(self, monkeypatch: pytest.MonkeyPatch) -> None:
        from datetime import timedelta

        from portal import clock

        self.ahead, real = timedelta(0), clock.real_now
        monkeypatch.setattr(clock, "real_now", lambda: real() + self.ahead)

    def fail(self, client: SaleorClient, times: int) -> None:
        for _ in range(times):
            with pytest.raises(SaleorAway):
                client.call("change")

    def test_a_dead_store_is_not_asked_for_a_while(self):
        store = Store(httpx2.ConnectError("refused"))
        self.fail(store.client(breaker=Breaker("one")), breakers.FAILURES)
        self.fail(store.client(breaker=Breaker("one")), 3)
        assert len(store.asked) == breakers.FAILURES

    def test_after_the_pause_one_tries_and_all_go_on_when_it_answers(self):
        store = Store(*[httpx2.ConnectError("refused")] * breakers.FAILURES, data(change={"id": 1}))
        client = store.client(breaker=Breaker("two"))
        self.fail(client, breakers.FAILURES)
        self.ahead += breakers.PAUSE * 2
        assert client.call("change") == {"id": 1}
        assert client.call("change") == {"id": 1}

    def test_a_try_that_fails_closes_the_door_again(self):
        store = Store(httpx2.ConnectError("refused"))
        client = store.client(breaker=Breaker("three"))
        self.fail(client, breakers.FAILURES)
        self.ahead += breakers.PAUSE * 2
        self.fail(client, 3)
        assert len(store.asked) == breakers.FAILURES + 1

    def test_a_refusal_is_an_answer(self):
        store = Store(crash("PermissionDenied"))
        client = store.client(breaker=Breaker("four"))
        for _ in range(breakers.FAILURES + 2):
            with pytest.raises(SaleorDenied):
                client.call("change")
        assert len(store.asked) == breakers.FAILURES + 2
