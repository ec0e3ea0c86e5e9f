"""Small tools of the platform's tests."""

from __future__ import annotations

import os
import subprocess
import sys
import textwrap
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
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


def python(code: str, *, wait: bool = True, **environment: str) -> subprocess.Popen[str]:
    """Run `code` in another Python on the same test database, with Django set up; its output can be read."""
    test_database = f"postgresql://postgres@/{connection.settings_dict['NAME']}?host={connection.settings_dict['HOST']}"
    if connection.settings_dict.get("OPTIONS", {}).get("host"):
        test_database = f"postgresql://postgres@/{connection.settings_dict['NAME']}?host={connection.settings_dict['OPTIONS']['host']}"
    process = subprocess.Popen(
        [sys.executable, "-c", f"import django; django.setup()\n{textwrap.dedent(code)}"],
        env={**os.environ, "DATABASE_URL": test_database, "DJANGO_SETTINGS_MODULE": "tests.settings", **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        cwd=Path(__file__).resolve().parents[2],
    )
    if wait:
        process.wait(60)
    return process
