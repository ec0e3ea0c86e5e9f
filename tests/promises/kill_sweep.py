"""Run by test_sweep_survives.py in a process of its own: sweeps and is killed right after the n-th statement, n = 1, 2, ...

For each n a fresh promise, and a child that kills itself with SIGKILL; it stops at the first n the sweep comes to its end.
The database, the moment swept at and the company are given; prints how many children were killed.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from typing import Any

import django

KINDS = ("promise.warned", "promise.broken", "promise.late_day", "promise.settled")


def killer(after: int) -> Callable[..., Any]:
    """An execute wrapper that dies when the statement has reached the server and its answer came back."""
    left = [after]

    def run(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        answer = execute(sql, params, many, context)
        left[0] -= 1
        if left[0] == 0:
            os.kill(os.getpid(), signal.SIGKILL)
        return answer

    return run


def make(subject: str, company: int, started_at: datetime) -> None:
    from portal.promises.services import promise_start
    from portal.promises.types import PromisedLine

    place: dict[str, Any] = {"zone": "Asia/Seoul", "calendar": "ALWAYS", "currency": "EUR", "company_id": company}
    lines = [PromisedLine("1", 1, Decimal(100))]
    promise_start(
        policy="ship",
        subject_kind="order",
        subject=subject,
        started_at=started_at,
        now=started_at,
        lines=lines,
        **place,
    )


def child(after: int, now: datetime) -> None:
    from django.db import connection

    from portal.promises.services import promises_sweep

    with connection.execute_wrapper(killer(after)):
        promises_sweep(now)


def main(company: int, started_at: datetime, now: datetime) -> int:
    """Kill after one statement more each time; the number of children killed."""
    from django.db import connections

    for after in range(1, 1000):
        make(f"kill-{after}", company, started_at)
        connections.close_all()
        pid = os.fork()
        if pid == 0:
            child(after, now)
            os._exit(0)
        if os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 0:
            return after - 1
    raise SystemExit("the sweep never came to its end")


if __name__ == "__main__":
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
    django.setup()
    from django.conf import settings

    settings.OUTBOX_ROUTES = settings.OUTBOX_ROUTES | dict.fromkeys(KINDS, "nobody.listens")
    print(main(int(sys.argv[1]), datetime.fromisoformat(sys.argv[2]), datetime.fromisoformat(sys.argv[3])))
