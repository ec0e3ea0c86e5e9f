"""A PostgreSQL of our own: started, found again after a kill, stopped; never in a private folder we would have to open."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import psutil
import psycopg
import pytest

from portal import embedded

SMALL = {"shared_buffers": "16MB", "fsync": "off"}


@pytest.fixture
def server(tmp_path):
    found = embedded.Server(tmp_path / "var", SMALL)
    found.data.mkdir()
    yield found
    found.wipe()


def _ask(server: embedded.Server, question: str) -> str:
    with psycopg.connect(embedded.url(server.data), autocommit=True) as connection:
        row = connection.execute(question).fetchone()
        return str(row[0]) if row else ""


def test_it_starts_on_a_socket_only_with_a_database_for_us(server):
    assert server.start() is False
    assert _ask(server, "SHOW listen_addresses") == ""
    assert _ask(server, "SELECT current_database()") == "portal"
    assert _ask(server, "SHOW server_encoding") == "UTF8"


def test_it_is_durable_and_takes_many_clients_unless_told_otherwise(tmp_path):
    server = embedded.Server(tmp_path)
    try:
        server.start()
        assert [_ask(server, f"SHOW {name}") for name in ("fsync", "full_page_writes", "synchronous_commit")] == [
            "on"
        ] * 3
        assert int(_ask(server, "SHOW max_connections")) >= 64 + 16
    finally:
        server.wipe()


def test_stopped_it_keeps_its_data(server):
    server.start()
    with psycopg.connect(embedded.url(server.data), autocommit=True) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 7 AS number")
    server.stop()
    assert server.running() is None
    server.start()
    assert _ask(server, "SELECT number FROM kept") == "7"


def test_a_server_whose_parent_was_killed_is_found_stopped_and_replaced(server):
    starter = f"from portal.embedded import Server; from pathlib import Path; import os, signal; \
Server(Path({str(server.data)!r}), {SMALL!r}).start(); os.kill(os.getpid(), signal.SIGKILL)"
    subprocess.run([sys.executable, "-c", starter], cwd=Path(__file__).resolve().parents[2], timeout=60)
    orphan = server.running()
    assert orphan is not None
    assert server.start() is True
    assert not psutil.pid_exists(orphan.pid)
    assert _ask(server, "SELECT 1") == "1"


def test_a_pid_file_naming_a_stranger_fools_nobody(server):
    server.start()
    server.stop()
    (server.cluster / "postmaster.pid").write_text(f"{os.getpid()}\n")
    assert server.running() is None
    server.stop()  # must not stop this very process


def test_an_interrupted_making_is_made_again(server):
    server.start()
    server.stop()
    (server.cluster / "PG_VERSION").unlink()
    server.start()
    assert _ask(server, "SELECT 1") == "1"


def test_a_server_that_cannot_start_says_its_last_words(tmp_path):
    server = embedded.Server(tmp_path, {"max_connections": "many"})
    try:
        with pytest.raises(embedded.EmbeddedError, match="max_connections"):
            server.start()
    finally:
        server.wipe()


def test_a_server_that_dies_while_it_is_looked_at_is_not_there(tmp_path, monkeypatch):
    class Dying:
        def status(self) -> str:
            return psutil.STATUS_RUNNING

        def cmdline(self) -> list[str]:
            raise psutil.ZombieProcess(1)

    monkeypatch.setattr(psutil.Process, "children", lambda *_: [Dying()])
    assert not embedded.Server(tmp_path)._starting()


def test_a_long_path_gets_a_short_socket(tmp_path):
    long = tmp_path / ("deep/" * 30)
    assert len(str(embedded.socket_folder(long))) < embedded.SOCKET_NAME_LIMIT


@pytest.mark.skipif(os.geteuid() != 0, reason="only root's server runs as another user")
def test_roots_server_runs_as_another_user_and_opens_no_private_folder(tmp_path):
    private = tmp_path / "private"
    private.mkdir(mode=0o700)
    server = embedded.Server(private / "var", SMALL)
    server.data.mkdir()
    try:
        server.start()
        process = server.running()
        assert process is not None
        assert process.uids().real != 0
        assert private.stat().st_mode & 0o777 == 0o700
        assert embedded.home(server.data).stat().st_mode & 0o777 == 0o700
    finally:
        server.wipe()


def test_wiping_removes_all_of_it(server):
    server.start()
    server.wipe()
    assert server.running() is None
    assert not embedded.home(server.data).exists()
    shutil.rmtree(server.data)
