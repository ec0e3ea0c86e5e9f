"""Small tools of the platform's tests."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import Any

from django.db import connection

from portal.outbox.models import OutboxMessage

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


def in_thread(act: Callable[[], Any]) -> Any:
    """Run `act` with a database connection of its own and answer what it answers."""

    def run() -> Any:
        try:
            return act()
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        return pool.submit(run).result(timeout=30)


def message(kind: str = "test.note", key: str = "a", **fields: Any) -> OutboxMessage:
    """A stored message, due long ago."""
    return OutboxMessage.objects.create(**{"kind": kind, "key": key, "created_at": NOON, "due_at": NOON} | fields)
