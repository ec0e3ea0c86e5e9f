"""What beat and workers do for the project itself."""

from __future__ import annotations

from celery import shared_task

from portal.health import heartbeat_write


@shared_task(ignore_result=True)
def heartbeat() -> None:
    """Beat rang and a worker came: both are alive."""
    heartbeat_write()
