"""The data folder: one supervisor at a time, writable, with room; and what a killed supervisor left running on it."""

from __future__ import annotations

import errno
import fcntl
import os
import shutil
import signal
import socket
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

import psutil

from portal import embedded

MARK = "PORTAL_SUPERVISED"  # in the environment of every child: the data folder it works for
FREE_MB = 300  # less free room than this and PostgreSQL may not even start
# What a wipe removes, and nothing else: PORTAL_DATA may name a folder with other things in it. The file `environment`
# stays: the secret in it is already in use by whoever wipes.
OURS = ("accounts.json", "beat-schedule*", "broker", "cards", "demo.json", "log", "media", "postgres", "static")


class CannotRunError(Exception):
    """Why nothing was started; the text is for the person at the terminal."""


def _lock_file(data: Path) -> Path:
    return data / "supervisor.lock"


@contextmanager
def owned(data: Path) -> Iterator[None]:
    """Own the data folder until the end of the block (or of this process: a kill frees it). Refused while owned."""
    try:
        data.mkdir(parents=True, exist_ok=True)
        lock = _lock_file(data).open("a+")
    except OSError as error:
        raise CannotRunError(
            f"Cannot write to {data}: {error.strerror}. Give the folder to this user, or set PORTAL_DATA."
        ) from error
    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise CannotRunError(
                f"The portal already runs on {data} (process {owner(data) or 'unknown'}). "
                "Stop it first with Ctrl-C, or set PORTAL_DATA and PORT for a second one."
            ) from None
        lock.truncate(0)
        lock.write(str(os.getpid()))
        lock.flush()
        yield


def owner(data: Path) -> int | None:
    """The process id of the supervisor that owns the folder now; None when nobody does."""
    with suppress(OSError, ValueError), _lock_file(data).open("r+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return int(lock.read())
    return None


def stop_owner(data: Path, *, seconds: float = 60) -> None:
    """Ask the supervisor that owns the folder to stop, and wait until it has."""
    pid = owner(data)
    if pid is None:
        return
    os.kill(pid, signal.SIGTERM)
    until = time.monotonic() + seconds
    while owner(data) is not None:
        if time.monotonic() > until:
            raise CannotRunError(f"Process {pid}, which runs the portal on {data}, does not stop.")
        time.sleep(0.1)


def wipe(data: Path) -> None:
    """Delete the database and every file of ours. The caller owns the folder and has stopped what ran on it."""
    embedded.Server(data).wipe()
    for pattern in OURS:
        for path in data.glob(pattern):
            shutil.rmtree(path) if path.is_dir() and not path.is_symlink() else path.unlink()


def left_overs(data: Path) -> list[psutil.Process]:
    """Children of an earlier supervisor of this folder that are still there, grandchildren too."""
    found = []
    for process in psutil.process_iter():
        with suppress(psutil.Error, OSError):
            if process.pid != os.getpid() and process.environ().get(MARK) == str(data):
                found.append(process)
    return found


def stop_left_overs(data: Path) -> int:
    """Stop them, politely first; answer how many there were. PostgreSQL is stopped by its own module."""
    found = left_overs(data)
    for process in found:
        with suppress(psutil.Error):
            process.terminate()
    for process in psutil.wait_procs(found, timeout=10)[1]:
        with suppress(psutil.Error):
            process.kill()
    return len(found)


def check_room(data: Path) -> None:
    """The disk takes what we need, for us and for the database."""
    for folder in {data, embedded.home(data).parent}:
        if folder.exists() and shutil.disk_usage(folder).free < FREE_MB * 1_000_000:
            raise CannotRunError(
                f"The disk under {folder} is full: {FREE_MB} MB are needed. Make room, or set PORTAL_DATA."
            )
    probe = data / ".probe"
    try:
        probe.write_bytes(b"\0" * 1_000_000)
    except OSError as error:
        why = "the disk is full" if error.errno == errno.ENOSPC else error.strerror
        raise CannotRunError(f"Cannot write to {data}: {why}.") from error
    finally:
        probe.unlink(missing_ok=True)


def check_port(host: str, port: int) -> None:
    """Nobody listens there. The web server would share the port with a stranger rather than complain."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with closing(socket.socket(family, socket.SOCK_STREAM)) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            why = (
                "is in use by another program"
                if error.errno == errno.EADDRINUSE
                else f"cannot be used: {error.strerror}"
            )
            raise CannotRunError(f"Port {port} on {host} {why}. Choose another: PORT=9000 make demo") from error
