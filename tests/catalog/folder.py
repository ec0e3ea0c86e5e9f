"""A folder of tables to import, written by a test."""

from __future__ import annotations

import csv
import gzip
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from catalog.imports.run import folder_import
from catalog.imports.types import FileReport

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)


def write(folder: Path, stem: str, heading: str, *rows: str | Sequence[str]) -> Path:
    """Write stem.csv; a row is text with commas, or a list of cells. Cells a row lacks are written empty."""
    path = folder / f"{stem}.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(heading.split(","))
        width = len(heading.split(","))
        for row in rows:
            cells = row.split(",") if isinstance(row, str) else list(row)
            writer.writerow([*cells, *[""] * (width - len(cells))])
    return path


def squeeze(path: Path) -> None:
    """Replace a csv by its csv.gz."""
    with gzip.open(f"{path}.gz", "wb") as packed:
        packed.write(path.read_bytes())
    path.unlink()


def bring_in(folder: Path, *, dry_run: bool = False) -> dict[str, FileReport]:
    """Import and answer the reports by stem."""
    return {report.file.name.split(".")[0]: report for report in folder_import(folder, now=NOW, dry_run=dry_run)}


def left_out(report: FileReport) -> list[tuple[int, str, str]]:
    """(line, column, reason) of what was left out."""
    return [(one.line, one.column, one.reason) for one in report.rejections]
