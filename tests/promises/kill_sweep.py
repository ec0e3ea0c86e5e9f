"""Run by test_sweep_survives.py in a process of its own: sweeps and is killed right after its n-th write or commit, n = 1, 2, ...

For each n a fresh promise, and a child that kills itself with SIGKILL (tests/killing.py); it stops at the first n the sweep comes to its end.
The database, the moment swept at and the company are given; prints how many children were killed.
"""

from __future__ import annotations

import os
import sys
from datetime import datetime
from decimal import Decimal
from typing import Any

import django

from tests.killing import Killer, killed_child

KINDS = ("promise.warned", "promise.broken", "promise.late_day", "promise.settled")


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


def main(company: int, started_at: datetime, now: datetime) -> int:
    """Kill one point later each time; the number of children killed."""
    from portal.promises.services import promises_sweep

    for after in range(1, 1000):
        make(f"kill-{after}", company, started_at)
        if not killed_child(lambda: promises_sweep(now), Killer(after)):
            return after - 1
    raise SystemExit("the sweep never came to its end")


if __name__ == "__main__":
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
    django.setup()
    from django.conf import settings

    settings.OUTBOX_ROUTES = settings.OUTBOX_ROUTES | dict.fromkeys(KINDS, "nobody.listens")
    print(main(int(sys.argv[1]), datetime.fromisoformat(sys.argv[2]), datetime.fromisoformat(sys.argv[3])))
