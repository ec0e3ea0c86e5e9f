"""A node of the client's own kind that sends nothing: it keeps what was asked and answers what a test has laid out.

Everything above HTTP is the real client: its paths, its bodies, its errors. Answers have the shapes of Elasticsearch's reference.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from elastic_transport import ApiResponseMeta, BaseNode, HttpHeaders, TransportError
from elastic_transport._node import NodeApiResponse

HEADERS = {"content-type": "application/vnd.elasticsearch+json;compatible-with=9", "x-elastic-product": "Elasticsearch"}


@dataclass(frozen=True)
class Sent:
    """One request: `lines` are its JSON bodies, several of a bulk or a multi search."""

    method: str
    path: str
    params: dict[str, str]
    lines: list[Any]
    timeout: float | None

    @property
    def body(self) -> Any:
        """The only body."""
        [line] = self.lines
        return line


@dataclass(frozen=True)
class Answer:
    """What the server says, or what happens on the way to it."""

    body: Any = None
    status: int = 200
    headers: dict[str, str] = field(default_factory=lambda: dict(HEADERS))
    error: TransportError | None = None

    @property
    def raw(self) -> bytes:
        """The body as it travels; bytes travel as they are."""
        return self.body if isinstance(self.body, bytes) else json.dumps(self.body).encode()


Reply = Answer | Callable[[Sent], Answer]


@dataclass
class Script:
    """What is answered: per "METHOD path pattern", each answer once in order, the last for ever."""

    replies: dict[str, list[Reply]] = field(default_factory=dict)
    sent: list[Sent] = field(default_factory=list)

    def on(self, route: str, *replies: Reply) -> Script:
        """Answer a route so from now on."""
        self.replies[route] = list(replies)
        return self

    def answer(self, sent: Sent) -> Answer:
        """The answer laid out for a request; a request nobody thought of fails the test."""
        self.sent.append(sent)
        for route, replies in self.replies.items():
            method, pattern = route.split(" ", 1)
            if method == sent.method and re.fullmatch(pattern, sent.path):
                reply = replies.pop(0) if len(replies) > 1 else replies[0]
                return reply if isinstance(reply, Answer) else reply(sent)
        raise AssertionError(f"Nobody laid out an answer to {sent.method} {sent.path}")

    def to(self, pattern: str) -> list[Sent]:
        """The requests whose path is so."""
        return [sent for sent in self.sent if re.fullmatch(pattern, sent.path)]


_running: list[Script] = []


class ReplayNode(BaseNode):
    """Speaks no HTTP: asks the running script."""

    _CLIENT_META_HTTP_CLIENT = ("rp", "1.0")

    def perform_request(
        self,
        method: str,
        target: str,
        body: bytes | None = None,
        headers: HttpHeaders | None = None,
        request_timeout: Any = None,
    ) -> NodeApiResponse:
        """What the script answers, as the transport expects it of a node."""
        parts = urlsplit(target)
        lines = [json.loads(line) for line in body.splitlines() if line] if body else []
        timeout = request_timeout if isinstance(request_timeout, int | float) else self.config.request_timeout
        answer = _running[-1].answer(Sent(method, parts.path, dict(parse_qsl(parts.query)), lines, timeout))
        if answer.error:
            raise type(answer.error)(answer.error.message)  # a new one each time, as a network makes them
        meta = ApiResponseMeta(
            status=answer.status,
            http_version="1.1",
            headers=HttpHeaders(answer.headers),
            duration=0.0,
            node=self.config,
        )
        return NodeApiResponse(meta, answer.raw)

    def close(self) -> None:
        """Nothing is open."""


@contextmanager
def running(script: Script) -> Iterator[Script]:
    """Let a script answer meanwhile."""
    _running.append(script)
    try:
        yield script
    finally:
        _running.remove(script)
