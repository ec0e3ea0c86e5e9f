"""A table as it was read: its heading and its rows, nothing decided about them yet."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from catalog.imports.read.faults import Fault, UnreadableError

# (line it begins on, cells as wide as the heading, why it cannot be used)
Row = tuple[int, Sequence[str], Fault | None]
# The same with the cells by heading.
RawRow = tuple[int, dict[str, str], Fault | None]


# Headings of a table that was translated from another form: the line it came from, and why it cannot be used.
LINE, FAULT = "#line", "#fault"


@dataclass
class Table:
    """`rows` can be read once. `lines` is about how many there are, for a bar."""

    file: Path
    titles: list[str]
    rows: Iterator[Row]
    lines: int

    @property
    def heading(self) -> list[str]:
        """The titles as importers know their columns: lower case, blanks as underscores."""
        return [heading_name(title) for title in self.titles]

    def cells(self) -> Iterator[RawRow]:
        """Each row that is not empty, its cells by heading and without blanks around them."""
        heading = self.heading
        for line, cells, fault in self.rows:
            stripped = [cell.strip() for cell in cells]
            if fault or any(stripped):
                yield line, dict(zip(heading, stripped, strict=False)), fault


def heading_name(title: str) -> str:
    """A title in the form in which columns are named."""
    return title.strip().lower().replace(" ", "_")


def translated(table: Table) -> Table:
    """A table that was translated from another form, with the lines of that; any other table as it is."""
    if table.titles[:2] != [LINE, FAULT]:
        return table
    return Table(table.file, table.titles[2:], _translated(table.rows), table.lines)


def _translated(rows: Iterator[Row]) -> Iterator[Row]:
    for line, cells, fault in rows:
        if fault or not cells[0].isdigit():
            yield line, cells[2:], fault
        elif cells[1]:
            reason, column, value = [*cells[1].split("\t", 2), "", ""][:3]
            yield int(cells[0]), cells[2:], Fault(reason, column, value)
        else:
            yield int(cells[0]), cells[2:], None


def unchanged(file: Path, rows: Iterator[Row], before: tuple[int, int]) -> Iterator[Row]:
    """The rows of the file; at the end, whether the file is still the one that was surveyed. Raises UnreadableError when it grew meanwhile."""
    yield from rows
    if mark_of(file) != before:
        raise UnreadableError("growing", file.name)


def mark_of(path: Path) -> tuple[int, int]:
    """What changes when somebody writes to the file."""
    stat = path.stat()
    return stat.st_size, stat.st_mtime_ns
