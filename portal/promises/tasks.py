"""The sweep as a task of the worker; beat rings it every minute, and ringing twice does no harm."""

from __future__ import annotations

from celery import shared_task

from portal.promises.services.sweep import promises_sweep


@shared_task
def sweep() -> int:
    """Take the steps due now."""
    return promises_sweep()
