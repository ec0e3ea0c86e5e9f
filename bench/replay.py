"""The rows one call wrote, and the same rows again in bare SQL: same tables, same constraints, one durable commit."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

import psycopg
from django.apps import apps
from django.db import connection
from psycopg import sql
from psycopg.types.json import Jsonb

Rows = list[dict[str, Any]]
APPS = ("accounts", "catalog", "orders", "warranty", "promises", "notices", "outbox")


@dataclass
class Written:
    """Rows by table in the order they can be inserted, and the levels that were held: (level id, pieces)."""

    tables: list[tuple[str, Rows]]
    levels: list[tuple[int, int]]
    keys: dict[str, set[int]] = field(default_factory=dict)

    @property
    def count(self) -> int:
        """How many rows were written or changed."""
        return sum(len(rows) for _, rows in self.tables) + len(self.levels)


def written_by(act: Callable[[], object]) -> Written:
    """Run `act` and find every row it left in the tables of the program."""
    models = [model for name in APPS for model in apps.get_app_config(name).get_models()]
    # what a search reads is derived and has no key of its own; no order writes it
    tables = [model._meta.db_table for model in models if model._meta.pk.attname == "id"]
    before, held = {table: _last(table) for table in tables}, _held()
    act()
    found = {table: rows for table in tables if (rows := _after(table, before[table]))}
    levels = [(level, pieces - held.get(level, 0)) for level, pieces in _held().items() if pieces != held.get(level, 0)]
    keys = {table: {row["id"] for row in rows} for table, rows in found.items()}
    return Written([(table, found[table]) for table in _in_order(found)], levels, keys)


class Replay:
    """Writes the same rows again and again, each time under new keys and names."""

    def __init__(self, url: str, written: Written, *, own: int = 0) -> None:
        self.connection = psycopg.connect(url)
        self.written, self.times = written, own
        self.points_at = {table: _references(table) for table, _ in written.tables}
        self.statements = [(table, rows, _insert(table, rows)) for table, rows in written.tables]

    def close(self) -> None:
        """Give the connection back."""
        self.connection.close()

    def write(self, levels: Iterable[tuple[int, int]] | None = None, *, lock: bool = False) -> None:
        """One transaction with every row; `levels` to hold other than those of the first, `lock` to lock them first as we do."""
        self.times += 1
        chosen = list(levels if levels is not None else self.written.levels)
        with self.connection.transaction(), self.connection.cursor() as cursor:
            if lock:
                ids = [level for level, _ in chosen]
                cursor.execute(
                    "SELECT on_hand, held FROM catalog_stocklevel WHERE id = ANY(%s) ORDER BY id FOR NO KEY UPDATE",
                    [ids],
                )
            for level, pieces in chosen:
                cursor.execute("UPDATE catalog_stocklevel SET held = held + %s WHERE id = %s", [pieces, level])
            for table, rows, statement in self.statements:
                cursor.execute(statement, [value for row in rows for value in self._moved(table, row)])

    def _moved(self, table: str, row: dict[str, Any]) -> list[Any]:
        """The row under new keys: its own, those of rows written with it, and the names that must be unique."""
        return [self._value(table, name, value) for name, value in row.items()]

    def _value(self, table: str, name: str, value: Any) -> Any:
        target = table if name == "id" else self.points_at[table].get(name)
        if target is not None and value in self.written.keys.get(target, ()):
            return value + self.times * 1_000_000
        if isinstance(value, str) and name in ("number", "reference", "key", "subject", "event_id", "order_line"):
            return f"{value[:12]}~{self.times}"[:20] if name == "number" else f"{value}~{self.times}"
        return Jsonb(value) if isinstance(value, dict | list) and not _is_array(table, name) else value


def _last(table: str) -> int:
    return int(_fetch(f'SELECT coalesce(max(id), 0) AS last FROM "{table}"')[0]["last"])


def _held() -> dict[int, int]:
    return {row["id"]: row["held"] for row in _fetch("SELECT id, held FROM catalog_stocklevel WHERE held > 0")}


def _after(table: str, last: int) -> Rows:
    return _fetch(f'SELECT * FROM "{table}" WHERE id > {last} ORDER BY id')


def _fetch(query: str) -> Rows:
    connection.ensure_connection()
    url = connection.connection
    assert url is not None
    with psycopg.connect(url.info.dsn, row_factory=psycopg.rows.dict_row) as own:
        return own.execute(query.encode()).fetchall()


def _references(table: str) -> dict[str, str]:
    """{column: the table it points to}."""
    model = next(model for model in apps.get_models() if model._meta.db_table == table)
    return {
        one.column: one.related_model._meta.db_table
        for one in model._meta.concrete_fields
        if one.column and one.is_relation and one.related_model is not None
    }


def _is_array(table: str, name: str) -> bool:
    model = next(model for model in apps.get_models() if model._meta.db_table == table)
    kind = next(one for one in model._meta.concrete_fields if one.column == name).get_internal_type()
    return bool(kind == "ArrayField")


def _in_order(found: dict[str, Rows]) -> list[str]:
    """Tables so that rows come after those they point to."""
    left, done = list(found), []
    while left:
        ready = [table for table in left if not (set(_references(table).values()) - {table}) & set(left)]
        done += ready
        left = [table for table in left if table not in ready]
    return done


def _insert(table: str, rows: Rows) -> sql.Composed:
    names = list(rows[0])
    values = sql.SQL("({})").format(sql.SQL(", ").join([sql.Placeholder()] * len(names)))
    return sql.SQL("INSERT INTO {} ({}) OVERRIDING SYSTEM VALUE VALUES {}").format(
        sql.Identifier(table),
        sql.SQL(", ").join(map(sql.Identifier, names)),
        sql.SQL(", ").join([values] * len(rows)),
    )
