"""`python -m portal import_catalogue` says what came in and where the rest is listed."""

import errno
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connections
from pytest_django import Settings

from catalog.models import ImportRun, Part
from tests.catalog.folder import write

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def data(settings: Settings, tmp_path: Path) -> Path:
    settings.PORTAL_DATA = tmp_path / "var"
    return tmp_path / "var"


def test_it_names_what_came_in_what_was_left_out_and_what_was_left_aside(
    tmp_path: Path, data: Path, capsys: pytest.CaptureFixture[str]
):
    write(tmp_path, "parts", "part_number,weight_g", "HS-1,5", "HS-2,heavy")
    write(tmp_path, "poems", "line", "roses are red")
    call_command("import_catalogue", tmp_path)
    told = capsys.readouterr().out
    assert "parts.csv" in told
    assert "poems.csv" in told
    listed = list((data / "imports").iterdir())
    assert len(listed) == 1
    assert "heavy" in listed[0].read_text(encoding="utf-8")
    assert Part.objects.get().number == "HS-1"


def test_a_trial_says_so_and_changes_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    write(tmp_path, "parts", "part_number", "HS-1")
    call_command("import_catalogue", tmp_path, "--dry-run")
    assert "nothing was changed" in capsys.readouterr().out
    assert not Part.objects.exists()


def test_a_missing_or_strange_folder_gets_a_clear_word(tmp_path: Path):
    with pytest.raises(CommandError, match="no folder"):
        call_command("import_catalogue", tmp_path / "nowhere")
    with pytest.raises(CommandError, match=r"No file in .* is one we know"):
        call_command("import_catalogue", tmp_path)


def test_two_imports_do_not_run_at_once(tmp_path: Path):
    write(tmp_path, "parts", "part_number", "HS-1")
    other = connections.create_connection("default")
    try:
        with other.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(hashtextextended('import_catalogue', 0))")
        with pytest.raises(CommandError, match="Another import"):
            call_command("import_catalogue", tmp_path)
    finally:
        other.close()


def test_it_goes_all_the_way_and_back(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    write(tmp_path, "parts", "part_number,name", "HS-1,seal")
    call_command("import_catalogue", tmp_path)
    run = ImportRun.objects.get()
    assert f"--revert {run.pk}" in capsys.readouterr().out
    call_command("import_catalogue", tmp_path)
    assert "Nothing has changed" in capsys.readouterr().out
    call_command("import_catalogue", "--revert", str(run.pk))
    assert "the catalogue is as it was" in capsys.readouterr().out
    assert not Part.objects.exists()
    call_command("import_catalogue", "--history")
    told = capsys.readouterr().out
    assert "taken" in told
    assert "command" in told


def test_a_question_stops_it_until_it_is_answered(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    write(tmp_path, "parts", "part_number", "HS-1", "HS-2")
    call_command("import_catalogue", tmp_path)
    write(tmp_path, "parts", "part_number", "HS-1")
    with pytest.raises(CommandError, match="Answer it with a yes"):
        call_command("import_catalogue", tmp_path, "--complete", "parts")
    assert "really whole" in " ".join(capsys.readouterr().out.split())
    call_command("import_catalogue", tmp_path, "--complete", "parts", "--yes")
    assert Part.objects.get(status="RETIRED").number == "HS-2"


def test_what_was_cut_short_goes_on_by_resume(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    write(tmp_path, "parts", "part_number", "HS-1")
    with pytest.raises(CommandError, match="No import was cut short"):
        call_command("import_catalogue", "--resume")
    with monkeypatch.context() as patched, pytest.raises(KeyboardInterrupt):
        patched.setattr("catalog.imports.run.run_apply", _interrupted)
        call_command("import_catalogue", tmp_path)
    assert not Part.objects.exists()
    call_command("import_catalogue", "--resume")
    assert Part.objects.exists()


def test_a_full_disk_under_the_list_of_rejected_rows_is_told_and_leaves_no_half_list(
    tmp_path: Path, data: Path, monkeypatch: pytest.MonkeyPatch
):
    write(tmp_path, "parts", "part_number,weight_g", "HS-1,5", "HS-2,heavy")
    with monkeypatch.context() as patched, pytest.raises(CommandError, match="Make room"):
        patched.setattr("catalog.imports.rejected.os.replace", _disk_full)
        call_command("import_catalogue", tmp_path)
    assert (Part.objects.count(), list((data / "imports").iterdir())) == (1, [])
    call_command("import_catalogue", "--resume", str(ImportRun.objects.get().pk))
    assert "heavy" in next((data / "imports").iterdir()).read_text(encoding="utf-8")


def test_when_no_file_can_be_read_it_says_so_and_fails(tmp_path: Path):
    write(tmp_path, "parts", "name", "nameless")
    with pytest.raises(CommandError, match="No file could be read"):
        call_command("import_catalogue", tmp_path)


def _interrupted(*args: object, **options: object) -> None:
    raise KeyboardInterrupt


def _disk_full(*args: object) -> None:
    raise OSError(errno.ENOSPC, "No space left on device")
