"""A worker and beat in a process of their own, as the supervisor runs them: doorbells are not waited for, the sweep finds all that is due."""

from __future__ import annotations

import logging
import os
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connections

from portal import clock
from portal.outbox.services import outbox_drain
from portal.saleor import services
from portal.saleor.errors import SaleorError
from portal.saleor.waking import store_back

TURN = 0.3  # seconds
BACK_EVERY = 15.0  # as CELERY_BEAT_SCHEDULE has it


@contextmanager
def worker() -> Iterator[int]:
    """It works until the end of the block; gives its process's number. Rows must be committed for it to see them."""
    connections.close_all()
    pid = os.fork()
    if pid == 0:
        _work()
    try:
        yield pid
    finally:
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)


def _work() -> None:
    logging.disable(logging.CRITICAL)  # each attempt at a store that is away is an error in the log
    services._client.cache_clear()
    asked = time.monotonic()
    while True:
        try:
            outbox_drain()
            if time.monotonic() - asked > BACK_EVERY:
                asked = time.monotonic()
                store_back(now=clock.now())
        except SaleorError:
            pass
        time.sleep(TURN)
