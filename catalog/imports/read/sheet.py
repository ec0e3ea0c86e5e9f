"""Spreadsheets (XLSX) to rows, after a look at what they would unpack to."""

from __future__ import annotations

import datetime
import itertools
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import closing
from decimal import Decimal
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import ParseError

import openpyxl
from defusedxml.common import DefusedXmlException
from openpyxl.utils.exceptions import InvalidFileException

from catalog.imports.read.faults import Fault, UnreadableError
from catalog.imports.read.options import ReadOptions
from catalog.imports.read.table import Row, Table, heading_name

_MOST_UNPACKED = 600 << 20  # a sheet of a million rows and ten columns has about 400 MB of XML
_MOST_SHARED = 48 << 20  # texts that are kept in memory while the sheet is read
_MOST_MEMBERS = 2000
_SUSPECT, _SUSPECT_RATIO = 50 << 20, 120
_LAST_ROW, _LAST_COLUMN = 1_048_576, 1000
_CHUNK = 1 << 18
_FORMULA_MARK, _OLD_MARK = b"<f", "EncryptedPackage".encode("utf-16-le")
_ERRORS = {"#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NUM!", "#NULL!"}
_BROKEN = (zipfile.BadZipFile, InvalidFileException, ParseError, KeyError, ValueError, TypeError, EOFError, IndexError)


def ole_refusal(path: Path) -> UnreadableError:
    """An old Excel file and one with a password begin alike; the directory of the latter names its package."""
    with path.open("rb") as file:
        encrypted = _OLD_MARK in file.read(4 << 20)
    return UnreadableError("encrypted" if encrypted else "old_excel", path.name)


def sheet_table(path: Path, options: ReadOptions) -> Table:
    """The table of a sheet. Raises UnreadableError."""
    try:
        with zipfile.ZipFile(path) as archive:
            _bounded(archive)
            formulas = _look_through(archive)
        rows = _rows(path, options.sheet, formulas=formulas)
        heading = next(itertools.islice(rows, options.header_row - 1, None), (0, [], None))
    except _BROKEN as error:
        raise _refusal(error) from error
    if heading[2] and heading[2].reason == "no_value":
        raise UnreadableError("no_value", heading[2].value)
    titles = _without_empty_end(heading[1])
    return Table(path, titles, _judged(rows, titles), 0)


def _refusal(error: BaseException) -> UnreadableError:
    """openpyxl wraps what it stumbles over."""
    cause: BaseException | None = error
    while cause:
        if isinstance(cause, DefusedXmlException):
            return UnreadableError("not_a_table", "XML entities")
        cause = cause.__cause__ or cause.__context__
    return UnreadableError("damaged", (str(error).splitlines() or [""])[0][:100])


def _bounded(archive: zipfile.ZipFile) -> None:
    """Refuse what unpacks to more than a table; the sizes an archive states are the most that is ever unpacked from it."""
    members = archive.infolist()
    total, packed = sum(one.file_size for one in members), sum(one.compress_size for one in members)
    shared = sum(one.file_size for one in members if "sharedstrings" in one.filename.lower())
    suspect = total > _SUSPECT and total > _SUSPECT_RATIO * max(packed, 1)
    if total > _MOST_UNPACKED or shared > _MOST_SHARED or suspect or len(members) > _MOST_MEMBERS:
        raise UnreadableError("bomb", f"{total >> 20} MB")
    if any(one.flag_bits & 1 for one in members):
        raise UnreadableError("encrypted")
    if "xl/workbook.xml" not in archive.namelist():
        raise UnreadableError("not_a_table", ", ".join(archive.namelist()[:3])[:80])


def _look_through(archive: zipfile.ZipFile) -> bool:
    """Whether any sheet has formulas; refuses a text without end inside a sheet."""
    formulas = False
    for member in archive.namelist():
        if member.startswith("xl/worksheets/") and member.endswith(".xml"):
            with archive.open(member) as file:
                while chunk := file.read(_CHUNK):
                    formulas = formulas or _FORMULA_MARK in chunk
                    if len(chunk) == _CHUNK and b"<" not in chunk:
                        raise UnreadableError("bomb", member)
    return formulas


def _rows(path: Path, sheet: str, *, formulas: bool) -> Iterator[Row]:
    """Every row of the sheet with its number, empty ones too; a formula without a saved result is a fault of its row."""
    try:
        plain = _values(path, sheet, data_only=True)
        twin = _values(path, sheet, data_only=False) if formulas else itertools.repeat(())
        for line, (values, written) in enumerate(zip(plain, twin, strict=False), start=1):
            cells = [_cell(value) for value in values]
            yield line, cells, _fault(cells, values, written)
    except _BROKEN as error:
        raise _refusal(error) from error


def _values(path: Path, sheet: str, *, data_only: bool) -> Iterator[Sequence[Any]]:
    with (
        path.open("rb") as file,
        closing(openpyxl.load_workbook(file, read_only=True, data_only=data_only, keep_links=False)) as book,
    ):
        if sheet and sheet not in book.sheetnames:
            raise UnreadableError("no_sheet", f"{sheet} ({', '.join(book.sheetnames)})"[:200])
        page = book[sheet] if sheet else book.worksheets[0]
        page.reset_dimensions()  # what a file says of its size is often wrong
        for line, values in enumerate(page.iter_rows(values_only=True), start=1):
            if line > _LAST_ROW:
                raise UnreadableError("bomb", f"{line}")
            yield values[:_LAST_COLUMN]


def _fault(cells: list[str], values: Sequence[Any], written: Sequence[Any]) -> Fault | None:
    for place, cell in enumerate(cells):
        if cell in _ERRORS:
            return Fault("cell_error", str(place), cell)
        if place < len(written) and values[place] is None and written[place] is not None:
            return Fault("no_value", str(place), str(written[place])[:200])
    return None


def _judged(rows: Iterator[Row], titles: list[str]) -> Iterator[Row]:
    """The rows as wide as the heading; empty rows left out. A sheet leaves out empty cells at the end, so that short rows are whole."""
    width = len(titles)
    for line, cells, fault in rows:
        if fault and int(fault.column) < width:
            yield line, cells, fault._replace(column=heading_name(titles[int(fault.column)]))
        elif any(cells):
            surplus = any(cells[width:])
            padded = [*cells[:width], *[""] * (width - len(cells))]
            yield line, padded, Fault("too_many_cells") if surplus else None


def _without_empty_end(cells: Sequence[str]) -> list[str]:
    titles = list(cells)
    while titles and not titles[-1].strip():
        titles.pop()
    return titles


def _cell(value: object) -> str:
    """A spreadsheet keeps 12 as 12.0, 12.1 with a tail of digits and a day as a moment; people wrote 12, 12.1 and a day."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return format(Decimal(format(value, ".15g")), "f") if not value.is_integer() else str(int(value))
    if isinstance(value, datetime.datetime) and value.time() == datetime.time():
        return value.date().isoformat()
    return str(value)
