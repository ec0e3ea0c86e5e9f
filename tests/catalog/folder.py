"""A folder of tables to import, written by a test."""

from __future__ import annotations

import csv
import gzip
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from catalog.imports.run import import_apply, import_prepare
from catalog.imports.summary import FileSummary, rejections_of, run_summary
from catalog.models import ImportRun, Rejection
from portal.accounts.actor import SYSTEM

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)


@dataclass
class Report:
    """What one file did: rows added and changed, and what was left out of it, by line."""

    summary: FileSummary
    rejections: list[Rejection]

    @property
    def added(self) -> int:
        return self.summary.new

    @property
    def changed(self) -> int:
        return self.summary.changed

    @property
    def file(self) -> Path:
        return Path(self.summary.file)

    @property
    def failure(self) -> str:
        return self.summary.failure


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


def prepared(folder: Path, **options: Sequence[str]) -> ImportRun:
    """Read and judge a folder."""
    return import_prepare(actor=SYSTEM, folder=folder, now=NOW, complete=options.get("complete", ()))


def applied(folder: Path, **options: Sequence[str]) -> ImportRun:
    """Bring a folder in; what it asks is answered with yes."""
    run = prepared(folder, **options)
    return import_apply(actor=SYSTEM, run_id=run.pk, now=NOW, confirmed=True)


def bring_in(folder: Path) -> dict[str, Report]:
    """Bring a folder in and answer what its files did, by name."""
    return reports(applied(folder))


def reports(run: ImportRun) -> dict[str, Report]:
    """What the files of a run do, or did, by name."""
    told: dict[str, list[Rejection]] = {}
    for one in rejections_of(run):
        told.setdefault(one.file.name, []).append(one)
    return {one.file.split(".")[0]: Report(one, told.get(one.file, [])) for one in run_summary(run).files}


def left_out(report: Report) -> list[tuple[int, str, str]]:
    """(line, column, reason) of what was left out."""
    return [(one.line, one.column, one.reason) for one in report.rejections]
