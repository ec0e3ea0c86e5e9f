"""`make demo`, whole: started, used, killed, started again, stopped. Takes half a minute."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from portal import embedded
from portal.supervisor import folder

pytestmark = [pytest.mark.long, pytest.mark.timeout(600)]
ROOT = Path(__file__).resolve().parents[2]
ROLES = [
    "customer",
    "limited_buyer",
    "other_customer",
    "dealer",
    "parts_manager",
    "service_desk",
    "technician",
    "approver",
    "accountant",
    "admin",
]
Start = Callable[..., subprocess.Popen[str]]


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as found:
        return found.getsockname()[1]


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    """Start a demo on a data folder of this test."""
    bare = {name: value for name, value in os.environ.items() if name in ("PATH", "HOME", "LANG")}
    started: list[subprocess.Popen[str]] = []

    def run(*arguments: str, port: int) -> subprocess.Popen[str]:
        command = [sys.executable, "-m", "portal", "demo", "--port", str(port), *arguments]
        environment = bare | {"PORTAL_DATA": str(tmp_path), "DATABASE_URL": "", "SECRET_KEY": ""}
        process = subprocess.Popen(
            command, env=environment, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        )
        started.append(process)
        return process

    yield run
    for process in started:
        process.kill()
    folder.stop_left_overs(tmp_path)
    embedded.Server(tmp_path).wipe()


def _ready(process: subprocess.Popen[str], data: Path) -> dict[str, Any]:
    """Wait for demo.json and read it."""
    until = time.monotonic() + 180
    while not (data / "demo.json").exists():
        assert process.poll() is None, process.stdout and process.stdout.read()
        assert time.monotonic() < until
        time.sleep(0.2)
    return json.loads((data / "demo.json").read_text())


def test_a_demo_starts_survives_a_kill_keeps_its_accounts_and_stops_cleanly(start, tmp_path):
    port = _free_port()
    first = start(port=port)
    found = _ready(first, tmp_path)
    assert found["url"] == f"http://localhost:{port}/"
    assert set(ROLES) <= {account["role"] for account in found["accounts"]}
    assert (tmp_path / "demo.json").stat().st_mode & 0o077 == 0
    with urllib.request.urlopen(f"{found['url']}health/") as answer:
        assert json.load(answer)["ready"] is True

    second = start(port=_free_port())
    assert second.wait(60) == 1
    assert f"process {first.pid}" in (second.stdout.read() if second.stdout else "")

    first.send_signal(signal.SIGKILL)
    first.wait()
    (tmp_path / "demo.json").unlink()
    third = start(port=port)
    assert _ready(third, tmp_path)["accounts"] == found["accounts"]

    third.send_signal(signal.SIGINT)
    assert third.wait(60) == 0
    assert folder.left_overs(tmp_path) == []
    assert embedded.Server(tmp_path).running() is None
