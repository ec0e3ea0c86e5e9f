"""Many rows in one short statement. What is written travels as one JSON value, which costs a fraction of a placeholder and an object for each value."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from django.db import connection, models

_INSERT = """
INSERT INTO {table} ({columns}) SELECT {columns} FROM jsonb_to_recordset(%s::jsonb) AS told ({types}) {conflict} RETURNING {key}
"""


def rows_insert(model: type[models.Model], rows: Iterable[Mapping[str, Any]], *, conflict: str = "") -> list[Any]:
    """Insert rows, given by column; a field that the first one lacks has its default. Answers their keys in the order given.

    `conflict` is a whole `ON CONFLICT ...`; rows that it leaves out have no key in the answer. Constraints hold as ever, signals and
    `auto_now` do nothing, as with any statement of one's own.
    """
    given = list(rows)
    if not given:
        return []
    fields = [one for one in model._meta.concrete_fields if one.column in given[0] or _has_default(one)]
    missing = {one.column: one.get_default() for one in fields if one.column not in given[0]}
    quote = connection.ops.quote_name
    columns = ", ".join(quote(str(one.column)) for one in fields)
    types = ", ".join(f"{quote(str(one.column))} {one.db_type(connection)}" for one in fields)
    table, key = quote(model._meta.db_table), quote(str(model._meta.pk.column))
    statement = _INSERT.format(table=table, columns=columns, types=types, conflict=conflict, key=key)
    with connection.cursor() as cursor:
        cursor.execute(statement, [json.dumps([{**missing, **one} for one in given], default=str)])
        return [row[0] for row in cursor.fetchall()]


def _has_default(field: models.Field[Any, Any]) -> bool:
    """Whether Python knows what stands in it when nobody says so; a key, and what the database makes, it does not."""
    return not (field.primary_key or field.generated or (field.has_db_default() and not field.has_default()))
