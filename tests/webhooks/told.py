"""Events as the store sends them."""

from __future__ import annotations

import json
from typing import Any

from django.conf import settings
from django.test import Client

from portal import clock
from tests.webhooks.the_store import Key


def body(kind: str = "OrderUpdated", **said: Any) -> bytes:
    """A body, as our queries ask for it."""
    return json.dumps(
        {"__typename": kind, "issuedAt": clock.real_now().isoformat(), "version": "3.23.28", **said}
    ).encode()


def of_order(number: str = "10001", store_id: str = "T3JkZXI6MQ==", kind: str = "OrderUpdated", **said: Any) -> bytes:
    """About an order of ours."""
    return body(kind, order={"id": store_id, "externalReference": f"portal:{number}"}, **said)


def send(raw: bytes, signature: str) -> Any:
    """The store's request."""
    headers = {"Saleor-Event": "order_updated", "Saleor-Signature": signature}
    return Client().post("/webhooks/saleor/", raw, content_type="application/json", headers=headers)


def signed(raw: bytes, key: Key) -> Any:
    """The same, signed."""
    return send(raw, key.sign(raw))


def route(*kinds: str) -> dict[str, str]:
    """Routes to a handler of the tests."""
    return {**settings.OUTBOX_ROUTES, **dict.fromkeys(kinds, "tests.portal.outbox_handlers.note")}
