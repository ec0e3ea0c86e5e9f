"""A file's rows in a temporary table, checked cell by cell, from which an importer says what should be in the catalogue."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from itertools import islice
from typing import Any

from django.db import connection
from psycopg import sql
from psycopg.types.json import Jsonb

from catalog.imports.cells import escaped
from catalog.imports.fill import Lines
from catalog.imports.plan import Overlay, Write, posting_plan, removal_plan, step_plan, types_of
from catalog.imports.read import RawRow
from catalog.imports.types import Importer, Kind, Phase, Progress, Tick, silent
from catalog.models.imports import ImportFile, ImportStep

Params = Mapping[str, Any]
_AT_ONCE = 5_000  # rows to a COPY, rejections held in memory
_LONGEST_VALUE, _LONGEST_COLUMN = 200, 60  # signs of a rejection that are kept; makers' headings are longer


class Stage:
    """The readable rows of one file in the temporary table `stage` (columns as declared, plus `line`).

    Columns that the file does not have are null in every row and missing from `present`. What is refused goes to the file's rejections,
    what is wanted becomes a step of the file; the catalogue itself is not written.
    """

    def __init__(
        self,
        importer: Importer,
        file: ImportFile,
        overlay: Overlay,
        *,
        found: Mapping[str, str],
        now: datetime,
        complete: bool = False,
        progress: Progress = silent,
    ) -> None:
        self.importer, self.file, self.overlay, self.now = importer, file, overlay, now
        self.complete, self.progress = complete, progress
        self.found, self.present = found, frozenset(found)
        self.steps: list[ImportStep] = []
        self._refused: list[tuple[int, str, str, str]] = []
        self._made, self._number = 0, file.steps.count()

    def fill(self, rows: Iterable[RawRow], about: int = 0) -> None:
        """Make the table and copy the rows that can be read into it; `about` how many there are is for the progress."""
        names = [column.name for column in self.importer.columns] + list(self.importer.derived)
        kinds = [column.kind.value for column in self.importer.columns] + [Kind.TEXT.value] * len(self.importer.derived)
        declared = sql.SQL(", ").join(
            sql.SQL("{} {}").format(sql.Identifier(n), sql.SQL(k)) for n, k in zip(names, kinds, strict=True)
        )
        self._drop("stage")
        self.execute(sql.SQL("CREATE TEMPORARY TABLE stage (line bigint, {})").format(declared))
        lines = Lines(self.importer, self.found, self.refuse)
        copied = sql.SQL("COPY stage ({}) FROM STDIN").format(sql.SQL(", ").join(map(sql.Identifier, lines.columns)))
        source = lines.of(rows)
        with connection.cursor() as cursor:
            while many := list(islice(source, _AT_ONCE)):
                with cursor.copy(copied) as copy:
                    copy.write("".join(many))
                self.progress(Tick(Phase.READING, self.file.name, lines.rows, max(about, lines.rows)))
            cursor.execute("ANALYZE stage")
        self.file.rows = lines.rows
        self.progress(Tick(Phase.JUDGING, self.file.name))

    def done(self) -> None:
        """Write what was refused, and drop the rows."""
        self._flush()
        self._drop("stage")

    # --- leaving rows out ---

    def refuse(self, line: int, column: str, value: object, reason: str) -> None:
        """Leave a row out, with what was wrong."""
        shown = "" if value is None else str(value)
        self._refused.append((line, column[:_LONGEST_COLUMN], shown[:_LONGEST_VALUE], reason))
        self.file.rejected += 1
        if len(self._refused) >= _AT_ONCE:
            self._flush()

    def refuse_where(self, condition: str, column: str, reason: str, params: Params | None = None) -> int:
        """Take the rows of a condition (SQL over `stage`) out of the table and report them under `column`; answers how many."""
        shown = f"coalesce(left({column}::text, {_LONGEST_VALUE}), '')" if column else "''"
        many = self.execute(
            f"WITH out AS (DELETE FROM stage WHERE {condition} RETURNING line, {shown} AS shown)"
            ' INSERT INTO catalog_importrejection (file_id, line, "column", value, reason, reverting)'
            f" SELECT {self.file.pk}, line, '{column}', shown, '{reason}', false FROM out ORDER BY line",
            params,
        )
        self.file.rejected += many
        return many

    def refuse_repeated(self, *key: str, column: str = "") -> None:
        """Keep the first row of each key (SQL expressions over `stage`)."""
        self.refuse_where(
            f"line IN (SELECT line FROM (SELECT line, row_number() OVER (PARTITION BY {', '.join(key)} ORDER BY line) AS turn FROM stage) t"
            " WHERE turn > 1)",
            column or key[0],
            "repeated",
        )

    # --- what is known, as it will be after the steps so far ---

    def known(self, table: str) -> str:
        """SQL for `table` as the files before will leave it; to stand after FROM, with an alias."""
        return self.overlay.of(table)

    def known_rows(
        self, table: str, *columns: str, where: str = "true", params: Params | None = None
    ) -> list[dict[str, Any]]:
        """The rows of `table` as the files before will leave it."""
        return self.fetch(
            f"SELECT {', '.join(columns)} FROM {self.known(table)} known WHERE {where} ORDER BY 1", params
        )

    def rows(self) -> list[dict[str, Any]]:
        """The rows still in the table, by line, for importers that work row by row."""
        return self.fetch("SELECT * FROM stage ORDER BY line")

    def fetch(self, statement: str, params: Params | None = None) -> list[dict[str, Any]]:
        """The rows of a query."""
        with connection.cursor() as cursor:
            cursor.execute(statement, {"now": self.now, **(params or {})})
            names = [column.name for column in cursor.description or ()]
            return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]

    def next_id(self, table: str) -> int:
        """The key a new row of `table` will have."""
        return int(self.fetch(f"SELECT nextval(pg_get_serial_sequence('{table}', 'id')) AS id")[0]["id"])

    def execute(self, statement: Any, params: Params | None = None) -> int:
        """Run a statement over `stage`; answers how many rows it touched."""
        with connection.cursor() as cursor:
            cursor.execute(statement, {"now": self.now, **(params or {})})
            return cursor.rowcount

    # --- what should be ---

    def write(self, table: str, **wanted: Any) -> ImportStep:
        """Plan the rows of `table` that should be, as `Write` has it; answers the step."""
        step = step_plan(self.file, self._next_number(), Write(table, **wanted), self.overlay, {"now": self.now})
        return self._kept(step)

    def write_rows(self, table: str, rows: Sequence[Mapping[str, Any]], **wanted: Any) -> ImportStep | None:
        """The same for rows made in Python, all with the same columns, and `line`."""
        if not rows:
            return None
        source = self._made_table(table, rows)
        values = {name: connection.ops.quote_name(name) for name in rows[0] if name != "line"}
        return self.write(table, values=values, source=source, **wanted)

    def remove(self, table: str, rows: str) -> ImportStep:
        """Plan to take rows out of `table`; `rows` is SQL answering their `id` and the `file_line` that says so."""
        return self._kept(removal_plan(self.file, self._next_number(), table, rows, self.overlay))

    def post(self, ledger: str, rows: str) -> ImportStep:
        """Plan movements for the poster registered for `ledger`; `rows` is SQL answering `file_line` and what it needs."""
        return self._kept(posting_plan(self.file, self._next_number(), ledger, rows))

    def lines_that_change(self) -> int:
        """How many lines of the file change something, each counted once, however many tables it goes into."""
        plans = [f"SELECT file_line FROM {step.plan}" for step in self.steps if step.planned]
        if not plans:
            return 0
        [counted] = self.fetch(f"SELECT count(*) AS many FROM ({' UNION '.join(plans)}) one WHERE file_line > 0")
        return int(counted["many"])

    def ask(self, question: str, **details: Any) -> None:
        """What this file does needs an explicit yes; `question` has its words in reasons.py."""
        self.file.asks, self.file.asks_details = question, details

    def _next_number(self) -> int:
        self._number += 1
        return self._number

    def _kept(self, step: ImportStep) -> ImportStep:
        self.steps.append(step)
        return step

    def _made_table(self, table: str, rows: Sequence[Mapping[str, Any]]) -> str:
        self._made += 1
        name, types = f"stage_made_{self._made}", types_of(table) | {"line": "bigint"}
        self._drop(name)
        columns = list(rows[0])
        declared = ", ".join(f"{connection.ops.quote_name(one)} {types[one]}" for one in columns)
        with connection.cursor() as cursor:
            cursor.execute(f"CREATE TEMPORARY TABLE {name} ({declared})")
            with cursor.copy(f"COPY {name} FROM STDIN") as copy:
                for row in rows:
                    copy.write_row([Jsonb(row[one]) if isinstance(row[one], dict) else row[one] for one in columns])
            cursor.execute(f"ANALYZE {name}")
        return name

    def _drop(self, name: str) -> None:
        self.execute(f"DROP TABLE IF EXISTS pg_temp.{name}")

    def _flush(self) -> None:
        if not self._refused:
            return
        with (
            connection.cursor() as cursor,
            cursor.copy(
                'COPY catalog_importrejection (file_id, line, "column", value, reason, reverting) FROM STDIN'
            ) as copy,
        ):
            copy.write(
                "".join(
                    f"{self.file.pk}\t{line}\t{escaped(column)}\t{escaped(value)}\t{reason}\tf\n"
                    for line, column, value, reason in self._refused
                )
            )
        self._refused.clear()
