"""What an importer is made of. docs/import.md says how to write one."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from catalog.imports.stage import Stage


class Kind(StrEnum):
    """How a cell is read, and the database type its column gets."""

    TEXT = "text"
    INTEGER = "bigint"
    DECIMAL = "numeric"
    DATE = "date"
    YES_NO = "boolean"


@dataclass(frozen=True)
class Column:
    """A column of a file. `most` is the longest text or the greatest number, `least` the smallest number."""

    name: str
    kind: Kind = Kind.TEXT
    required: bool = False
    most: int | None = None
    least: int | None = None
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True)
class Importer:
    """How one file, found by its stem (`parts` finds parts.csv, parts.csv.gz and parts.xlsx), comes in.

    `order` says when: lower comes first. `derived` adds text columns computed from the row as read. `bring_in` gets the rows that
    could be read and writes them; it refuses the rest through the stage and never raises for a bad row.
    """

    stem: str
    order: int
    columns: tuple[Column, ...]
    bring_in: Callable[[Stage], None]
    derived: Mapping[str, Callable[[Mapping[str, object]], str]] = field(default_factory=dict)


@dataclass(frozen=True)
class Rejection:
    """A row (or a cell of it) that did not come in; words for `reason` are in catalog/imports/reasons.py."""

    file: str
    line: int
    column: str
    value: str
    reason: str


@dataclass
class FileReport:
    """What one file did."""

    file: Path
    rows: int = 0
    added: int = 0
    changed: int = 0
    rejections: list[Rejection] = field(default_factory=list)
    failure: str = ""
