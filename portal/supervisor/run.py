"""The supervisor itself: everything up in order, watched, and down in order."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.db import connections

from portal import embedded
from portal.supervisor import folder
from portal.supervisor.child import Child, Say
from portal.supervisor.folder import CannotRunError
from portal.supervisor.programs import cards_of_the_demo, commands, environment

READY_WITHIN = 120.0  # seconds; a slow disk may need many of them
CRASHES_BEFORE_READY = 3  # more than this and it will never get ready
STOP_WITHIN = 5.0  # seconds for a program to finish what it is at; one that a store keeps waiting is killed, and its work done again


def _nothing() -> None:
    """Nothing more to prepare, nobody to tell."""


@dataclass
class Supervisor:
    """Runs the portal on this machine until told to stop.

    `prepare` runs when the database stands and nothing is served yet; `ready` once /health/ says so.
    """

    host: str
    port: int
    say: Say
    prepare: Callable[[], None] = _nothing
    ready: Callable[[], None] = _nothing
    _stop: threading.Event = field(default_factory=threading.Event)
    _children: list[Child] = field(default_factory=list)

    @property
    def url(self) -> str:
        """Where people find it from this machine."""
        return f"http://{'localhost' if self.host in ('127.0.0.1', '0.0.0.0', '::', '::1') else self.host}:{self.port}/"  # noqa: S104

    def run(self, *, reset: bool = False) -> None:
        """Everything, until a signal. Raises CannotRunError or EmbeddedError when it cannot even start."""
        data = Path(settings.PORTAL_DATA)
        restore = self._listen_to_signals()
        try:
            if reset:
                folder.stop_owner(data)
            with folder.owned(data), ExitStack() as stack:
                self._clear(data, reset=reset)
                stack.callback(self._stop_server, data)
                self._prepare(data)
                stack.callback(self._stop_children)
                self._serve(data)
        finally:
            restore()

    def aside(self, *command: str) -> None:
        """Run one command of ours beside the programs, which are watched meanwhile, to its end or until told to stop.

        It finds the environment the programs have. Raises CannotRunError when it ends with anything but 0.
        """
        data = Path(settings.PORTAL_DATA)
        began = subprocess.Popen(
            [sys.executable, "-m", "portal", *command], env=environment(host=self.host, port=self.port)
        )
        while began.poll() is None:
            if self._stop.wait(0.2):
                began.terminate()
                began.wait(STOP_WITHIN)
                return
            self._watch(data)
        if began.returncode:
            raise CannotRunError(f"`{' '.join(command)}` ended with {began.returncode}; what it said stands above.")

    @property
    def stopping(self) -> bool:
        """Whether it was told to stop."""
        return self._stop.is_set()

    def _watch(self, data: Path) -> None:
        self._watch_server(data)
        for child in self._children:
            child.watch()

    def _listen_to_signals(self) -> Callable[[], None]:
        def told(number: int, _frame: object) -> None:
            self._stop.set()

        # Set explicitly: a shell starts background jobs with SIGINT ignored, and a closed terminal sends SIGHUP
        # (which `nohup` ignores, and then so do we).
        numbers = [signal.SIGINT, signal.SIGTERM]
        if signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:
            numbers.append(signal.SIGHUP)
        before = {number: signal.signal(number, told) for number in numbers}

        def restore() -> None:
            for number, handler in before.items():
                signal.signal(number, handler)

        return restore

    def _clear(self, data: Path, *, reset: bool) -> None:
        if left := folder.stop_left_overs(data):
            self.say("portal", f"Stopped {left} processes an earlier run left behind")
        folder.check_port(self.host, self.port)
        if reset:
            folder.wipe(data)
        folder.check_room(data)
        broker = data / "broker"  # doorbells of an earlier run; what is to be done stands in the outbox
        for bell in broker.glob("*/*") if broker.exists() else ():
            bell.unlink()
        for name in ("queue", "control"):
            (broker / name).mkdir(parents=True, exist_ok=True)

    def _prepare(self, data: Path) -> None:
        if settings.EMBEDDED_DATABASE and embedded.Server(data).start():
            self.say("portal", "Stopped a PostgreSQL an earlier run left behind, and started ours")
        call_command("migrate", interactive=False, verbosity=0)
        call_command("createcachetable", verbosity=0)
        call_command("collectstatic", interactive=False, verbosity=0)
        self.prepare()
        connections.close_all()

    def _serve(self, data: Path) -> None:
        cards = cards_of_the_demo()
        shared = environment(host=self.host, port=self.port) | cards
        for name, command in commands(host=self.host, port=self.port, cards=bool(cards)).items():
            self._children.append(Child(name, command, shared, data / "log" / f"{name}.log", self.say))
        is_ready, until = False, time.monotonic() + READY_WITHIN
        while not self._stop.is_set():
            self._watch(data)
            if not is_ready:
                is_ready = self._look_whether_ready(until)
            self._stop.wait(0.1 if not is_ready else 0.5)

    def _watch_server(self, data: Path) -> None:
        if settings.EMBEDDED_DATABASE and embedded.Server(data).running() is None:
            self.say("portal", "PostgreSQL ended unexpectedly; starting it again")
            embedded.Server(data).start()

    def _look_whether_ready(self, until: float) -> bool:
        health = self._health()
        if health.get("ready"):
            self.ready()
            return True
        broken = [child.name for child in self._children if child.crashes > CRASHES_BEFORE_READY]
        if broken or time.monotonic() > until:
            missing = broken or [
                name for name, check in health.get("checks", {"web": {}}).items() if not check.get("ok")
            ]
            raise CannotRunError(
                f"The portal does not get ready: {', '.join(missing)}. See {settings.PORTAL_DATA / 'log'}."
            )
        return False

    def _health(self) -> dict[str, Any]:
        with suppress(OSError, ValueError):
            try:
                with urllib.request.urlopen(f"{self.url}health/", timeout=5) as answer:  # noqa: S310
                    return json.load(answer)
            except urllib.error.HTTPError as not_ready:
                return json.load(not_ready)
        return {}

    def _stop_children(self) -> None:
        self.say("portal", "Stopping ...")
        for child in self._children:
            child.ask_to_stop()
        for child in self._children:
            child.stop(seconds=STOP_WITHIN)
        folder.stop_left_overs(Path(settings.PORTAL_DATA))

    def _stop_server(self, data: Path) -> None:
        connections.close_all()
        if settings.EMBEDDED_DATABASE:
            embedded.Server(data).stop()
        self.say("portal", "Stopped.")
