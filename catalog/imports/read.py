"""Files to rows: csv, csv.gz and xlsx alike become dicts of text with their line number."""

from __future__ import annotations

import csv
import gzip
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import openpyxl

SUFFIXES = (".csv", ".csv.gz", ".xlsx")
_LONGEST_CELL = 1_000_000

RawRow = tuple[int, dict[str, str], int]


class UnreadableError(Exception):
    """The file is not what its name says; `reason` as in reasons.py."""

    def __init__(self, reason: str, value: str = "") -> None:
        self.reason, self.value = reason, value
        super().__init__(reason)


def file_of(folder: Path, stem: str) -> Path | None:
    """The file of a stem in a folder, plain csv first."""
    return next((path for suffix in SUFFIXES if (path := folder / f"{stem}{suffix}").is_file()), None)


def rows_of(path: Path) -> Iterator[RawRow]:
    """(line number, cells by lower-case heading, cells too many) for each row that is not empty; raises UnreadableError."""
    reader = _reader(path)
    try:
        heading = [_heading(cell) for cell in next(reader, (0, []))[1]]
        for line, cells in reader:
            if any(cell.strip() for cell in cells):
                yield (
                    line,
                    dict(zip(heading, (cell.strip() for cell in cells), strict=False)),
                    len(cells) - len(heading),
                )
    except (UnicodeDecodeError, OSError, EOFError, csv.Error, KeyError, ValueError) as error:
        raise UnreadableError("not_text", str(error)[:200]) from error


def heading_of(path: Path) -> list[str]:
    """The headings of a file; raises UnreadableError."""
    try:
        return [_heading(cell) for cell in next(_reader(path), (0, []))[1]]
    except (UnicodeDecodeError, OSError, EOFError, csv.Error, KeyError, ValueError) as error:
        raise UnreadableError("not_text", str(error)[:200]) from error


def _heading(cell: str) -> str:
    return cell.strip().lower().replace(" ", "_")


def _reader(path: Path) -> Iterator[tuple[int, Sequence[str]]]:
    return _sheet(path) if path.suffix == ".xlsx" else _text(path)


def _text(path: Path) -> Iterator[tuple[int, Sequence[str]]]:
    csv.field_size_limit(_LONGEST_CELL)
    opened: Callable[..., object] = gzip.open if path.suffix == ".gz" else open
    with opened(path, "rt", encoding="utf-8-sig", newline="") as file:  # type: ignore[attr-defined]
        reader = csv.reader(file, strict=True)
        for cells in reader:
            yield reader.line_num, cells


def _sheet(path: Path) -> Iterator[tuple[int, Sequence[str]]]:
    book = openpyxl.load_workbook(path, read_only=True, data_only=True)
    try:
        for line, cells in enumerate(book.worksheets[0].iter_rows(values_only=True), start=1):
            yield line, ["" if cell is None else _cell(cell) for cell in cells]
    finally:
        book.close()


def _cell(cell: object) -> str:
    """A spreadsheet keeps 12 as 12.0 and a day as a moment; people wrote 12 and a day."""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    text = str(cell)
    return text.removesuffix(" 00:00:00")
