"""From a file's rows to lines for COPY: every row checked by checks made once for the file, bad ones told and left out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping

from catalog.imports.cells import CellError, Check, checker, escaped
from catalog.imports.read import RawRow
from catalog.imports.types import Column, Importer

Refuse = Callable[[int, str, object, str], None]


class Lines:
    """The readable rows of one file as lines for COPY, `columns` naming what stands in them; counts what it read in `rows`."""

    def __init__(self, importer: Importer, found: Mapping[str, str], refuse: Refuse) -> None:
        declared = [column for column in importer.columns if column.name in found]
        self.checks: list[tuple[Column, str, Check]] = [(one, found[one.name], checker(one)) for one in declared]
        self.derived = [(found[cell], make) for cell, make in importer.derived.values() if cell in found]
        names = [name for name, (cell, _) in importer.derived.items() if cell in found]
        self.columns = ["line", *(one.name for one in declared), *names]
        self.refuse, self.rows = refuse, 0

    def of(self, rows: Iterable[RawRow]) -> Iterator[str]:
        """A line for each row; an empty one for a row that is left out, so that whoever reads in portions never waits for a good one."""
        plain = [(written, check) for _, written, check in self.checks]
        for line, cells, fault in rows:
            self.rows += 1
            get = cells.get
            if fault:
                self.refuse(line, fault.column, fault.value, fault.reason)
                yield ""
                continue
            try:
                values = [check(get(written, "")) for written, check in plain]
            except CellError:
                self._told(line, cells)
                yield ""
                continue
            if self.derived:
                values += [escaped(make(get(written, ""))) for written, make in self.derived]
            yield "\t".join((str(line), *values)) + "\n"

    def _told(self, line: int, cells: Mapping[str, str]) -> None:
        """Every bad cell of a row, not only the first."""
        for column, written, check in self.checks:
            text = cells.get(written, "")
            try:
                check(text)
            except CellError as bad:
                self.refuse(line, column.name, text, bad.reason)
