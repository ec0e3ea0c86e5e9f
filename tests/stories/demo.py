"""Find the demo that runs, or start a fresh one and stop it at the end."""

from __future__ import annotations

import argparse
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from rich.console import Console

from tests.stories.real import real_import
from tests.stories.telling import Stopped

READY_WITHIN = 1200.0  # seconds for a first start on a slow machine, with a store to fill
STOP_WITHIN = 60.0
OF_TESTS = {
    "DJANGO_SETTINGS_MODULE", "PORTAL_TESTS", "PORTAL_TESTS_TEMPLATE", "DATABASE_URL", "SECRET_KEY", "DEBUG", "DEMO", "HTTPS",
    "CELERY_BROKER_URL", "EMAIL_URL", "ALLOWED_HOSTS",
}  # fmt: skip


@contextmanager
def demo_for(args: argparse.Namespace, console: Console, *, seed: int) -> Iterator[dict[str, Any]]:
    """What demo.json says, and as `data` the folder it lies in: of the demo named, else of the one that runs here, else of a fresh one; with `--real` what the seed drew lies in it."""
    file = args.demo or Path(os.environ.get("PORTAL_DATA", "var")) / "demo.json"
    if args.demo or not (args.fresh or args.real):
        running = _running(file)
        if running:
            console.print(f"The demo at {running['url']}")
            yield running
            return
        if args.demo:
            raise SystemExit(f"No demo answers at what {file} names. Start one with: make demo")
    with tempfile.TemporaryDirectory(prefix="portal-stories-", ignore_cleanup_errors=True) as folder:
        data = Path(folder) / "data"
        with fresh_demo(data, console) as demo:
            if args.real:
                yield real_import(demo, data=data, catalogue=args.catalogue, seed=seed, console=console)
            else:
                yield demo


def environment(data: Path) -> dict[str, str]:
    """The environment of a demo in this folder: ours, without what tests set for themselves (tests/settings.py)."""
    inside = "PORTAL_TESTS" in os.environ
    return {name: value for name, value in os.environ.items() if not (inside and name in OF_TESTS)} | {
        "PORTAL_DATA": str(data)
    }


def _running(file: Path) -> dict[str, Any] | None:
    try:
        demo = {**json.loads(file.read_text()), "data": str(file.resolve().parent)}
        with urllib.request.urlopen(f"{demo['url']}health/", timeout=10) as answer:
            return demo if answer.status == 200 else None
    except (OSError, ValueError, KeyError):
        return None


@contextmanager
def fresh_demo(data: Path, console: Console) -> Iterator[dict[str, Any]]:
    """A demo in a folder and on a port of its own; its log lies beside the data."""
    data.parent.mkdir(parents=True, exist_ok=True)
    log = data.with_suffix(".log")
    port = _free_port()
    console.print(f"Starting a fresh demo on port {port}, data in {data}, log in {log}")
    began = time.monotonic()
    with log.open("wb") as out:
        command = [sys.executable, "-m", "portal", "demo", "--port", str(port), "--reset"]
        run = subprocess.Popen(command, env=environment(data), stdout=out, stderr=out, start_new_session=True)
        try:
            demo = _wait(run, data / "demo.json", log)
            console.print(f"Ready after {time.monotonic() - began:.1f} s")
            yield demo
            _complaints(log, console)
        finally:
            _stop(run)


def _complaints(log: Path, console: Console) -> None:
    """The folder goes away with the demo; what its programs complained of is worth reading."""
    found = [line for line in log.read_text(errors="replace").splitlines() if "Traceback" in line or "ERROR" in line]
    if found:
        console.print(
            f"{len(found)} complaints in the log, the last lines of it:\n{log.read_text(errors='replace')[-3000:]}",
            markup=False,
        )


def _wait(run: subprocess.Popen[bytes], file: Path, log: Path) -> dict[str, Any]:
    until = time.monotonic() + READY_WITHIN
    while time.monotonic() < until:
        demo = _running(file) if file.exists() else None
        if demo:
            return demo
        if run.poll() is not None:
            raise SystemExit(f"The demo did not start:\n{log.read_text(errors='replace')[-3000:]}")
        time.sleep(0.3)
    raise SystemExit(f"The demo was not ready after {READY_WITHIN:.0f} s; see {log}")


def _stop(run: subprocess.Popen[bytes]) -> None:
    if run.poll() is None:
        run.send_signal(signal.SIGINT)
        try:
            run.wait(STOP_WITHIN)
        except subprocess.TimeoutExpired:
            run.kill()
            raise Stopped("the demo did not stop on Ctrl-C") from None


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
