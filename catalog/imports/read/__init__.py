"""Files to rows: text in any encoding and spreadsheets alike become a heading and rows of text with their line numbers."""

from __future__ import annotations

from pathlib import Path

from catalog.imports.read.faults import Fault, UnreadableError
from catalog.imports.read.folder import SUFFIXES, file_of, stem_of, unfinished
from catalog.imports.read.options import USUAL, ReadOptions
from catalog.imports.read.sheet import ole_refusal, sheet_table
from catalog.imports.read.survey import kind_of
from catalog.imports.read.table import FAULT, LINE, RawRow, Row, Table, mark_of, translated, unchanged
from catalog.imports.read.text import text_table

__all__ = [
    "FAULT",
    "LINE",
    "SUFFIXES",
    "USUAL",
    "Fault",
    "RawRow",
    "ReadOptions",
    "Row",
    "Table",
    "UnreadableError",
    "file_of",
    "stem_of",
    "table_of",
    "unfinished",
]


def table_of(path: Path, options: ReadOptions = USUAL) -> Table:
    """The table of a file, whatever its name says it is. Raises UnreadableError, also while its rows are read."""
    before = mark_of(path)
    kind = kind_of(path)
    if kind == "ole":
        raise ole_refusal(path)
    table = sheet_table(path, options) if kind == "zip" else text_table(path, options, packed=kind == "gzip")
    if not any(title.strip() for title in table.titles):
        raise UnreadableError("no_heading", str(options.header_row))
    table.rows = unchanged(path, table.rows, before)
    return translated(table)
