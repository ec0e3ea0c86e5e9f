"""What an importer is made of. docs/import.md says how to write one."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
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

    `order` says when: lower comes first. `derived` adds text columns computed from a cell: its name, and what to do with its text. `bring_in`
    gets the rows that could be read and says what should be; it refuses the rest through the stage and never raises for a bad row.
    """

    stem: str
    order: int
    columns: tuple[Column, ...]
    bring_in: Callable[[Stage], None]
    derived: Mapping[str, tuple[str, Callable[[str], str]]] = field(default_factory=dict)


class Phase(StrEnum):
    """What a run is doing."""

    READING = "READING"
    JUDGING = "JUDGING"
    APPLYING = "APPLYING"
    COUNTING = "COUNTING"
    REVERTING = "REVERTING"


@dataclass(frozen=True)
class Tick:
    """How far a run got: `done` of about `total` rows, 0 of 0 where nobody can say."""

    phase: Phase
    file: str = ""
    done: int = 0
    total: int = 0


Progress = Callable[[Tick], None]


def silent(tick: Tick) -> None:
    """Progress nobody looks at."""
