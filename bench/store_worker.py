"""Run by bench.store in processes of their own: one hands over to Saleor what is placed, as the worker of a house does; one keeps Saleor as busy, bare."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import django

_SETTLED = 1.0  # seconds: what Saleor had begun is done, and nobody is asked


@dataclass
class Worker:
    """Stopped until it is told to work."""

    process: subprocess.Popen[str]

    @contextmanager
    def at_work(self) -> Iterator[None]:
        """Let it work for as long as this lasts."""
        self.process.send_signal(signal.SIGCONT)
        try:
            yield
        finally:
            self.process.send_signal(signal.SIGSTOP)
            time.sleep(_SETTLED)


@contextmanager
def worker(kind: str) -> Iterator[Worker]:
    """A process that does `drain` or `bare`."""
    from bench.store_shop import SALEOR  # noqa: PLC0415  Django is set up first

    made = subprocess.Popen(
        [sys.executable, "-m", "bench.store_worker", kind], env=os.environ | {"COMMERCE_ENGINE": SALEOR},
        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
    )  # fmt: skip
    try:
        if made.stdout is None or made.stdout.readline() != "ready\n":
            raise RuntimeError(f"the process for {kind} did not start")
        made.send_signal(signal.SIGSTOP)
        yield Worker(made)
    finally:
        made.kill()
        made.wait()


def _drain() -> None:
    """Look for work, do it, rest a moment."""
    from portal.outbox.services import outbox_drain  # noqa: PLC0415

    while True:
        if not outbox_drain(limit=5):
            time.sleep(0.2)


def _bare() -> None:
    """A draft and its completion, again and again: the newest order's."""
    from bench.store_shop import Bare, draft_of  # noqa: PLC0415
    from orders.models import Order  # noqa: PLC0415

    bare, order = Bare(), Order.objects.latest("pk")
    while True:
        bare.order(draft_of(order))


if __name__ == "__main__":
    django.setup()
    print("ready", flush=True)
    {"drain": _drain, "bare": _bare}[sys.argv[1]]()
