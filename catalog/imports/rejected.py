"""What was left out as a table people can work through."""

from __future__ import annotations

import csv
import os
from collections.abc import Iterator
from pathlib import Path

from catalog.imports import reasons
from catalog.imports.summary import rejections_of
from catalog.models.imports import ImportRun, Rejection
from portal.cells import harmless

HEADING = ("file", "line", "column", "value", "reason", "what to do")


def rejections_write(run: ImportRun, path: Path, *, reverting: bool = False) -> int:
    """Write a run's rejections to `path`; answers how many. Written beside it first: a full disk leaves no half list. Raises OSError."""
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_name(f".{path.name}.part")
    many = -1  # the heading
    try:
        with unfinished.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file)
            for row in rejection_rows(run, reverting=reverting):
                writer.writerow(row)
                many += 1
        os.replace(unfinished, path)
    finally:
        unfinished.unlink(missing_ok=True)
    return many


def rejection_rows(run: ImportRun, *, reverting: bool = False) -> Iterator[tuple[str, ...]]:
    """HEADING, then a row a rejection, each cell fit for a spreadsheet, for the file came from strangers; read in portions."""
    yield HEADING
    for one in rejections_of(run, reverting=reverting):
        yield tuple(harmless(cell) for cell in rejection_told(one))


def rejection_told(one: Rejection) -> tuple[str, ...]:
    """A rejection by HEADING, in the reader's language."""
    told = (reasons.why(one.reason), reasons.what_to_do(one.reason))
    return (one.file.name, str(one.line or ""), one.column, one.value, *told)
