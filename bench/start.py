"""Seconds from `make demo` to ready, first and second time, beside PostgreSQL's own start; memory of each process when it is."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import psutil

from bench.database import DATA
from bench.measure import Row
from bench.world import Shop
from portal import embedded

OWN = DATA.parent / "bench-demo"
PATIENCE = 600.0


def run(shop: Shop, url: str) -> list[Row]:
    """A demo of its own on a free port, started afresh and once more; nothing of it is left."""
    _wipe()
    try:
        bare = _postgres_alone()
        first, _ = _until_ready()
        second, memory = _until_ready()
    finally:
        _wipe()
    beside = f"{bare:.1f} s for PostgreSQL alone"
    return [
        Row("make demo to ready, first time", f"{first:.1f} s", beside, first / bare),
        Row("make demo to ready, again", f"{second:.1f} s", beside, second / bare),
        *(Row(f"memory of {name}", f"{size / 2**20:.0f} MB", "") for name, size in memory),
    ]


def _postgres_alone() -> float:
    """An empty folder to a server that answers."""
    own, began = embedded.Server(OWN), time.monotonic()
    OWN.mkdir(parents=True)
    own.start()
    seconds = time.monotonic() - began
    _wipe()
    return seconds


def _until_ready() -> tuple[float, list[tuple[str, int]]]:
    """Start, wait for /health/, look at the memory, stop as Ctrl-C does."""
    port = _free_port()
    left_out = {
        "DATABASE_URL",
        "DEMO",
        "DEBUG",
        "SECRET_KEY",
        "CELERY_BROKER_URL",
        "EMAIL_URL",
        "DJANGO_SETTINGS_MODULE",
    }
    environment = {key: value for key, value in os.environ.items() if key not in left_out} | {"PORTAL_DATA": str(OWN)}
    command = [sys.executable, "-m", "portal", "demo", "--port", str(port)]
    began = time.monotonic()
    demo = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        while not _ready(port):
            if demo.poll() is not None or time.monotonic() - began > PATIENCE:
                raise RuntimeError("the demo did not get ready")
            time.sleep(0.1)
        return time.monotonic() - began, _memory(demo.pid)
    finally:
        demo.send_signal(signal.SIGINT)
        demo.wait(60)


def _ready(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/health/", timeout=5) as answer:
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False


def _memory(pid: int) -> list[tuple[str, int]]:
    """Each process of the demo with what is its own (PSS: shared pages by share), PostgreSQL's taken together."""
    top = psutil.Process(pid)
    found: dict[str, int] = {}
    for process in (top, *top.children(recursive=True)):
        found[_name(process, top)] = found.get(_name(process, top), 0) + process.memory_full_info().pss
    return sorted(found.items(), key=lambda one: -one[1])


def _name(process: psutil.Process, top: psutil.Process) -> str:
    words = " ".join(process.cmdline())
    known = {"postgres": "PostgreSQL", "granian": "web", " beat": "beat", " worker": "worker"}
    if process.pid == top.pid:
        return "supervisor"
    return next((name for sign, name in known.items() if sign in words), process.name())


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wipe() -> None:
    embedded.Server(OWN).wipe()
    shutil.rmtree(Path(OWN), ignore_errors=True)
