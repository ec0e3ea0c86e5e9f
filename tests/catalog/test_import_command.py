"""`python -m portal import_catalogue` says what came in and where the rest is listed."""

from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connections
from pytest_django import Settings

from catalog.models import Part
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
