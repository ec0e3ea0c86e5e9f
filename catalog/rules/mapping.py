"""What a saved mapping may say. Pure: what is known comes as arguments."""

from __future__ import annotations

import codecs
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

_PARTS = {"columns", "constants", "values", "price_per"}
_SEPARATORS = ("", ",", ";", "\t", "|")
_LAST_HEADER_ROW = 1000


@dataclass(frozen=True)
class KnownTable:
    """A table of ours: its columns, and which of them every row needs."""

    columns: frozenset[str]
    required: frozenset[str]


# (field, why, what it is about)
Wrong = tuple[str, str, str]


def mapping_faults(
    *,
    pattern: str,
    encoding: str,
    separator: str,
    header_row: int,
    date_format: str,
    tables: Any,
    known: Mapping[str, KnownTable],
) -> Iterator[Wrong]:
    """Everything that keeps a mapping from being used. One for XML fills in what the format does not say: it needs no columns."""
    if not pattern.strip():
        yield "pattern", "pattern_missing", ""
    whole = not pattern.lower().endswith((".xml", ".xml.gz"))
    if encoding and not _is_encoding(encoding):
        yield "encoding", "encoding_unknown", encoding
    if separator not in _SEPARATORS:
        yield "separator", "separator_unknown", separator
    if not 1 <= header_row <= _LAST_HEADER_ROW:
        yield "headerRow", "header_row", str(header_row)
    if date_format and not _is_date_format(date_format):
        yield "dateFormat", "date_format", date_format
    if not isinstance(tables, dict) or not tables:
        yield "tables", "tables_missing", ""
        return
    for stem, table in tables.items():
        if stem not in known:
            yield f"tables.{stem}", "table_unknown", stem
        elif not _is_table(table):
            yield f"tables.{stem}", "table_form", stem
        else:
            yield from _table_faults(stem, table, known[stem], whole=whole)


def _is_encoding(name: str) -> bool:
    """A text encoding Python knows; not one of its transformations of bytes."""
    try:
        return bool(codecs.lookup(name)._is_text_encoding)
    except LookupError:
        return False


def _is_date_format(written: str) -> bool:
    day = date(2026, 5, 31)
    try:
        return datetime.strptime(day.strftime(written), written).date() == day  # noqa: DTZ007
    except ValueError:
        return False


def _is_table(table: Any) -> bool:
    """Texts by texts, all the way."""
    if not isinstance(table, dict) or not table.keys() <= _PARTS or not isinstance(table.get("price_per", ""), str):
        return False
    values = table.get("values", {})
    return (
        all(_are_texts(table.get(part, {})) for part in ("columns", "constants"))
        and isinstance(values, dict)
        and all(_are_texts(words) for words in values.values())
    )


def _are_texts(pairs: Any) -> bool:
    return isinstance(pairs, dict) and all(
        isinstance(name, str) and isinstance(text, str) for name, text in pairs.items()
    )


def _table_faults(stem: str, table: Mapping[str, Any], known: KnownTable, *, whole: bool) -> Iterator[Wrong]:
    columns, constants = table.get("columns", {}), table.get("constants", {})
    named = {*columns, *constants, *table.get("values", {})}
    for name in sorted(named - known.columns):
        yield f"tables.{stem}.{name}", "column_unknown", name
    for name in sorted(columns.keys() & constants.keys()):
        yield f"tables.{stem}.{name}", "column_and_constant", name
    for name in sorted(known.required - columns.keys() - constants.keys() if whole else ()):
        yield f"tables.{stem}.{name}", "column_needed", name
    per = table.get("price_per", "")
    if per and not (per == "exact" or (per.isascii() and per.isdigit() and 1 <= int(per) <= 10**9)):
        yield f"tables.{stem}.price_per", "price_per", per
    if per and not {"amount", "per_quantity"} <= known.columns:
        yield f"tables.{stem}.price_per", "price_per_here", stem
