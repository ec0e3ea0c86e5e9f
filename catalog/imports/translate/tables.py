"""Tables of ours written from another form: each row remembers the line of the delivered file it came from."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from catalog.imports.read import FAULT, LINE, Fault

# (stem of the table, line in the delivered file, cells by our columns, why the row cannot be used)
Translated = tuple[str, int, Mapping[str, str], Fault | None]


def tables_write(
    folder: Path, source: str, columns: Mapping[str, Sequence[str]], rows: Iterable[Translated]
) -> list[Path]:
    """Write `rows` into `folder`, a table a stem; columns that no row fills are left out, for an absent column leaves what is known.

    `columns` names what each stem can have. Answers the files, named `stem@source.csv`.
    """
    with ExitStack() as open_files:
        writers: dict[str, _Table] = {}
        for stem, line, cells, fault in rows:
            if stem not in writers:
                path = folder / f"{stem}@{source}.csv"
                writers[stem] = open_files.enter_context(_Table(path, columns[stem]))
            writers[stem].add(line, cells, fault)
    return [table.finished() for table in writers.values()]


class _Table:
    def __init__(self, path: Path, columns: Sequence[str]) -> None:
        self.path, self.columns = path, list(columns)
        self.used: set[str] = set()

    def __enter__(self) -> _Table:
        self.file = self.path.open("w", encoding="utf-8", newline="")
        self.writer: Any = csv.writer(self.file)
        self.writer.writerow([LINE, FAULT, *self.columns])
        return self

    def __exit__(self, *_: object) -> None:
        self.file.close()

    def add(self, line: int, cells: Mapping[str, str], fault: Fault | None) -> None:
        told = "\t".join((fault.reason, fault.column, fault.value)) if fault else ""
        self.used.update(name for name, cell in cells.items() if cell)
        self.writer.writerow([line, told, *(cells.get(name, "") for name in self.columns)])

    def finished(self) -> Path:
        """The file without the columns that stayed empty."""
        kept = [place for place, name in enumerate([LINE, FAULT, *self.columns]) if place < 2 or name in self.used]
        if len(kept) < len(self.columns) + 2:
            short = self.path.with_suffix(".tmp")
            with (
                self.path.open(encoding="utf-8", newline="") as old,
                short.open("w", encoding="utf-8", newline="") as new,
            ):
                csv.writer(new).writerows(_narrowed(csv.reader(old), kept))
            short.replace(self.path)
        return self.path


def _narrowed(rows: Iterable[list[str]], kept: Sequence[int]) -> Iterator[list[str]]:
    for row in rows:
        yield [row[place] for place in kept]
