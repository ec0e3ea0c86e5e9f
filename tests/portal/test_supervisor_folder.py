"""The data folder has one owner, room, and gets rid of what a killed owner left behind."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
from collections import namedtuple
from pathlib import Path

import pytest

from portal.supervisor import folder
from portal.supervisor.folder import CannotRunError

SLEEPER = "import subprocess, sys, time; subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)']); time.sleep(60)"
OWNER = "from portal.supervisor.folder import owned; from pathlib import Path; import sys, time\n\
with owned(Path(sys.argv[1])): print('mine', flush=True); time.sleep(60)"


@pytest.fixture
def other_owner(tmp_path):
    command = [sys.executable, "-c", OWNER, str(tmp_path)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=Path(__file__).resolve().parents[2])
    assert process.stdout is not None
    process.stdout.readline()
    yield process
    process.kill()
    process.wait()


def test_a_second_supervisor_is_refused_and_told_who_has_the_folder(tmp_path, other_owner):
    assert folder.owner(tmp_path) == other_owner.pid
    with pytest.raises(CannotRunError, match=str(other_owner.pid)), folder.owned(tmp_path):
        pass


def test_a_killed_owner_frees_the_folder(tmp_path, other_owner):
    other_owner.kill()
    other_owner.wait()
    assert folder.owner(tmp_path) is None
    with folder.owned(tmp_path):
        pass


def test_an_owner_is_asked_to_stop_and_waited_for(tmp_path, other_owner):
    folder.stop_owner(tmp_path)
    assert folder.owner(tmp_path) is None


def test_children_left_behind_are_stopped_with_their_children_and_nobody_else(tmp_path):
    ours = subprocess.Popen([sys.executable, "-c", SLEEPER], env={**os.environ, folder.MARK: str(tmp_path)})
    stranger = subprocess.Popen(
        [sys.executable, "-c", SLEEPER], env={**os.environ, folder.MARK: str(tmp_path / "other")}
    )
    try:
        until = time.monotonic() + 10
        while len(folder.left_overs(tmp_path)) < 2 and time.monotonic() < until:
            time.sleep(0.05)
        assert folder.stop_left_overs(tmp_path) == 2
        ours.wait(5)
        assert folder.left_overs(tmp_path) == []
        assert stranger.poll() is None
    finally:
        folder.stop_left_overs(tmp_path / "other")
        stranger.wait(10)


def test_a_port_in_use_is_named():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(CannotRunError, match=f"Port {port} on 127.0.0.1 is in use"):
            folder.check_port("127.0.0.1", port)
    folder.check_port("127.0.0.1", port)


def test_a_full_disk_is_named(tmp_path, monkeypatch):
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr(shutil, "disk_usage", lambda path: usage(10**9, 10**9, 1_000_000))
    with pytest.raises(CannotRunError, match="is full"):
        folder.check_room(tmp_path)


def test_a_folder_that_cannot_be_made_is_named(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(CannotRunError, match="Cannot write"), folder.owned(tmp_path / "file" / "var"):
        pass


def test_a_wipe_leaves_what_is_not_ours(tmp_path):
    for name in ("demo.json", "accounts.json", "beat-schedule.dat", "holiday.jpg"):
        (tmp_path / name).write_text("")
    (tmp_path / "log").mkdir()
    folder.wipe(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["holiday.jpg"]
