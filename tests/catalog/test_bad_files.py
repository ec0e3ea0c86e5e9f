"""A delivery with something wrong in it: told by file and row, and never half done."""

from pathlib import Path

import pytest
from django.core.management import call_command
from pytest_django import Settings

from catalog.imports.rejected import rejections_write
from catalog.models import CrossReference, Part
from tests.catalog.files import book, text
from tests.catalog.folder import applied, bring_in, left_out, write

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("parts.csv.part", "part_number\nHS-", "growing"),
        ("xref.csv", "", "empty_file"),
        ("parts.xlsx", "part_number\nHS-1\n", "file_twice"),
    ],
)
def test_of_a_half_copied_folder_nothing_comes_in(tmp_path: Path, name: str, content: str, reason: str):
    write(tmp_path, "parts", "part_number", "HS-1")
    (tmp_path / name).write_text(content)
    reports = list(bring_in(tmp_path).values())
    assert [(report.file.name, left_out(report)) for report in reports] == [(name, [(0, "", reason)])]
    assert not Part.objects.exists()


def test_files_beside_the_tables_hold_nothing_up(tmp_path: Path):
    write(tmp_path, "parts", "part_number", "HS-1")
    (tmp_path / "notes.txt.part").write_text("")
    (tmp_path / "~$parts.xlsx").write_text("")
    assert bring_in(tmp_path)["parts"].added == 1


def test_a_column_that_is_there_twice_is_a_question(tmp_path: Path):
    text(tmp_path / "parts.csv", "part_number,name,Name\nHS-1,a,b\n")
    text(tmp_path / "xref.csv", "number,part_number,other_catalogue,other_number\nHS-1,HS-2,x,1\n")
    reports = bring_in(tmp_path)
    assert [(report.rejections[0].reason, report.rejections[0].value) for report in reports.values()] == [
        ("column_twice", "name = name"),
        ("column_twice", "number = part_number"),
    ]


def test_columns_nobody_reads_may_be_there_twice(tmp_path: Path):
    text(tmp_path / "parts.csv", "part_number,,,remark,remark\nHS-1,,,a,b\n")
    assert bring_in(tmp_path)["parts"].added == 1


def test_a_bad_cell_under_a_long_heading_keeps_no_other_row_out(tmp_path: Path):
    heading = "how often this part was asked for between 2019 and the end of last year"
    book(tmp_path / "parts.xlsx", [["part_number", heading], ["HS-1", "#N/A"], ["HS-2", 4]])
    report = bring_in(tmp_path)["parts"]
    assert (left_out(report), report.added) == ([(2, heading.replace(" ", "_")[:60], "cell_error")], 1)


def test_a_file_cut_off_in_its_last_row_changes_nothing(tmp_path: Path):
    text(tmp_path / "parts.csv", "part_number,name\nHS-1,a\nHS-")
    report = bring_in(tmp_path)["parts"]
    assert (left_out(report), Part.objects.count()) == ([(0, "", "cut_off")], 0)


def test_rows_that_cannot_be_read_are_listed_and_the_others_come_in(tmp_path: Path):
    content = 'part_number,name\nHS-1,a\nHS-2\nHS-3,"b"c\nHS-4,\x00\nHS-5,"' + "x" * 1_100_000 + '"\nHS-6,f\n'
    text(tmp_path / "parts.csv", content)
    report = bring_in(tmp_path)["parts"]
    assert left_out(report) == [
        (3, "", "too_few_cells"),
        (4, "", "quotes"),
        (5, "", "control_character"),
        (6, "", "row_too_long"),
    ]
    assert set(Part.objects.values_list("number", flat=True)) == {"HS-1", "HS-6"}


def test_a_spreadsheets_rows_are_judged_as_those_of_text(tmp_path: Path):
    book(tmp_path / "parts.xlsx", [["part_number", "weight_g"], ["HS-1", 12.0], ["HS-2", "=A2"], ["HS-3", 1.5]])
    report = bring_in(tmp_path)["parts"]
    assert left_out(report) == [(3, "weight_g", "no_value"), (4, "weight_g", "not_a_number")]
    assert Part.objects.get().weight_g == 12


def test_a_formula_is_kept_as_text_and_listed_harmlessly(tmp_path: Path):
    text(tmp_path / "parts.csv", 'part_number,name,weight_g\nHS-1,"=1+1",=2\nHS-2,=1+1,2\nHS-3,x,＝3\n')
    run = applied(tmp_path)
    assert [name.name for part in Part.objects.all() for name in part.names.all()] == ["=1+1"]
    listed = tmp_path / "rejected.csv"
    rejections_write(run, listed)
    assert all(f",'{one}," in listed.read_text(encoding="utf-8") for one in ("=2", "＝3"))


def test_an_unclear_encoding_names_the_candidates_and_the_answer_is_given_beside_the_folder(
    tmp_path: Path, settings: Settings, capsys: pytest.CaptureFixture[str]
):
    settings.PORTAL_DATA = tmp_path / "var"
    folder = tmp_path / "delivery"
    folder.mkdir()
    text(folder / "parts.csv", "part_number,name\nHS-1,clé à pipe\n", "cp1252")
    write(folder, "xref", "part_number,other_catalogue,other_number", "HS-1,Größe,1")
    call_command("import_catalogue", folder)
    assert not Part.objects.exists()
    listed = next((tmp_path / "var" / "imports").iterdir()).read_text(encoding="utf-8")
    assert "--encoding" in listed
    assert "cp1252, cp1250" in listed.replace("cp949, ", "")
    call_command("import_catalogue", folder, "--encoding", "cp1252")
    assert [name.name for name in Part.objects.get().names.all()] == ["clé à pipe"]
    assert CrossReference.objects.get().catalogue == "Größe"  # Unicode is Unicode, whatever was answered
