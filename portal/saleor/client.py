"""Asking Saleor. Three layers of failure are told apart: HTTP, the answer's own `errors`, the payload's `errors[]`."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from email.utils import parsedate_to_datetime
from typing import Any, NoReturn

import httpx2

from portal import clock
from portal.ending import ending
from portal.saleor.breaker import Breaker
from portal.saleor.documents import Document, document, problems_of
from portal.saleor.errors import SaleorAway, SaleorBroken, SaleorDenied, SaleorRefused

TIMEOUT = 20.0  # seconds for an answer
CONNECT_TIMEOUT = 3.0
PAUSES = (0.2, 1.0)  # seconds between the attempts of a read; a mutation is never sent twice
# Saleor's server closes a connection that rests for five seconds; one that it closes under our hands would be a doubt.
_LIMITS = httpx2.Limits(max_connections=20, max_keepalive_connections=10, keepalive_expiry=4.0)
_NEVER_ARRIVED = (httpx2.ConnectError, httpx2.ConnectTimeout, httpx2.PoolTimeout, httpx2.UnsupportedProtocol)
_DENIED = {"PermissionDenied", "InvalidTokenError", "InvalidSignatureError", "ExpiredSignatureError", "DecodeError",
           "STOREFRONT_TRAFFIC_NOT_ALLOWED"}  # fmt: skip


@dataclass(frozen=True)
class Page:
    """A page of a connection: its nodes, and the cursor that goes on after it ("" after the last)."""

    nodes: list[dict[str, Any]]
    after: str


class SaleorClient:
    """One store, one token. Safe for threads; connections are kept. `token` may be empty: then we are a stranger."""

    def __init__(
        self, api_url: str, token: str = "", *, timeout: float = TIMEOUT, breaker: Breaker | None = None,
        http: httpx2.Client | None = None,
    ) -> None:  # fmt: skip
        self.api_url = api_url
        self._token, self._breaker, self._timeout = token, breaker, timeout
        self._http = http or httpx2.Client(limits=_LIMITS, follow_redirects=False)
        self.clock_ahead: timedelta | None = None  # of the store against ours, by its last answer; to the second

    def within(self, timeout: float) -> SaleorClient:
        """The same, over the same connections, with another patience in seconds."""
        return SaleorClient(self.api_url, self._token, timeout=timeout, breaker=self._breaker, http=self._http)

    def close(self) -> None:
        """Give the connections back."""
        self._http.close()

    def call(self, name: str, /, **variables: Any) -> Any:
        """Run `operations/<name>.graphql`; answers `data`'s only root field, or all of `data` when it has several.

        A read that finds nobody is tried again a few times. Raises SaleorAway, SaleorDenied, SaleorBroken, SaleorRefused.
        """
        asked = document(name)
        body = {"query": asked.text, "operationName": asked.operation, "variables": variables}
        for pause in () if asked.is_mutation else PAUSES:
            try:
                return self._once(asked, body)
            except SaleorAway:
                if ending():
                    raise
                time.sleep(pause)
        return self._once(asked, body)

    def pages(self, name: str, /, after: str = "", **variables: Any) -> Iterator[Page]:
        """Run a document over a connection page by page, from the cursor `after` on; its variable must be called `after`."""
        while True:
            found = self.call(name, after=after or None, **variables)
            more = found["pageInfo"]
            after = more["endCursor"] if more["hasNextPage"] else ""
            yield Page([edge["node"] for edge in found["edges"]], after)
            if not after:
                return

    def _once(self, asked: Document, body: Mapping[str, Any]) -> Any:
        counted = self._breaker.ask(clock.real_now()) if self._breaker else False
        try:
            answer = self._post(asked, body)
        except SaleorAway:
            if self._breaker:
                self._breaker.failed(clock.real_now())
            raise
        if counted and self._breaker:
            self._breaker.worked()
        return _data(asked, _read(asked, answer))

    def _post(self, asked: Document, body: Mapping[str, Any]) -> httpx2.Response:
        headers = {"Authorization": f"Bearer {self._token}"} if self._token else {}
        timeout = httpx2.Timeout(self._timeout, connect=min(CONNECT_TIMEOUT, self._timeout))
        try:
            answer = self._http.post(self.api_url, json=body, headers=headers, timeout=timeout)
        except _NEVER_ARRIVED as error:
            raise SaleorAway(f"{self.api_url} cannot be reached ({type(error).__name__}).") from error
        except httpx2.TransportError as error:
            raise SaleorAway(
                f"{self.api_url} did not answer {asked.name} ({type(error).__name__}).", doubtful=asked.is_mutation
            ) from error
        self.clock_ahead = _ahead(answer.headers.get("Date"))
        if answer.status_code == httpx2.codes.TOO_MANY_REQUESTS:
            raise SaleorAway(f"{self.api_url} asks us to wait (HTTP 429).")
        if answer.status_code >= httpx2.codes.INTERNAL_SERVER_ERROR:
            raise SaleorAway(f"{self.api_url} answered HTTP {answer.status_code}.", doubtful=asked.is_mutation)
        return answer


def _ahead(date: str | None) -> timedelta | None:
    try:
        return parsedate_to_datetime(date or "") - clock.real_now()
    except (ValueError, TypeError):  # none, or one without a zone
        return None


def _read(asked: Document, answer: httpx2.Response) -> Mapping[str, Any]:
    """The answer as an object, whatever its status: a 400 and a 401 say why in the same shape."""
    try:
        said = answer.json()
    except ValueError:
        said = None
    if not isinstance(said, Mapping):
        if answer.status_code in (httpx2.codes.UNAUTHORIZED, httpx2.codes.FORBIDDEN):
            raise SaleorDenied(f"HTTP {answer.status_code}")
        doubtful = asked.is_mutation and answer.is_success
        raise SaleorBroken(f"{asked.name}: HTTP {answer.status_code}, and no GraphQL.", doubtful=doubtful)
    if said.get("errors"):
        _fail(asked, said["errors"], understood=answer.is_success)
    if not answer.is_success or not isinstance(said.get("data"), Mapping):
        raise SaleorBroken(f"{asked.name}: HTTP {answer.status_code} without data.", doubtful=asked.is_mutation)
    return said["data"]


def _fail(asked: Document, errors: Any, *, understood: bool) -> NoReturn:
    """Raise for the answer's own errors. A message is cut, and stack traces, which a store in debug mode sends, are dropped."""
    first = errors[0] if isinstance(errors, list) and isinstance(errors[0], Mapping) else {}
    told = first.get("extensions") or {}
    reason = str((told.get("exception") or {}).get("code") or told.get("code") or "")
    message = f"{asked.name}: {reason} {first.get('message', '')}"[:500]
    if reason in _DENIED:
        raise SaleorDenied(message)
    raise SaleorBroken(message, reason=reason, doubtful=asked.is_mutation and understood)


def _data(asked: Document, data: Mapping[str, Any]) -> Any:
    if asked.is_mutation and (problems := [one for root in asked.roots for one in problems_of(data.get(root))]):
        raise SaleorRefused(problems)
    return data.get(asked.roots[0]) if len(asked.roots) == 1 else data
