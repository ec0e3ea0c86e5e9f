"""What was planned comes into the catalogue in small transactions, each with its place in the plan and what every changed row was before."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import Any, TypeVar

from django.db import IntegrityError, OperationalError, connection, transaction
from psycopg import errors as pg

from catalog.imports import registry
from catalog.imports.plan import MANY, plans_drop
from catalog.imports.types import Phase, Progress, Tick
from catalog.models.imports import ImportChange, ImportRun, ImportStep, StepKind
from portal.errors import Code, PortalError

T = TypeVar("T")
BATCH = 5_000  # rows to a transaction: some tenths of a second in which a row stays locked
POSTED = 500
_TRIES, _PATIENCE = 5, "5s"


class StaleError(Exception):
    """The catalogue, or the plan, is not what it was when the run was judged."""


def run_apply(run: ImportRun, *, now: datetime, progress: Progress) -> None:
    """Apply every step from where it stands. Raises StaleError when the plan does not hold any more; what was applied stays on record."""
    steps = list(
        ImportStep.objects.filter(file__run=run, closed=False)
        .select_related("file")
        .order_by("file__position", "number")
    )
    total, done = sum(step.planned for step in steps), sum(step.applied for step in steps)
    for step in steps:
        _plan_there_or_raise(step)
        while step.applied < step.planned:
            before, step.applied = step.applied, patiently(partial(_batch, step, now))
            done += step.applied - before
            progress(Tick(Phase.APPLYING, step.file.name, done, total))
        _closed(step)


def patiently(work: Callable[[], T]) -> T:
    """Run a transaction, again when somebody held its rows; raises StaleError when a row it points to is gone."""
    for left in reversed(range(_TRIES)):
        try:
            return work()
        except OperationalError as error:
            if not left or not isinstance(error.__cause__, pg.LockNotAvailable | pg.DeadlockDetected):
                raise
        except IntegrityError as error:
            if not left:
                raise StaleError from error
        except PortalError as error:
            if not left or error.code != Code.BUSY:
                raise
    raise AssertionError("the last try answers or raises")


def wait_no_longer(cursor: Any) -> None:
    """For the rest of this transaction."""
    cursor.execute(f"SELECT set_config('lock_timeout', '{_PATIENCE}', true)")


def hashed(step: ImportStep, row: str) -> str:
    """SQL for a hash of what a step wrote of a row, by which a later change is seen. What other work moves (guards) is not in it."""
    columns = ", ".join(f"{row}.{_q(name)}" for name in step.columns if name not in step.guards)
    return f"hashtextextended(ROW({columns})::text, 0)"


def _plan_there_or_raise(step: ImportStep) -> None:
    """Plans are not written ahead: a server that crashed has emptied them."""
    if not step.planned:
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_regclass(%s)", [step.plan])
        if cursor.fetchone()[0] is None:
            raise StaleError
        cursor.execute(f"SELECT count(*) FROM {step.plan}")
        if cursor.fetchone()[0] != step.planned:
            raise StaleError


@transaction.atomic
def _batch(step: ImportStep, now: datetime) -> int:
    """One portion: rows, their journal, and how far the step got, all or nothing. Answers how far that is."""
    many = POSTED if step.kind == StepKind.POST else BATCH
    bounds = {"after": step.applied, "upto": min(step.applied + many, step.planned)}
    with connection.cursor() as cursor:
        wait_no_longer(cursor)
        written = _KINDS[StepKind(step.kind)](cursor, step, bounds, now)
    connection.check_constraints()  # now, and not when the commit is too late to be tried again
    if written < bounds["upto"] - bounds["after"] and step.kind == StepKind.WRITE:
        _missed(step, bounds)
    ImportStep.objects.filter(pk=step.pk).update(applied=bounds["upto"])
    return bounds["upto"]


def _write(cursor: Any, step: ImportStep, bounds: dict[str, int], now: datetime) -> int:
    columns = ", ".join(_q(name) for name in ("id", *step.columns))
    parts = [f"batch AS MATERIALIZED (SELECT * FROM {step.plan} WHERE ord > %(after)s AND ord <= %(upto)s)"]
    told = []
    if step.new:
        parts.append(
            f"added AS (INSERT INTO {step.table} ({columns}) SELECT {columns} FROM batch WHERE NOT known ORDER BY ord"
            f" ON CONFLICT DO NOTHING RETURNING id, {hashed(step, step.table)} AS after)"
        )
        told.append("SELECT id, NULL::jsonb AS before, after FROM added")
    if step.changed:
        parts.append(_changed(step))
        told.append("SELECT id, before, after FROM changed")
    cursor.execute(
        f"WITH {', '.join(parts)} INSERT INTO catalog_importchange (step_id, row_id, before, after)"
        f" SELECT {step.pk}, id, before, after FROM ({' UNION ALL '.join(told)}) told",
        bounds,
    )
    return int(cursor.rowcount)


def _changed(step: ImportStep) -> str:
    """Known rows are changed only where they still are what they were when the run was judged."""
    new = ", ".join(f"{_q(name)} = batch.{_q(name)}" for name in step.updates)
    is_, was = (
        ", ".join(f"{side}{_q(before + name)}" for name in step.updates)
        for side, before in ((f"{step.table}.", ""), ("batch.", "old_"))
    )
    before = ", ".join(f"'{name}', batch.{_q(f'old_{name}')}" for name in step.updates)
    return (
        f"changed AS (UPDATE {step.table} SET {new} FROM batch WHERE batch.known AND {step.table}.id = batch.id"
        f" AND ({is_}) IS NOT DISTINCT FROM ({was})"
        f" RETURNING {step.table}.id, jsonb_build_object({before}) AS before, {hashed(step, step.table)} AS after)"
    )


def _remove(cursor: Any, step: ImportStep, bounds: dict[str, int], now: datetime) -> int:
    cursor.execute(
        f"WITH gone AS (DELETE FROM {step.table} USING {step.plan} p WHERE p.ord > %(after)s AND p.ord <= %(upto)s AND {step.table}.id = p.id"
        f" RETURNING {step.table}.id, to_jsonb({step.table}) AS before)"
        f" INSERT INTO catalog_importchange (step_id, row_id, before) SELECT {step.pk}, id, before FROM gone",
        bounds,
    )
    return int(cursor.rowcount)


def _post(cursor: Any, step: ImportStep, bounds: dict[str, int], now: datetime) -> int:
    cursor.execute(f"SELECT * FROM {step.plan} WHERE ord > %(after)s AND ord <= %(upto)s ORDER BY ord", bounds)
    names = [column.name for column in cursor.description]
    rows = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
    posted = registry.poster_of(step.table).post(rows, step.pk, now)
    ImportChange.objects.bulk_create([ImportChange(step=step, row_id=key) for key in posted])
    return len(posted)


_KINDS = {StepKind.WRITE: _write, StepKind.REMOVE: _remove, StepKind.POST: _post}


def _missed(step: ImportStep, bounds: dict[str, int]) -> None:
    """Rows somebody made or changed between judging and applying are left as they are, and told."""
    with connection.cursor() as cursor:
        cursor.execute(
            'INSERT INTO catalog_importrejection (file_id, line, "column", value, reason, reverting)'
            f" SELECT {step.file_id}, file_line, '', '', 'changed_meanwhile', false FROM {step.plan} p WHERE ord > %(after)s AND ord <= %(upto)s"
            f" AND NOT EXISTS (SELECT FROM catalog_importchange c WHERE c.step_id = {step.pk} AND c.row_id = p.id)",
            bounds,
        )
        step.file.rejected += cursor.rowcount
    step.file.save(update_fields=["rejected"])


def _closed(step: ImportStep) -> None:
    with transaction.atomic():
        ImportStep.objects.filter(pk=step.pk).update(closed=True)
        plans_drop([step])
        if step.planned > MANY and step.kind == StepKind.WRITE:
            with connection.cursor() as cursor:
                cursor.execute(f"ANALYZE {step.table}")


def _q(name: str) -> str:
    return connection.ops.quote_name(name)
