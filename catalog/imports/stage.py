"""A file's rows in a temporary table, checked cell by cell, ready for set-based writing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from django.db import connection
from psycopg import sql

from catalog.imports.cells import CellError, value_of
from catalog.imports.read import RawRow
from catalog.imports.types import Column, FileReport, Importer, Kind, Rejection

Params = Mapping[str, Any]

# After so many rows the planner must look again: with what it knew of the empty table the next join takes minutes (seen).
_MANY = 500


class Stage:
    """The readable rows of one file in the temporary table `stage` (columns as declared, plus `line`); counts and rejections go to its report.

    Columns that the file does not have are null in every row and missing from `present`.
    """

    def __init__(self, importer: Importer, report: FileReport, present: Iterable[str], now: Any) -> None:
        self.importer, self.report, self.now = importer, report, now
        self.present = frozenset(present)

    def fill(self, rows: Iterable[RawRow]) -> None:
        """Make the table and copy the rows that can be read into it."""
        names = [column.name for column in self.importer.columns] + list(self.importer.derived)
        kinds = [column.kind.value for column in self.importer.columns] + [Kind.TEXT.value] * len(self.importer.derived)
        columns = sql.SQL(", ").join(
            sql.SQL("{} {}").format(sql.Identifier(n), sql.SQL(k)) for n, k in zip(names, kinds, strict=True)
        )
        with connection.cursor() as cursor:
            cursor.execute("DROP TABLE IF EXISTS stage")
            cursor.execute(
                sql.SQL("CREATE TEMPORARY TABLE stage (line bigint PRIMARY KEY, {}) ON COMMIT DROP").format(columns)
            )
            with cursor.copy(sql.SQL("COPY stage FROM STDIN")) as copy:
                for row in self._readable(rows):
                    copy.write_row(row)
            cursor.execute("ANALYZE stage")

    def _readable(self, rows: Iterable[RawRow]) -> Iterator[Sequence[object]]:
        for line, cells, fault in rows:
            self.report.rows += 1
            if fault:
                self.refuse(line, fault.column, fault.value, fault.reason)
                continue
            values = self._values(line, cells)
            if values is not None:
                yield (line, *values.values(), *(derive(values) for derive in self.importer.derived.values()))

    def _values(self, line: int, cells: Mapping[str, str]) -> dict[str, object] | None:
        values: dict[str, object] = {}
        for column in self.importer.columns:
            text = cell_of(column, cells)
            try:
                values[column.name] = value_of(column, text)
            except CellError as bad:
                self.refuse(line, column.name, text, bad.reason)
        return values if len(values) == len(self.importer.columns) else None

    def refuse(self, line: int, column: str, value: object, reason: str) -> None:
        """Leave a row out, with what was wrong."""
        self.report.rejections.append(Rejection(self.report.file.name, line, column, str(value or "")[:200], reason))

    def refuse_where(self, condition: str, column: str, reason: str, params: Params | None = None) -> None:
        """Take the rows of a condition (SQL over `stage`) out of the table and report them under `column`."""
        shown = f"{column}::text" if column else "''"
        with connection.cursor() as cursor:
            cursor.execute(
                f"DELETE FROM stage WHERE {condition} RETURNING line, {shown}", params
            )  # conditions are our own text
            for line, value in sorted(cursor.fetchall()):
                self.refuse(line, column, value, reason)

    def refuse_repeated(self, *key: str, column: str = "") -> None:
        """Keep the first row of each key (SQL expressions over `stage`)."""
        self.refuse_where(
            f"line IN (SELECT line FROM (SELECT line, row_number() OVER (PARTITION BY {', '.join(key)} ORDER BY line) AS turn FROM stage) t"
            " WHERE turn > 1)",
            column or key[0],
            "repeated",
        )

    def write(self, statement: str, params: Params | None = None) -> None:
        """Run an `INSERT INTO table ... ON CONFLICT ...` (without RETURNING) and count what it added and what it changed."""
        counted = f"WITH done AS ({statement} RETURNING (xmax = 0) AS fresh) SELECT count(*) FILTER (WHERE fresh), count(*) FROM done"
        with connection.cursor() as cursor:
            cursor.execute(counted, {"now": self.now, **(params or {})})
            added, written = cursor.fetchone()
            if written > _MANY:
                cursor.execute(f"ANALYZE {statement.split()[2]}")
        self.report.added += added
        self.report.changed += written - added

    def execute(self, statement: str, params: Params | None = None) -> int:
        """Run a statement that is not counted; answers how many rows it touched."""
        with connection.cursor() as cursor:
            cursor.execute(statement, {"now": self.now, **(params or {})})
            return cursor.rowcount

    def rows(self) -> list[dict[str, Any]]:
        """The rows still in the table, by line, for importers that work row by row."""
        with connection.cursor() as cursor:
            cursor.execute("SELECT * FROM stage ORDER BY line")
            names = [column.name for column in cursor.description or ()]
            return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def cell_of(column: Column, cells: Mapping[str, str]) -> str:
    """The text of a column under its name or one of its other names."""
    return next((cells[name] for name in (column.name, *column.aliases) if name in cells), "")
