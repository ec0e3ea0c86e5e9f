"""What beat and workers do for the project itself."""

from __future__ import annotations

from typing import Any

from celery import shared_task
from celery.signals import beat_init

from portal.health import heartbeat_write


@shared_task(ignore_result=True)
def heartbeat() -> None:
    """Beat rang and a worker came: both are alive."""
    heartbeat_write()


@beat_init.connect
def heartbeat_first(**_: Any) -> None:
    """Beat rings at once when it starts, so that nobody waits ten seconds to hear that all is well."""
    heartbeat.apply_async(retry=False)
