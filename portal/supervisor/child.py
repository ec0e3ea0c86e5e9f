"""One program under the supervisor: started, heard, started again after a crash, stopped with all it has started."""

from __future__ import annotations

import logging
import os
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from logging.handlers import RotatingFileHandler
from pathlib import Path

SHORTEST_PAUSE, LONGEST_PAUSE = 0.5, 30.0  # seconds before a crashed program is started again
SETTLED = 60.0  # seconds after which an earlier crash is forgotten
Say = Callable[[str, str], None]


@dataclass
class Child:
    """`say(name, line)` gets what it prints; the same goes to `log`, five files of 5 MB."""

    name: str
    command: Sequence[str]
    environment: Mapping[str, str]
    log: Path
    say: Say
    crashes: int = 0
    _process: subprocess.Popen[str] | None = None
    _started: float = 0.0
    _again_at: float = 0.0
    _lines: logging.Logger = field(init=False)

    def __post_init__(self) -> None:
        self.log.parent.mkdir(parents=True, exist_ok=True)
        handler = RotatingFileHandler(self.log, maxBytes=5_000_000, backupCount=4)
        handler.setFormatter(logging.Formatter("%(asctime)s %(message)s"))
        self._lines = logging.Logger(f"child.{self.name}")
        self._lines.addHandler(handler)

    def start(self) -> None:
        """Start it in a session of its own: Ctrl-C reaches the supervisor alone, which stops things in order."""
        self._started = time.monotonic()
        self._process = subprocess.Popen(
            self.command,
            env=dict(self.environment),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            start_new_session=True,
        )
        threading.Thread(target=self._listen, args=(self._process,), daemon=True).start()

    def watch(self) -> None:
        """Notice a crash and start it again, later after each crash."""
        if self._process is not None and (code := self._process.poll()) is not None:
            if time.monotonic() - self._started > SETTLED:
                self.crashes = 0
            pause = min(SHORTEST_PAUSE * 2**self.crashes, LONGEST_PAUSE)
            self.crashes += 1
            self._kill_group(signal.SIGKILL)  # what it started must not live on beside its successor
            self.say("portal", f"{self.name} ended unexpectedly (code {code}); starting it again in {pause:g} s")
            self._process, self._again_at = None, time.monotonic() + pause
        if self._process is None and time.monotonic() >= self._again_at:
            self.start()

    def ask_to_stop(self) -> None:
        """Tell it to finish what it has in its hands."""
        if self._process is not None and self._process.poll() is None:
            self._process.terminate()

    def stop(self, *, seconds: float) -> None:
        """Wait for it to finish; after `seconds` it is killed with all it has started."""
        if self._process is None:
            return
        self.ask_to_stop()
        try:
            self._process.wait(seconds)
        except subprocess.TimeoutExpired:
            self.say("portal", f"{self.name} is still at work; ending it (the next start does again what it was at)")
        self._kill_group(signal.SIGKILL)
        self._process.wait()
        self._process = None

    def _kill_group(self, number: int) -> None:
        if self._process is not None:
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(self._process.pid, number)

    def _listen(self, process: subprocess.Popen[str]) -> None:
        if process.stdout is None:
            return
        for line in process.stdout:
            self.say(self.name, line.rstrip("\n"))
            self._lines.info(line.rstrip("\n"))
