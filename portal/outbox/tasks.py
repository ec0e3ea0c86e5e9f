"""What workers do for the outbox."""

from __future__ import annotations

from celery import shared_task

from portal import clock
from portal.outbox import services


@shared_task(ignore_result=True)
def handle(key: str) -> int:
    """The doorbell: handle what is due for one key."""
    return services.outbox_run(key)


@shared_task(ignore_result=True)
def sweep() -> int:
    """Ring again for what was not done."""
    return services.outbox_sweep(now=clock.now())


@shared_task(ignore_result=True)
def prune() -> int:
    """Forget old messages that are done."""
    return services.outbox_prune(now=clock.now())
