"""Saved mappings: how a maker's own tables become ours. Made by staff, tried on a sample, used by name."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from django.db import transaction

from catalog.imports import reasons, registry
from catalog.imports.cells import CellError, value_of
from catalog.imports.read import ReadOptions, UnreadableError, table_of
from catalog.imports.translate.mapping import MappedTable, TableMapping, mapped_rows, titles_missing
from catalog.imports.translate.suggest import suggested
from catalog.imports.types import Importer
from catalog.models import ImportMapping
from catalog.rules.mapping import KnownTable, Wrong, mapping_faults
from portal.accounts.actor import Actor
from portal.accounts.models import Role
from portal.errors import Code, PortalError, Problem, refusal
from portal.locks import lock_rows

PREVIEW_ROWS = 20
FIELDS = ("pattern", "encoding", "separator", "sheet", "header_row", "decimal_comma", "date_format", "tables")


@dataclass(frozen=True)
class PreviewRow:
    """A row as it would come in: the line in the file, cells by our columns, and what is wrong with it (column, why), if anything."""

    line: int
    cells: Mapping[str, str]
    wrong: list[tuple[str, str]]


def known_tables() -> dict[str, KnownTable]:
    """Our tables as a mapping may name them."""
    return {
        importer.stem: KnownTable(
            frozenset(column.name for column in importer.columns),
            frozenset(column.name for column in importer.columns if column.required),
        )
        for importer in registry.importers()
    }


def mapping_wrongs(given: Mapping[str, Any]) -> list[Wrong]:
    """(field, why, value) of everything that keeps a mapping with these FIELDS from being used."""
    names = ("pattern", "encoding", "separator", "header_row", "date_format", "tables")
    return list(mapping_faults(**{name: given[name] for name in names}, known=known_tables()))


@transaction.atomic
def mapping_save(*, name: str, actor: Actor, now: datetime, **given: Any) -> ImportMapping:
    """Make the mapping `name`, or change the FIELDS that are given. Raises NOT_ALLOWED unless the actor is a parts manager, INVALID by field."""
    _allowed(actor)
    known = lock_rows(ImportMapping.objects.filter(name=name))
    mapping = known[0] if known else ImportMapping(name=name)
    for field in FIELDS:
        setattr(mapping, field, given.get(field, getattr(mapping, field)))
    wrong = mapping_wrongs({field: getattr(mapping, field) for field in FIELDS})
    if wrong:
        raise PortalError(
            [Problem(Code.INVALID, field, {"value": value}, f"mapping_{why}") for field, why, value in wrong]
        )
    mapping.changed_at, mapping.changed_by_id = now, actor.user_id
    mapping.save()
    return mapping


@transaction.atomic
def mapping_delete(*, name: str, actor: Actor) -> None:
    """Forget a mapping. Raises NOT_ALLOWED unless the actor is a parts manager, NOT_FOUND."""
    _allowed(actor)
    if not ImportMapping.objects.filter(name=name).delete()[0]:
        raise refusal(Code.NOT_FOUND, "name")


def mappings_all() -> list[tuple[str, str]]:
    """(name, pattern) of every mapping, by name."""
    return list(ImportMapping.objects.order_by("name").values_list("name", "pattern"))


def mapping_get(name: str) -> TableMapping:
    """The mapping of a name, ready for use; raises NOT_FOUND."""
    saved = ImportMapping.objects.filter(name=name).first()
    if saved is None:
        raise refusal(Code.NOT_FOUND, "name")
    return mapping_of(saved)


def mapping_of(saved: ImportMapping) -> TableMapping:
    """A row, saved or not, as what reads files."""
    return TableMapping(
        name=saved.name,
        pattern=saved.pattern,
        tables=tuple(MappedTable(stem, **{"columns": {}, **table}) for stem, table in saved.tables.items()),
        options=ReadOptions(saved.encoding, saved.separator, saved.header_row, saved.sheet),
        decimal_comma=saved.decimal_comma,
        date_format=saved.date_format,
    )


def mapping_preview(path: Path, mapping: TableMapping, *, rows: int = PREVIEW_ROWS) -> dict[str, list[PreviewRow]]:
    """The first rows of a sample by table, each cell judged, the catalogue not asked. Raises UnreadableError."""
    table = table_of(path, mapping.options)
    if missing := titles_missing(table, mapping):
        raise UnreadableError("title_missing", ", ".join(missing))
    importers = {importer.stem: importer for importer in registry.importers()}
    shown: dict[str, list[PreviewRow]] = {one.stem: [] for one in mapping.tables}
    first = itertools.islice(mapped_rows(table, mapping, importers), rows * len(mapping.tables))
    for stem, line, cells, fault in first:
        wrong = [(fault.column, reasons.why(fault.reason))] if fault else list(_wrong_cells(importers[stem], cells))
        shown[stem].append(PreviewRow(line, cells, wrong))
    return shown


def _wrong_cells(importer: Importer, cells: Mapping[str, str]) -> list[tuple[str, str]]:
    wrong = []
    for column in importer.columns:
        try:
            value_of(column, cells.get(column.name, ""))
        except CellError as bad:
            wrong.append((column.name, reasons.why(bad.reason)))
    return wrong


def mapping_suggest(path: Path, stem: str, options: ReadOptions) -> dict[str, str]:
    """Our columns of the table `stem` to the columns of a file that probably mean them. Raises UnreadableError, NOT_FOUND (`stem`)."""
    importer = next((one for one in registry.importers() if one.stem == stem), None)
    if importer is None:
        raise refusal(Code.NOT_FOUND, "stem")
    return suggested(table_of(path, options).titles, importer.columns)


def _allowed(actor: Actor) -> None:
    if not actor.is_house:
        raise refusal(Code.NOT_ALLOWED)
    actor.need(Role.PARTS_MANAGER)
