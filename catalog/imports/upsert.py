"""The SQL every importer needs: write what is new, change what differs, leave the rest alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence


def upsert(
    table: str,
    *,
    key: Sequence[str],
    values: Mapping[str, str],
    update: Sequence[str],
    defaults: Mapping[str, str],
    source: str,
) -> str:
    """An INSERT of `values` (column to SQL expression over `source`) that updates the `update` columns of rows with the same `key` where they differ.

    `defaults` are columns written only for new rows. A second run with the same file touches nothing.
    """
    columns = {**values, **defaults}
    head = f"INSERT INTO {table} ({', '.join(columns)}) SELECT {', '.join(columns.values())} FROM {source} ON CONFLICT ({', '.join(key)})"
    if not update:
        return f"{head} DO NOTHING"
    changes = ", ".join(f"{column} = excluded.{column}" for column in update)
    ours, theirs = (", ".join(f"{name}.{column}" for column in update) for name in (table, "excluded"))
    return f"{head} DO UPDATE SET {changes} WHERE ({ours}) IS DISTINCT FROM ({theirs})"
