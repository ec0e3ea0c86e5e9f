"""Spreadsheets as they come: formulas without a result, errors, passwords, old forms, and archives made to hurt."""

import datetime
import io
import tracemalloc
import zipfile
from pathlib import Path

import pytest

from catalog.imports.read import ReadOptions, table_of
from tests.catalog.files import ROWS, book, read, refused, with_member

_SHEET = "xl/worksheets/sheet1.xml"


def sheet_xml(rows: str, dimension: str = "") -> bytes:
    """A sheet's XML around rows."""
    space = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    return f'<worksheet xmlns="{space}">{dimension}<sheetData>{rows}</sheetData></worksheet>'.encode()


def inline(reference: str, text: str) -> str:
    """A cell with its text in place."""
    return f'<c r="{reference}" t="inlineStr"><is><t>{text}</t></is></c>'


def with_shared(path: Path, document: str, text: str) -> Path:
    """A spreadsheet whose one cell is a shared text, as Excel writes them."""
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    shared = f'<Override PartName="/xl/sharedStrings.xml" ContentType="{kind}.sharedStrings+xml"/></Types>'
    with zipfile.ZipFile(book(path, ROWS)) as made:
        types = made.read("[Content_Types].xml").decode().replace("</Types>", shared)
    space = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    with_member(path, "[Content_Types].xml", types.encode())
    with_member(path, "xl/sharedStrings.xml", f'{document}<sst xmlns="{space}"><si><t>{text}</t></si></sst>'.encode())
    return with_member(path, _SHEET, sheet_xml('<row r="1"><c r="A1" t="s"><v>0</v></c></row>'))


HEADING = f'<row r="1">{inline("A1", "part_number")}{inline("B1", "name")}</row>'


def test_numbers_days_and_yes_read_as_people_wrote_them(tmp_path: Path):
    day = datetime.datetime(2026, 5, 31)  # noqa: DTZ001
    path = book(tmp_path / "parts.xlsx", [["a", "b", "c", "d", "e"], [12.0, 0.1 + 0.2, 0.000004285, day, True]])
    assert read(path) == [(2, ["12", "0.3", "0.000004285", "2026-05-31", "yes"], "")]


def test_empty_rows_are_left_out_short_ones_are_whole_and_long_ones_told(tmp_path: Path):
    path = book(tmp_path / "parts.xlsx", [*ROWS, [], ["HS-3"], ["HS-4", "x", "surplus"]])
    assert read(path)[2:] == [(5, ["HS-3", ""], ""), (6, ["HS-4", "x"], "too_many_cells")]


def test_a_formula_without_a_saved_result_is_told_by_row_and_column(tmp_path: Path):
    path = book(tmp_path / "parts.xlsx", [*ROWS, ["HS-3", "=A2"], ["HS-4", "fine"]])
    faults = [(line, fault.column, fault.reason, fault.value) for line, _, fault in table_of(path).cells() if fault]
    assert faults == [(4, "name", "no_value", "=A2")]


def test_a_formula_with_its_result_is_read(tmp_path: Path):
    row = f'<row r="2">{inline("A2", "HS-1")}<c r="B2" t="str"><f>A2</f><v>seal</v></c></row>'
    path = with_member(book(tmp_path / "parts.xlsx", ROWS), _SHEET, sheet_xml(HEADING + row))
    assert read(path) == [(2, ["HS-1", "seal"], "")]


def test_an_error_of_the_spreadsheet_is_told(tmp_path: Path):
    row = f'<row r="2">{inline("A2", "HS-1")}<c r="B2" t="e"><f>1/0</f><v>#DIV/0!</v></c></row>'
    path = with_member(book(tmp_path / "parts.xlsx", ROWS), _SHEET, sheet_xml(HEADING + row))
    assert [reason for _, _, reason in read(path)] == ["cell_error"]


def test_a_wrong_statement_of_size_hides_no_rows(tmp_path: Path):
    rows = HEADING + f'<row r="2">{inline("A2", "HS-1")}{inline("B2", "x")}</row>'
    path = with_member(book(tmp_path / "parts.xlsx", ROWS), _SHEET, sheet_xml(rows, '<dimension ref="A1"/>'))
    assert read(path) == [(2, ["HS-1", "x"], "")]


def test_a_named_sheet_and_a_lower_heading(tmp_path: Path):
    path = book(tmp_path / "parts.xlsx", [["Prices"], [], *ROWS], sheet="Preise")
    assert table_of(path, ReadOptions(sheet="Preise", header_row=3)).heading == ["part_number", "name"]
    assert refused(path, sheet="Prices") == ("no_sheet", "Prices (Preise)")


def test_the_content_says_what_a_file_is_not_its_name(tmp_path: Path):
    assert len(read(book(tmp_path / "parts.csv", ROWS))) == 2
    plain = tmp_path / "parts.xlsx"
    plain.write_text("part_number,name\nHS-1,seal\n")
    assert len(read(plain)) == 1


@pytest.mark.parametrize(("inside", "reason"), [("Workbook", "old_excel"), ("EncryptedPackage", "encrypted")])
def test_old_spreadsheets_and_those_with_a_password_are_told_apart(tmp_path: Path, inside: str, reason: str):
    path = tmp_path / "parts.xlsx"
    path.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600) + inside.encode("utf-16-le") + bytes(600))
    assert refused(path)[0] == reason


def test_a_half_copied_spreadsheet_is_damaged(tmp_path: Path):
    path = book(tmp_path / "parts.xlsx", ROWS)
    path.write_bytes(path.read_bytes()[:-100])
    assert refused(path)[0] == "damaged"


def test_another_archive_is_no_table(tmp_path: Path):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("holiday.txt", "sun")
    (tmp_path / "parts.xlsx").write_bytes(packed.getvalue())
    assert refused(tmp_path / "parts.xlsx") == ("not_a_table", "holiday.txt")


@pytest.mark.parametrize(
    "document",
    [
        '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>',
        '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>',
    ],
)
def test_entities_are_refused(tmp_path: Path, document: str):
    in_sheet = with_member(book(tmp_path / "a.xlsx", ROWS), _SHEET, document.encode() + sheet_xml(HEADING))
    in_texts = with_shared(tmp_path / "b.xlsx", document, "&a;")
    assert refused(in_sheet) == refused(in_texts) == ("not_a_table", "XML entities")


def test_shared_texts_are_read(tmp_path: Path):
    assert table_of(with_shared(tmp_path / "parts.xlsx", "", "part_number")).heading == ["part_number"]


@pytest.mark.parametrize("member", [_SHEET, "xl/sharedStrings.xml", "xl/media/image1.png"])
def test_an_archive_that_unpacks_far_beyond_a_table_is_refused_without_unpacking(tmp_path: Path, member: str):
    path = book(tmp_path / "parts.xlsx", ROWS)
    with_member(path, member, b"<a>" + b" " * (60 << 20))
    tracemalloc.start()
    assert refused(path)[0] == "bomb"
    assert tracemalloc.get_traced_memory()[1] < 10 << 20
    tracemalloc.stop()


def test_a_text_without_end_inside_a_sheet_is_refused(tmp_path: Path):
    row = f'<row r="2">{inline("A2", "x" * 2_000_000)}</row>'
    path = with_member(book(tmp_path / "parts.xlsx", ROWS), _SHEET, sheet_xml(HEADING + row))
    assert refused(path)[0] == "bomb"


def test_a_row_number_beyond_every_sheet_does_not_make_a_billion_rows(tmp_path: Path):
    row = f'<row r="999999999">{inline("A999999999", "HS-1")}</row>'
    path = with_member(book(tmp_path / "parts.xlsx", ROWS), _SHEET, sheet_xml(HEADING + row))
    assert refused(path)[0] == "bomb"


def test_a_cell_in_the_last_column_is_surplus_and_no_more(tmp_path: Path):
    row = f'<row r="2">{inline("A2", "HS-1")}{inline("ALL2", "far")}{inline("XFD2", "away")}</row>'
    path = with_member(book(tmp_path / "parts.xlsx", ROWS), _SHEET, sheet_xml(HEADING + row))
    assert [reason for _, _, reason in read(path)] == ["too_many_cells"]
