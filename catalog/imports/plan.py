"""What a file would change, worked out beside the catalogue: wanted rows against known ones, the difference in a table of its own.

A later file of the same run must see what an earlier one would write. `Overlay` answers a table as it will be: the catalogue's rows with
every planned step laid over them. Nothing here writes to the catalogue; docs/adr/0020 says why.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from django.apps import apps
from django.db import connection, models

from catalog.models.imports import ImportFile, ImportStep, StepKind

MANY = 500  # rows after which the planner must look again: with what it knew of an empty table the next join takes minutes (seen)


@dataclass(frozen=True)
class Write:
    """What should be in `table`: `values` (column: SQL over `source`) of each row, found again by `key`.

    Of known rows the `update` columns are written where they differ, and then `touch` with them; new rows get everything. `defaults` are
    for new rows alone, `guards` those of them that other work moves later. `line` is SQL for the line a row came from, `facts` are counts
    for the summary: SQL conditions over the plan, where `old_<column>` is what an update column was and `known` whether the row was there.
    """

    table: str
    key: Sequence[str]
    values: Mapping[str, str]
    update: Sequence[str] = ()
    defaults: Mapping[str, str] = field(default_factory=dict)
    guards: Mapping[str, str] = field(default_factory=dict)
    touch: Mapping[str, str] = field(default_factory=dict)
    source: str = "stage"
    line: str = "line"
    facts: Mapping[str, str] = field(default_factory=dict)


@lru_cache
def model_of(table: str) -> type[models.Model]:
    """The model behind a table."""
    return next(one for one in apps.get_models(include_auto_created=True) if one._meta.db_table == table)


@lru_cache
def types_of(table: str) -> dict[str, str]:
    """The columns of a table with their types, texts without their length: a cast would cut them short in silence."""
    fields = [one for one in model_of(table)._meta.concrete_fields if not one.generated]
    return {str(one.column): _type(one.db_type(connection) or "") for one in fields}


def _type(written: str) -> str:
    if not written.startswith("varchar"):
        return written
    return "varchar[]" if written.endswith("[]") else "varchar"


class Overlay:
    """The tables of the catalogue as they will be when the steps planned so far are applied."""

    def __init__(self, steps: Iterable[ImportStep] = ()) -> None:
        self._steps: dict[str, list[ImportStep]] = {}
        for step in steps:
            self.add(step)

    def add(self, step: ImportStep) -> None:
        """Lay one step more over its table."""
        if step.planned and not step.closed and step.kind != StepKind.POST:
            self._steps.setdefault(step.table, []).append(step)

    def copy(self) -> Overlay:
        """The same, to try a file on."""
        return Overlay(step for steps in self._steps.values() for step in steps)

    def of(self, table: str) -> str:
        """SQL for a table as it will be, to stand after FROM or JOIN."""
        types = types_of(table)
        if table not in self._steps:
            return table
        rows = f"SELECT {', '.join(_q(name) for name in types)} FROM {table}"
        for step in self._steps[table]:
            rows = _laid_over(rows, step, types)
        return f"({rows})"


def _laid_over(rows: str, step: ImportStep, types: Mapping[str, str]) -> str:
    if step.kind == StepKind.REMOVE:
        return f"SELECT * FROM ({rows}) below WHERE NOT EXISTS (SELECT FROM {step.plan} p WHERE p.id = below.id)"
    if step.changed:
        columns = ", ".join(
            f"CASE WHEN p.id IS NULL THEN below.{_q(name)} ELSE p.{_q(name)} END AS {_q(name)}"
            if name in step.updates
            else f"below.{_q(name)}"
            for name in types
        )
        rows = f"SELECT {columns} FROM ({rows}) below LEFT JOIN {step.plan} p ON p.id = below.id AND p.known"
    if step.new:
        written = ("id", *step.columns)
        columns = ", ".join(_q(name) if name in written else f"NULL::{kind}" for name, kind in types.items())
        rows = f"{rows} UNION ALL SELECT {columns} FROM {step.plan} WHERE NOT known"
    return rows


def step_plan(file: ImportFile, number: int, write: Write, overlay: Overlay, params: Mapping[str, Any]) -> ImportStep:
    """Work out what `write` would change, in a table of its own; answers the step, already laid over `overlay`."""
    types = types_of(write.table)
    columns = {**write.values, **write.defaults, **write.guards, **write.touch}
    columns.pop("id", None)
    updates = [*write.update, *write.touch] if write.update else []
    step = ImportStep.objects.create(
        file=file,
        number=number,
        table=write.table,
        columns=list(columns),
        updates=updates,
        guards={name: silent.strip("'") for name, silent in write.guards.items()},
    )
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TABLE IF EXISTS {step.plan}")
        cursor.execute(_difference(step, write, overlay.of(write.table), types), params)
        _counted(cursor, step, write)
    step.save(update_fields=["new", "changed", "facts"])
    overlay.add(step)
    return step


def _difference(step: ImportStep, write: Write, known: str, types: Mapping[str, str]) -> str:
    """CREATE TABLE for the rows that are new or differ, numbered in the order of their lines, new ones with the keys they will have."""
    wanted = {**write.values, **write.defaults, **write.guards, **write.touch}
    asked = ", ".join(f"({sql})::{types[name]} AS {_q(name)}" for name, sql in wanted.items())
    same = " AND ".join(_equal(f"was.{_q(name)}", f"wanted.{_q(name)}", name, write.table) for name in write.key)
    ours, theirs = (", ".join(f"{side}.{_q(name)}" for name in write.update) for side in ("was", "wanted"))
    differs = f"OR ({ours}) IS DISTINCT FROM ({theirs})" if write.update else ""
    old = "".join(f", was.{_q(name)} AS {_q(f'old_{name}')}" for name in step.updates)
    named = "".join(f", wanted.{_q(name)}" for name in step.columns)
    fresh = "wanted_id" if "id" in write.values else f"nextval(pg_get_serial_sequence('{write.table}', 'id'))"
    chosen = ", wanted.id AS wanted_id" if "id" in write.values else ""
    columns = "".join(f", {_q(name)}" for name in (*step.columns, *(f"old_{name}" for name in step.updates)))
    return (
        f"CREATE UNLOGGED TABLE {step.plan} AS SELECT row_number() OVER () AS ord, coalesce(was_id, {fresh}) AS id,"
        f" was_id IS NOT NULL AS known, file_line{columns}"
        f" FROM (SELECT was.id AS was_id, wanted.file_line{chosen}{named}{old}"
        f" FROM (SELECT {write.line} AS file_line, {asked} FROM {write.source}) wanted LEFT JOIN {known} was ON {same}"
        f" WHERE was.id IS NULL {differs} ORDER BY wanted.file_line) ordered"
    )


def _equal(ours: str, theirs: str, name: str, table: str) -> str:
    """Equality that can be hashed where the column cannot be empty."""
    nullable = model_of(table)._meta.get_field(name.removesuffix("_id") if name != "id" else "id").null
    return f"{ours} IS NOT DISTINCT FROM {theirs}" if nullable else f"{ours} = {theirs}"


def _counted(cursor: Any, step: ImportStep, write: Write) -> None:
    """Count what the step does, column by column."""
    facts = dict(write.facts)
    facts |= {f"column:{name}": f"known AND {_q(name)} IS DISTINCT FROM {_q(f'old_{name}')}" for name in write.update}
    counts = "".join(f", count(*) FILTER (WHERE {condition})" for condition in facts.values())
    cursor.execute(f"SELECT count(*) FILTER (WHERE NOT known), count(*) FILTER (WHERE known){counts} FROM {step.plan}")
    step.new, step.changed, *found = cursor.fetchone()
    step.facts = {name: many for name, many in zip(facts, found, strict=True) if many}
    if step.planned > MANY:
        cursor.execute(f"CREATE UNIQUE INDEX ON {step.plan} (ord)")
        cursor.execute(f"ANALYZE {step.plan}")


def removal_plan(file: ImportFile, number: int, table: str, rows: str, overlay: Overlay) -> ImportStep:
    """Plan to take out of `table` the rows that `rows` (SQL answering `id` and `file_line`) names."""
    step = ImportStep.objects.create(file=file, number=number, table=table, kind=StepKind.REMOVE)
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TABLE IF EXISTS {step.plan}")
        cursor.execute(
            f"CREATE UNLOGGED TABLE {step.plan} AS SELECT row_number() OVER () AS ord, id, file_line FROM ({rows}) gone"
        )
        cursor.execute(f"SELECT count(*) FROM {step.plan}")
        step.changed = cursor.fetchone()[0]
    step.save(update_fields=["changed"])
    overlay.add(step)
    return step


def posting_plan(file: ImportFile, number: int, table: str, rows: str) -> ImportStep:
    """Plan movements to be posted to the ledger `table`; `rows` is SQL answering `file_line` and what the posting needs."""
    step = ImportStep.objects.create(file=file, number=number, table=table, kind=StepKind.POST)
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TABLE IF EXISTS {step.plan}")
        cursor.execute(
            f"CREATE UNLOGGED TABLE {step.plan} AS SELECT row_number() OVER (ORDER BY file_line) AS ord, * FROM ({rows}) posted"
        )
        cursor.execute(f"SELECT count(*) FROM {step.plan}")
        step.new = cursor.fetchone()[0]
        if step.new > MANY:
            cursor.execute(f"CREATE UNIQUE INDEX ON {step.plan} (ord)")
    step.save(update_fields=["new"])
    return step


def plans_drop(steps: Iterable[ImportStep]) -> None:
    """Forget what was planned."""
    with connection.cursor() as cursor:
        for step in steps:
            cursor.execute(f"DROP TABLE IF EXISTS {step.plan}")


def _q(name: str) -> str:
    return connection.ops.quote_name(name)
