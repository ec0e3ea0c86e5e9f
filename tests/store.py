"""A real Saleor for tests: named by SALEOR_API_URL, entered as its staff. What tests make in it carries names of its own."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from typing import Any

import httpx2

from portal import clock
from portal.saleor.client import SaleorClient
from portal.saleor.manifest import PERMISSIONS
from portal.saleor.models import Connection
from portal.saleor.secrets import seal

API_URL = os.environ.get("SALEOR_API_URL", "")
EMAIL = os.environ.get("SALEOR_STAFF_EMAIL", "")
PASSWORD = os.environ.get("SALEOR_STAFF_PASSWORD", "")
MISSING = "no real Saleor: set SALEOR_API_URL, SALEOR_STAFF_EMAIL and SALEOR_STAFF_PASSWORD"
RECORDED_URL = "http://saleor.test/graphql/"  # what stands in recordings, whatever was asked

_LOGIN = "mutation($e: String!, $p: String!) { tokenCreate(email: $e, password: $p) { token errors { message } } }"
_APP = """mutation($i: AppInput!) { appCreate(input: $i) { authToken app { id } errors { field message code } } }"""
_APP_DELETE = "mutation($id: ID!) { appDelete(id: $id) { errors { message } } }"


def named() -> bool:
    """Whether a real Saleor was named."""
    return bool(API_URL and EMAIL and PASSWORD)


def ask(query: str, token: str = "", api_url: str = "", **variables: Any) -> Any:
    """Ask as the test itself, beside the portal's client: `data`, or a failure with all that was said."""
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    body = {"query": query, "variables": variables}
    said = httpx2.post(api_url or API_URL, json=body, headers=headers, timeout=60).json()
    assert not said.get("errors"), said["errors"]
    return said["data"]


def staff_ask(query: str, **variables: Any) -> Any:
    """Ask as Saleor's staff would in its Dashboard. A token lives five minutes, and is fetched anew after four."""
    return ask(query, _staff_token(int(time.monotonic() // 240)), **variables)


@cache
def _staff_token(_turn: int) -> str:
    for _ in range(20):
        if token := ask(_LOGIN, e=EMAIL, p=PASSWORD)["tokenCreate"]["token"]:
            return str(token)
        time.sleep(1)  # after a wrong password it lets nobody in from here for a while
    raise AssertionError("Saleor lets its staff not in")


def staff_awaited() -> None:
    """Wait until it lets its staff in again: after a wrong password it does not, from here, for some seconds."""
    _staff_token.cache_clear()
    _staff_token(int(time.monotonic() // 240))


@dataclass(frozen=True)
class App:
    """An app of a test's own, with the portal's permissions and no webhooks."""

    id: str
    token: str


@contextmanager
def app_made() -> Iterator[App]:
    """Make an app with the portal's permissions; it is gone afterwards."""
    made = staff_ask(_APP, i={"name": "Portal under test", "permissions": list(PERMISSIONS)})["appCreate"]
    assert not made["errors"], made["errors"]
    try:
        yield App(made["app"]["id"], made["authToken"])
    finally:
        staff_ask(_APP_DELETE, id=made["app"]["id"])


def connect(api_url: str, token: str, app_id: str = "") -> SaleorClient:
    """The connection as it stands after `saleor_connect`; needs the database."""
    values = {"api_url": api_url, "public_url": api_url, "app_id": app_id, "token_sealed": seal(token)}
    Connection.objects.update_or_create(pk=1, defaults={**values, "connected_at": clock.now()})
    return SaleorClient(api_url, token)
