"""`GET /health/`: ready, or what is not. Says nothing an outsider could use."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

from django.core.cache import cache
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache

from portal import clock
from portal.outbox.selectors import oldest_age

HEARTBEAT = "portal.heartbeat"
HEARTBEAT_LATE = 60  # seconds; beat rings every ten
OUTBOX_LATE = 600  # seconds a message may be overdue before it is called late

_migrated: list[bool] = []  # looked up until it is true; code and database do not change under a running process


def heartbeat_write() -> None:
    """A worker was here, sent by beat."""
    cache.set(HEARTBEAT, clock.real_now().isoformat(), timeout=24 * 3600)


def heartbeat_age() -> float | None:
    """Seconds since the last heartbeat; None when there was none."""
    written = cache.get(HEARTBEAT)
    return (clock.real_now() - datetime.fromisoformat(written)).total_seconds() if written else None


def _database() -> dict[str, Any]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return {"ok": True}


def _migrations() -> dict[str, Any]:
    if not _migrated:
        executor = MigrationExecutor(connection)
        missing = len(executor.migration_plan(executor.loader.graph.leaf_nodes()))
        if missing:
            return {"ok": False, "missing": missing}
        _migrated.append(True)
    return {"ok": True}


def _worker() -> dict[str, Any]:
    age = heartbeat_age()
    return {"ok": age is not None and age < HEARTBEAT_LATE, "heartbeatSecondsAgo": None if age is None else round(age)}


def _outbox() -> dict[str, Any]:
    seconds = round(oldest_age(clock.now()).total_seconds())
    return {"ok": seconds < OUTBOX_LATE, "oldestSeconds": seconds}


CHECKS: dict[str, Callable[[], dict[str, Any]]] = {
    "database": _database,
    "migrations": _migrations,
    "worker": _worker,
    "outbox": _outbox,
}
# What pages do without while it is away, in a lesser way: shown when it is not well, but takes nothing out of service.
DISPENSABLE = {"outbox"}
WEB = ("database", "migrations")  # `?for=web`: what a load balancer should ask; pages work while the worker rests


def check_register(name: str, check: Callable[[], dict[str, Any]]) -> None:
    """Add a check of something that pages can do without; higher storeys bring theirs."""
    CHECKS[name] = check
    DISPENSABLE.add(name)


def checks(names: Iterable[str] | None = None) -> dict[str, dict[str, Any]]:
    """Run the checks, all unless named; one that raises is not ok, and says what kind of thing happened."""
    found = {}
    for name in CHECKS if names is None else names:
        try:
            found[name] = CHECKS[name]()
        except Exception as error:  # whatever it is, this part is not ready
            found[name] = {"ok": False, "error": type(error).__name__}
    return found


@never_cache
def health(request: HttpRequest) -> JsonResponse:
    """200 when ready, 503 when not, with every check; a late outbox or a search server that is away is shown but takes nothing out of service."""
    found = checks(WEB if request.GET.get("for") == "web" else None)
    ready = all(check["ok"] for name, check in found.items() if name not in DISPENSABLE)
    return JsonResponse({"ready": ready, "checks": found}, status=200 if ready else 503)
