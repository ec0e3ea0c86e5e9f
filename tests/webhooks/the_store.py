"""The store's side of the talk, on this machine: its keys over HTTP, its signatures, its answers to what we ask."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa
from jwt import PyJWS
from jwt.algorithms import RSAAlgorithm

from portal import clock
from portal.saleor.manifest import IDENTIFIER


class Key:
    """One of the store's signing keys."""

    def __init__(self, kid: str) -> None:
        self.kid = kid
        self.private = rsa.generate_private_key(public_exponent=65537, key_size=2048)

    def public(self) -> dict[str, Any]:
        """As it stands in the JWKS."""
        return {**json.loads(RSAAlgorithm.to_jwk(self.private.public_key())), "kid": self.kid, "use": "sig"}

    def sign(self, body: bytes, **head: Any) -> str:
        """The detached signature of a webhook's raw body."""
        headers = {"kid": self.kid, "b64": False, "crit": ["b64"], "typ": "JWT", **head}
        return PyJWS().encode(body, self.private, algorithm="RS256", headers=headers, is_payload_detached=True)


class TheStore:
    """What it holds and how often it was asked for it. `app`: what it says of a token; `version`: what it is."""

    def __init__(self) -> None:
        self.keys = [Key("1")]
        self.asked: list[str] = []
        self.tokens: dict[str, dict[str, Any]] = {}
        self.version = "3.23.28"
        self.away = False
        self.url = ""

    @property
    def api_url(self) -> str:
        """Its API."""
        return f"{self.url}/graphql/"

    def app_make(self, token: str, app_id: str = "QXBwOjE=", identifier: str = IDENTIFIER) -> str:
        """An app of this token."""
        self.tokens[token] = {"id": app_id, "identifier": identifier, "isActive": True}
        return token

    def answer(self, operation: str, token: str) -> tuple[int, dict[str, Any]]:
        """To what we ask; a wrong token gets HTTP 200 all the same."""
        app = self.tokens.get(token)
        if operation == "WhoAmI":
            return 200, {"data": {"app": app}}
        if operation == "ShopVersion" and app:
            return 200, {"data": {"shop": {"version": self.version, "domain": {"url": self.url}}}}
        error = {"message": "No.", "extensions": {"exception": {"code": "PermissionDenied"}}}
        return 200, {"errors": [error], "data": None}

    def staff_token(self, *, app: str = "QXBwOjE=", key: Key | None = None, **claims: Any) -> str:
        """A token its Dashboard gives our extension."""
        now = int(clock.real_now().timestamp())
        said = {
            "iss": self.api_url, "aud": IDENTIFIER, "type": "thirdparty", "app": app, "iat": now, "exp": now + 300,
            "email": "staff@store.test", "user_permissions": ["MANAGE_ORDERS"], "permissions": ["MANAGE_ORDERS"], **claims,
        }  # fmt: skip
        key = key or self.keys[0]
        return jwt.encode(said, key.private, algorithm="RS256", headers={"kid": key.kid})


@contextmanager
def the_store() -> Iterator[TheStore]:
    """It listens on this machine until the end of the block."""
    store = TheStore()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            store.asked.append("keys")
            self._say(503 if store.away else 200, {"keys": [key.public() for key in store.keys]})

        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            store.asked.append(body["operationName"])
            token = (self.headers.get("Authorization") or "").removeprefix("Bearer ")
            self._say(*((503, {}) if store.away else store.answer(body["operationName"], token)))

        def _say(self, status: int, said: Any) -> None:
            data = json.dumps(said).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, *args: Any) -> None:
            """Quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    store.url = f"http://127.0.0.1:{server.server_port}"
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield store
    finally:
        server.shutdown()
        server.server_close()
