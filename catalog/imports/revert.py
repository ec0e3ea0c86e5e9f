"""The way back: what a run wrote becomes what it was, newest first, row by row refused where something newer stands on it.

Nothing that is used is deleted: a new part that somebody ordered, stocked or named elsewhere is retired instead.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import partial
from typing import Any

from django.db import connection, transaction
from django.db.models import QuerySet

from catalog.imports import registry
from catalog.imports.apply import BATCH, POSTED, StaleError, hashed, patiently, wait_no_longer
from catalog.imports.plan import model_of, types_of
from catalog.imports.types import Phase, Progress, Tick
from catalog.models.imports import ImportChange, ImportRun, ImportStep, Rejection, StepKind

PARTS = "catalog_part"
# What is only computed from a row goes with it: (table, column).
_DERIVED = {PARTS: (("catalog_searchpart", "part_id"),)}
_REFERENCES = """
SELECT conrelid::regclass::text, attname FROM pg_constraint JOIN pg_attribute ON attrelid = conrelid AND attnum = conkey[1]
WHERE contype = 'f' AND confrelid = %s::regclass ORDER BY 1, 2
"""
_MOST_TOLD = 200


def run_revert(run: ImportRun, *, now: datetime, progress: Progress) -> None:
    """Take back every step of a run from where it stands, the last one first."""
    steps = list(
        ImportStep.objects.filter(file__run=run, applied__gt=0)
        .select_related("file")
        .order_by("-file__position", "-number")
    )
    total, done = sum(step.applied for step in steps), 0
    for step in steps:
        while step.revert_position != 0:
            step.revert_position, many = _portion(step, now)
            done += many
            progress(Tick(Phase.REVERTING, step.file.name, min(done, total), total))


def _portion(step: ImportStep, now: datetime) -> tuple[int, int]:
    """As `_batch`. Where a row cannot be what it was (its group is gone, a newer list has its days), its portion goes row by row and it stays."""
    try:
        return patiently(partial(_batch, step, now, POSTED if step.kind == StepKind.POST else BATCH))
    except StaleError:
        keys = list(_left(step)[: POSTED if step.kind == StepKind.POST else BATCH])
    for _ in keys:
        try:
            step.revert_position, _many = patiently(partial(_batch, step, now, 1))
        except StaleError:
            step.revert_position = _passed_over(step)
    return (step.revert_position if _left(step).exists() else 0) or 0, len(keys)


def _left(step: ImportStep) -> QuerySet[ImportChange, int]:
    """Keys of the changes that were not looked at yet, newest first."""
    changes = ImportChange.objects.filter(step=step).order_by("-pk")
    if step.revert_position is not None:
        changes = changes.filter(pk__lt=step.revert_position)
    return changes.values_list("pk", flat=True)


@transaction.atomic
def _passed_over(step: ImportStep) -> int:
    """The next change stays, and is told."""
    key, row = _left(step).values_list("pk", "row_id")[0]
    _stay(step, [row], "changed_since")
    ImportStep.objects.filter(pk=step.pk).update(revert_position=key)
    return int(key)


@transaction.atomic
def _batch(step: ImportStep, now: datetime, many: int) -> tuple[int, int]:
    """One portion, its refusals, and how far the step got; answers that place (0: at the end) and how many rows it looked at."""
    keys = list(_left(step)[:many])
    with connection.cursor() as cursor:
        wait_no_longer(cursor)
        if keys:
            _KINDS[StepKind(step.kind)](cursor, step, keys, now)
            connection.check_constraints()
    position = keys[-1] if len(keys) == many else 0
    ImportStep.objects.filter(pk=step.pk).update(revert_position=position)
    return position, len(keys)


def _written(cursor: Any, step: ImportStep, keys: Sequence[int], now: datetime) -> None:
    bounds = {"step": step.pk, "low": keys[-1], "high": keys[0], "now": now}
    if step.updates:
        _stay(step, _changed_back(cursor, step, bounds), "changed_since")
    left = _new_back(cursor, step, bounds)
    if left:
        _new_stay(cursor, step, left, now)


_BATCH = "batch AS MATERIALIZED (SELECT row_id, before, after FROM catalog_importchange WHERE step_id = %(step)s AND id BETWEEN %(low)s AND %(high)s)"


def _changed_back(cursor: Any, step: ImportStep, bounds: dict[str, Any]) -> list[int]:
    """Changed rows become what they were; answers those that something newer has changed."""
    old = ", ".join(f"{_q(name)} = was.{_q(name)}" for name in step.updates)
    cursor.execute(
        f"WITH {_BATCH}, back AS (UPDATE {step.table} SET {old} FROM batch, jsonb_populate_record(NULL::{step.table}, batch.before) was"
        f" WHERE batch.before IS NOT NULL AND {step.table}.id = batch.row_id AND {hashed(step, step.table)} = batch.after RETURNING {step.table}.id)"
        " SELECT row_id FROM batch WHERE before IS NOT NULL AND row_id NOT IN (SELECT id FROM back)",
        bounds,
    )
    return [key for (key,) in cursor.fetchall()]


def _new_back(cursor: Any, step: ImportStep, bounds: dict[str, Any]) -> dict[int, str]:
    """New rows that nobody changed or uses are deleted; answers why others are not: the table that uses one, or nothing when it was changed."""
    table = step.table
    references = [one for one in _references(cursor, table) if one not in _DERIVED.get(table, ())]
    used = "".join(
        f" WHEN EXISTS (SELECT FROM {other} o WHERE o.{_q(column)} = t.id) THEN '{other}'"
        for other, column in references
    )
    still = " AND ".join(("true", *(f"t.{_q(name)} = {silent}" for name, silent in step.guards.items())))
    found = (
        f"found AS MATERIALIZED (SELECT t.id, {f'CASE{used} END' if used else 'NULL::text'} AS used, {hashed(step, 't')} = batch.after AND {still} AS same"
        f" FROM batch JOIN {table} t ON t.id = batch.row_id WHERE batch.before IS NULL)"
    )
    free = "SELECT id FROM found WHERE used IS NULL AND same"
    derived = "".join(
        f", derived_{number} AS (DELETE FROM {other} WHERE {_q(column)} IN ({free}))"
        for number, (other, column) in enumerate(_DERIVED.get(table, ()))
    )
    cursor.execute(
        f"WITH {_BATCH}, {found}, gone AS (DELETE FROM {table} WHERE id IN ({free}) RETURNING id){derived}"
        " SELECT id, coalesce(used, '') FROM found WHERE id NOT IN (SELECT id FROM gone)",
        bounds,
    )
    return dict(cursor.fetchall())


def _new_stay(cursor: Any, step: ImportStep, left: dict[int, str], now: datetime) -> None:
    """New rows that stay: parts in use are no longer sold, all are told."""
    used = [key for key, table in left.items() if table]
    if step.table == PARTS and used:
        cursor.execute(
            "UPDATE catalog_part SET status = 'RETIRED', changed_at = %s WHERE id = ANY(%s) AND status <> 'RETIRED'",
            [now, used],
        )
    _stay(step, used, "retired_instead" if step.table == PARTS else "in_use", left)
    _stay(step, [key for key, table in left.items() if not table], "changed_since")


def _removed(cursor: Any, step: ImportStep, keys: Sequence[int], now: datetime) -> None:
    """Rows that were taken out of a list stand in it again."""
    columns = ", ".join(_q(name) for name in types_of(step.table))
    cursor.execute(
        f"WITH {_BATCH} INSERT INTO {step.table} ({columns}) SELECT {', '.join(f'was.{_q(name)}' for name in types_of(step.table))}"
        f" FROM batch, jsonb_populate_record(NULL::{step.table}, batch.before) was ON CONFLICT DO NOTHING",
        {"step": step.pk, "low": keys[-1], "high": keys[0]},
    )


def _posted(cursor: Any, step: ImportStep, keys: Sequence[int], now: datetime) -> None:
    ledger = list(ImportChange.objects.filter(pk__in=keys).values_list("row_id", flat=True))
    stays = registry.poster_of(step.table).take_back(ledger, now)
    for reason in sorted(set(stays.values())):
        _stay(step, [key for key, why in stays.items() if why == reason], reason)


_KINDS = {StepKind.WRITE: _written, StepKind.REMOVE: _removed, StepKind.POST: _posted}


def _references(cursor: Any, table: str) -> list[tuple[str, str]]:
    """What points to a table, as the database knows it: (table, column)."""
    cursor.execute(_REFERENCES, [table])
    return [(other, column) for other, column in cursor.fetchall()]


def _stay(step: ImportStep, keys: Sequence[int], reason: str, used_by: dict[int, str] | None = None) -> None:
    """Tell which rows could not be taken back, by the name people know them by."""
    if not keys:
        return
    model = model_of(step.table)
    known = model._default_manager.in_bulk(list(keys))
    Rejection.objects.bulk_create(
        Rejection(
            file=step.file,
            line=0,
            column=str(model._meta.verbose_name)[:60],
            value=f"{known.get(key, key)}{_by(used_by, key)}"[:_MOST_TOLD],
            reason=reason,
            reverting=True,
        )
        for key in keys
    )


def _by(used_by: dict[int, str] | None, key: int) -> str:
    if not used_by or not used_by.get(key):
        return ""
    return f" ({model_of(used_by[key].strip(chr(34)))._meta.verbose_name})"


def _q(name: str) -> str:
    return connection.ops.quote_name(name)
