"""Speaks to the portal as a dealer's ERP would: GraphQL with a token. Remembers the last exchange, for who asks why."""

from __future__ import annotations

import json
import threading
import time
import urllib.error
import urllib.request
import uuid
from dataclasses import dataclass, field
from typing import Any

from tests.stories.documents import MUTATIONS, mutation

Json = dict[str, Any]
CONFIRMED_WITHIN = 60.0  # seconds for the store behind the portal to confirm an order
PATIENCE = 180.0  # seconds; moving the clock by weeks works off everything that became due


@dataclass(frozen=True)
class Exchange:
    """One request and its answer."""

    who: str
    sent: Any
    status: int
    got: Any

    def __str__(self) -> str:
        return f"{self.who} sent {_short(self.sent)}\nanswer {self.status}: {_short(self.got)}"


class Answered(Exception):  # noqa: N818  it says what happened
    """The portal answered in a way the story cannot go on with."""


class Journal(threading.local):
    """The last exchange of this thread."""

    last: Exchange | None = None


JOURNAL = Journal()


@dataclass
class Client:
    """One account. `role` is only a name for the reader."""

    graphql: str
    role: str
    token: str
    language: str = "en"
    company: str = ""
    _me: Json = field(default_factory=dict)

    def send(self, document: str, **variables: Any) -> tuple[int, Any]:
        """Status and JSON body, whatever they are."""
        body = json.dumps({"query": document, "variables": variables}).encode()
        headers = {"Content-Type": "application/json", "Accept-Language": self.language}
        if self.token:
            headers["Authorization"] = f"Bearer {self.token}"
        status, text = _post(self.graphql, body, headers)
        try:
            got = json.loads(text)
        except ValueError:
            got = text
        JOURNAL.last = Exchange(self.role, {"query": " ".join(document.split()), "variables": variables}, status, got)
        return status, got

    def ask(self, document: str, **variables: Any) -> Json:
        """The data of a query. Raises Answered when there are GraphQL errors."""
        status, got = self.send(document, **variables)
        if status != 200 or not isinstance(got, dict) or got.get("errors") or got.get("data") is None:
            raise Answered("a GraphQL answer with data and without errors was expected")
        return dict(got["data"])

    def call(self, name: str, **given: Any) -> Json:
        """The payload of a mutation, refused or not; a `reference` is drawn where the mutation takes one and none is given.

        With a store behind the portal an order is confirmed a moment after it was placed; who is told so comes again.
        """
        if "$reference" in MUTATIONS[name][0] and "reference" not in given:
            given["reference"] = fresh()
        until = time.monotonic() + CONFIRMED_WITHIN
        while True:
            payload = dict(self.ask(mutation(name, given), **given)[name])
            if not _unconfirmed(payload) or time.monotonic() > until:
                return payload
            time.sleep(0.3)

    def do(self, name: str, **given: Any) -> Json:
        """What an accepted mutation returns. Raises Answered when it is refused."""
        payload = self.call(name, **given)
        if payload["errors"]:
            raise Answered(f"{name} was expected to be accepted")
        found = payload[MUTATIONS[name][2]]
        if found is None:
            raise Answered(f"{name} answered neither an object nor errors")
        return found if isinstance(found, dict) else {"value": found}

    def refused(self, name: str, **given: Any) -> list[Json]:
        """The errors of a mutation; empty when it was accepted."""
        return list(self.call(name, **given)["errors"])

    @property
    def me(self) -> Json:
        """The account as the portal knows it."""
        if not self._me:
            self._me = self.ask("{ me { id email roles company { id name kind market } } }")["me"]
        return self._me


def _unconfirmed(payload: Json) -> bool:
    return any((one.get("details") or {}).get("engineState") == "PENDING" for one in payload["errors"])


def fresh(prefix: str = "story") -> str:
    """A reference nobody has used."""
    return f"{prefix}-{uuid.uuid4().hex[:16]}"


def _post(url: str, body: bytes, headers: dict[str, str]) -> tuple[int, str]:
    request = urllib.request.Request(url, data=body, headers=headers, method="POST")
    try:
        with urllib.request.urlopen(request, timeout=PATIENCE) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as refused:
        return refused.code, refused.read().decode(errors="replace")


def _short(value: Any, most: int = 4000) -> str:
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return text if len(text) <= most else f"{text[:most]}... ({len(text)} characters)"
