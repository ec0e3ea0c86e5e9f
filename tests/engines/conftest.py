"""Exchanges with a real Saleor, recorded (`make record-saleor`) and replayed; never a secret among them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import pytest

from portal.saleor.client import SaleorClient
from tests import store

_SECRETS = ("token", "refreshToken", "authToken", "accessToken", "password", "p")
_KEPT = ("content-type",)


def _scrub(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: "***" if key in _SECRETS and one else _scrub(one) for key, one in value.items()}
    return [_scrub(one) for one in value] if isinstance(value, list) else value


def _scrubbed(body: Any) -> bytes:
    try:
        return json.dumps(_scrub(json.loads(body)), sort_keys=True).encode()
    except (TypeError, ValueError):
        return body or b""


def _request(request: Any) -> Any:
    """Kept is what the portal's client asks, named as the portal's documents are; what a test asks beside it is not."""
    if b'"operationName"' not in (request.body or b""):
        return None
    asked, there = urlsplit(request.uri), urlsplit(store.RECORDED_URL)
    request.uri = urlunsplit((there.scheme, there.netloc, asked.path, asked.query, ""))
    request.body = _scrubbed(request.body)
    request.headers = {name: value for name, value in request.headers.items() if name.lower() in _KEPT}
    return request


def _response(response: Any) -> Any:
    body = _scrubbed(response["body"]["string"])
    response["body"]["string"] = body.replace(_origin(store.API_URL).encode(), _origin(store.RECORDED_URL).encode())
    response["headers"] = {name: value for name, value in response["headers"].items() if name.lower() in _KEPT}
    return response


def _origin(url: str) -> str:
    return urlunsplit((*urlsplit(url)[:2], "", "", "")) or "http://nowhere.invalid"


@pytest.fixture(scope="module")
def vcr_config() -> dict[str, Any]:
    """How recordings are made and found again."""
    return {
        "before_record_request": _request,
        "before_record_response": _response,
        "match_on": ["method", "path", "body"],
        "decode_compressed_response": True,
    }


@pytest.fixture
def recording(record_mode: str) -> bool:
    """Whether a real Saleor answers this run."""
    if record_mode == "none":
        return False
    if not store.named():
        pytest.skip(store.MISSING)
    return True


@pytest.fixture
def recorded(recording: bool, db: None) -> Iterator[SaleorClient]:
    """The portal connected to a recorded Saleor, or to the real one while recording. The test is marked `vcr`."""
    if not recording:
        yield store.connect(store.RECORDED_URL, "no token")
        return
    with store.app_made() as app:
        yield store.connect(store.API_URL, app.token, app.id)
