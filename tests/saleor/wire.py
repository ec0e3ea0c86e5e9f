"""The wire between Saleor and a served portal: what is sent is kept as it came, and may be let through, kept back, or met by silence."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import httpx2

from portal.saleor.manifest import events_of, told
from tests import store

_HOOK = """mutation($i: WebhookCreateInput!) { webhookCreate(input: $i) { webhook { id } errors { field message } } }"""
_UNHOOK = "mutation($id: ID!) { webhookDelete(id: $id) { errors { message } } }"
_HEADERS = ("Saleor-Event", "Saleor-Signature", "Content-Type")


@dataclass(frozen=True)
class Said:
    """An event as Saleor sent it, byte for byte."""

    body: bytes
    headers: dict[str, str]

    @property
    def kind(self) -> str:
        """`order_updated`."""
        return self.headers.get("Saleor-Event", "")


@dataclass
class Wire:
    """`to`: the portal's address. `down`: the portal does not answer; `keeps`: what is said is taken and not told."""

    to: str
    url: str = ""
    down: bool = False
    keeps: bool = False
    said: list[Said] = field(default_factory=list)
    unheard: list[Said] = field(default_factory=list)

    def tell(self, one: Said) -> httpx2.Response:
        """The portal hears it, over HTTP."""
        return httpx2.post(self.to, content=one.body, headers=one.headers, timeout=30)

    def take(self, one: Said) -> tuple[int, bytes]:
        """Saleor says something; answers what it hears."""
        if self.down:
            self.unheard.append(one)
            return 503, b""
        self.said.append(one)
        if self.keeps:
            return 200, b""
        answer = self.tell(one)
        return answer.status_code, answer.content

    def kinds(self) -> set[str]:
        """What was said so far."""
        return {one.kind for one in self.said}

    def wait(self, done: Callable[[], object], seconds: float = 90) -> None:
        """Until it is so: Saleor speaks from its worker."""
        until = time.monotonic() + seconds
        while not done():
            assert time.monotonic() < until, f"said: {sorted(self.kinds())}, unheard: {len(self.unheard)}"
            time.sleep(0.2)


@contextmanager
def wire_make(to: str) -> Iterator[Wire]:
    """It listens on this machine until the end of the block."""
    wire = Wire(to)

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            headers = {name: self.headers[name] for name in _HEADERS if name in self.headers}
            status, answer = wire.take(Said(body, headers))
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, *args: object) -> None:
            """Quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    wire.url = f"http://127.0.0.1:{server.server_port}/"
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield wire
    finally:
        server.shutdown()
        server.server_close()


@contextmanager
def hooks_made(token: str, url: str) -> Iterator[None]:
    """The webhooks of an app, as the manifest has them, that lead to `url`; gone afterwards."""
    made = []
    for name, is_sync in (("told_orders", False), ("told_parts", False), ("told_refund", True)):
        kind = "syncEvents" if is_sync else "asyncEvents"
        given = {
            "name": name,
            "targetUrl": url,
            "isActive": True,
            "query": told(name),
            kind: list(events_of(told(name))),
        }
        answer = store.ask(_HOOK, token, i=given)["webhookCreate"]
        assert not answer["errors"], answer["errors"]
        made.append(answer["webhook"]["id"])
    try:
        yield
    finally:
        for one in made:
            store.ask(_UNHOOK, token, id=one)
