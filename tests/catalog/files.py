"""Files as strangers send them, made by tests."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from pathlib import Path

import openpyxl

from catalog.imports.read import ReadOptions, UnreadableError, table_of

ROWS = [["part_number", "name"], ["HS-1", "seal kit"], ["HS-2", "pump"]]


def text(path: Path, content: str, encoding: str = "utf-8") -> Path:
    """A text file in an encoding."""
    path.write_bytes(content.encode(encoding))
    return path


def book(path: Path, rows: Sequence[Sequence[object]], sheet: str = "Sheet") -> Path:
    """A spreadsheet."""
    made = openpyxl.Workbook()
    assert made.active is not None
    made.active.title = sheet
    for row in rows:
        made.active.append(list(row))
    made.save(path)
    return path


def with_member(path: Path, name: str, content: bytes) -> Path:
    """The spreadsheet with one of its files replaced or added."""
    packed = io.BytesIO()
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as new:
        for member in old.namelist():
            if member != name:
                new.writestr(member, old.read(member))
        new.writestr(name, content)
    path.write_bytes(packed.getvalue())
    return path


def read(path: Path, **options: object) -> list[tuple[int, list[str], str]]:
    """(line, cells, reason of the fault or "") of every row that is not empty."""
    table = table_of(path, ReadOptions(**options))  # type: ignore[arg-type]
    return [(line, list(cells.values()), fault.reason if fault else "") for line, cells, fault in table.cells()]


def refused(path: Path, **options: object) -> tuple[str, str]:
    """Reason and value with which the whole file is refused, ("", "") when it is not."""
    try:
        read(path, **options)
    except UnreadableError as error:
        return error.reason, error.value
    return "", ""
