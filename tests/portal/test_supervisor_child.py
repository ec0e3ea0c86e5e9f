"""A program under the supervisor is heard, started again after a crash, and stopped with all it has started."""

from __future__ import annotations

import os
import sys
import time

import psutil
import pytest

from portal.supervisor.child import Child

TALKS = "print('hello', flush=True); import time; time.sleep(60)"
PARENT = "import subprocess, sys, time; p = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)']); \
print(p.pid, flush=True); time.sleep(60)"
STUBBORN = (
    "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('ready', flush=True); time.sleep(60)"
)


@pytest.fixture
def child(tmp_path):
    made = []

    def make(code: str) -> tuple[Child, list[tuple[str, str]]]:
        heard: list[tuple[str, str]] = []
        one = Child(
            "web", [sys.executable, "-c", code], os.environ, tmp_path / "web.log", lambda *said: heard.append(said)
        )
        made.append(one)
        return one, heard

    yield make
    for one in made:
        one.stop(seconds=0)


def _until(true) -> None:
    end = time.monotonic() + 10
    while not true() and time.monotonic() < end:
        time.sleep(0.02)
    assert true()


def test_what_it_prints_is_heard_and_kept(child, tmp_path):
    one, heard = child(TALKS)
    one.watch()
    _until(lambda: ("web", "hello") in heard)
    _until(lambda: "hello" in (tmp_path / "web.log").read_text())


def test_after_a_crash_it_is_started_again_but_not_at_once(child):
    one, heard = child("import sys; sys.exit(3)")
    one.watch()
    _until(lambda: one.watch() or one.crashes == 1)
    assert ("portal", "web ended unexpectedly (code 3); starting it again in 0.5 s") in heard
    _until(lambda: one.watch() or one.crashes == 2)
    assert heard[-1][1].endswith("in 1 s")


def test_stopped_it_takes_along_what_it_has_started(child):
    one, heard = child(PARENT)
    one.watch()
    _until(lambda: heard)
    grandchild = int(heard[0][1])
    one.stop(seconds=5)
    _until(lambda: not psutil.pid_exists(grandchild) or psutil.Process(grandchild).status() == psutil.STATUS_ZOMBIE)


def test_one_that_will_not_stop_is_killed(child):
    one, heard = child(STUBBORN)
    one.watch()
    _until(lambda: heard)
    began = time.monotonic()
    one.stop(seconds=0.3)
    assert time.monotonic() - began < 5
    assert ("portal", "web is still at work; ending it (the next start does again what it was at)") in heard


def test_the_terminals_interrupt_does_not_reach_it(child):
    one, heard = child("import os; print(os.getsid(0), os.getpid(), flush=True); import time; time.sleep(60)")
    one.watch()
    _until(lambda: heard)
    session, pid = heard[0][1].split()
    assert session == pid != str(os.getsid(0))
