"""A WSGI program under the server the portal uses, on a free port, for as long as it is measured."""

from __future__ import annotations

import http.client
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlencode

from bench.start import _free_port as free_port

PATIENCE = 60.0


class Served:
    """One connection kept open, as a browser keeps it."""

    def __init__(self, port: int) -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)

    def anew(self) -> None:
        """Connect again: a server lets go of a connection that was idle while the other side was measured."""
        self.connection.close()
        self.connection.connect()

    def get(self, path: str, query: Mapping[str, str], cookies: str = "") -> bytes:
        """The body; anything but a success is an error of the measurement."""
        self.connection.request("GET", f"{path}?{urlencode(query)}", headers={"Cookie": cookies})
        answer = self.connection.getresponse()
        body = answer.read()
        if answer.status != http.client.OK:
            raise RuntimeError(f"{path} answered {answer.status}")
        return body


@contextmanager
def served(url: str, program: str, *, said: Path | None = None) -> Iterator[Served]:
    """`program` as granian serves the portal: one worker, the same threads."""
    port = free_port()
    command = [sys.executable, "-m", "granian", "--interface", "wsgi", "--no-ws", "--log-level", "warning"]
    command += ["--host", "127.0.0.1", "--port", str(port), "--workers", "1", "--blocking-threads", "1", program]
    environment = os.environ | {"HTTPS": "0", "DATABASE_URL": url, "BENCH_SAID": str(said or "")}
    process = subprocess.Popen(command, env=environment)
    try:
        yield _ready(port, process)
    finally:
        process.terminate()
        process.wait(PATIENCE)


def _ready(port: int, process: subprocess.Popen[bytes]) -> Served:
    began = time.monotonic()
    while True:
        server = Served(port)
        try:
            server.connection.connect()
            return server
        except OSError:
            if process.poll() is not None or time.monotonic() - began > PATIENCE:
                raise RuntimeError("the server did not start") from None
            time.sleep(0.1)
