"""Which of an importer's columns a heading has."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from catalog.imports.read import UnreadableError
from catalog.imports.types import Column


def columns_found(columns: Iterable[Column], heading: Sequence[str]) -> dict[str, str]:
    """The columns the heading has, each with the title it stands under. Raises UnreadableError when a needed one is missing or one is there twice."""
    columns = list(columns)
    titles = {
        column.name: [title for title in heading if title in (column.name, *column.aliases)] for column in columns
    }
    missing = [column.name for column in columns if column.required and not titles[column.name]]
    if missing:
        raise UnreadableError("column_missing", ", ".join(missing))
    twice = [" = ".join(found) for found in titles.values() if len(found) > 1]
    if twice:
        raise UnreadableError("column_twice", ", ".join(twice))
    return {name: found[0] for name, found in titles.items() if found}
