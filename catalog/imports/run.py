"""Bring in a folder: every file an importer knows, in order, each in its own transaction."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Sequence
from contextlib import nullcontext
from datetime import datetime
from pathlib import Path

from django.db import DatabaseError, transaction

from catalog.imports import reasons, registry
from catalog.imports.columns import columns_present
from catalog.imports.read import USUAL, ReadOptions, UnreadableError, file_of, stem_of, table_of, unfinished
from catalog.imports.stage import Stage
from catalog.imports.types import FileReport, Importer, Rejection
from catalog.search.words import terms_count
from portal.errors import Code, PortalError

Progress = Callable[[FileReport, bool], None]


def folder_import(
    folder: Path,
    *,
    now: datetime,
    dry_run: bool = False,
    progress: Progress = lambda report, done: None,
    options: ReadOptions = USUAL,
) -> list[FileReport]:
    """Bring in what `folder` holds and answer a report per file; `dry_run` undoes everything at the end. Bad rows are never fatal.

    Of a folder that is not there as a whole nothing comes in. `progress` is told when a file begins (False) and when it is done (True).
    """
    if broken := unfinished(folder, [importer.stem for importer in registry.importers()]):
        return [_refused(path, reason) for path, reason in broken]
    found = [(importer, path) for importer in registry.importers() if (path := file_of(folder, importer.stem))]
    reports: list[FileReport] = []
    with transaction.atomic() if dry_run else nullcontext():
        reports.extend(_reported(importer, path, now, progress, options) for importer, path in found)
        if any(report.added or report.changed for report in reports):
            terms_count()
        if dry_run:
            transaction.set_rollback(True)
    return reports


def left_aside(folder: Path) -> list[Path]:
    """Tables in the folder that no importer knows."""
    known = {importer.stem for importer in registry.importers()}
    return sorted(path for path in folder.iterdir() if stem_of(path) and stem_of(path) not in known)


def rejections_write(reports: Sequence[FileReport], path: Path) -> int:
    """Write what was left out as a table people can work through; answers how many rows it has."""
    rejections = [rejection for report in reports for rejection in report.rejections]
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["file", "line", "column", "value", "reason", "what to do"])
        writer.writerows(
            (
                one.file,
                one.line or "",
                one.column,
                _harmless(one.value),
                reasons.why(one.reason),
                reasons.what_to_do(one.reason),
            )
            for one in rejections
        )
    return len(rejections)


def _harmless(value: str) -> str:
    """A cell that a spreadsheet would run as a formula is quoted; the file came from strangers."""
    return f"'{value}" if re.match(r"[=+\-@\t\r]", value) else value


def _refused(path: Path, reason: str) -> FileReport:
    report = FileReport(path)
    _failed(report, reason, path.name)
    return report


def _reported(importer: Importer, path: Path, now: datetime, progress: Progress, options: ReadOptions) -> FileReport:
    report = FileReport(path)
    progress(report, False)
    try:
        with transaction.atomic():
            _bring_in(importer, report, now, options)
    except UnreadableError as unreadable:
        _failed(report, unreadable.reason, unreadable.value)
    except PortalError as error:
        _failed(report, "busy" if error.code == Code.BUSY else "refused", str(error))
    except DatabaseError as error:  # one file's trouble must not keep the others out
        _failed(report, "refused", str(error).strip().splitlines()[0])
    progress(report, True)
    return report


def _failed(report: FileReport, reason: str, value: str) -> None:
    """Nothing of the file came in."""
    report.added, report.changed, report.failure = 0, 0, f"{reasons.why(reason)} {value}"
    report.rejections = [Rejection(report.file.name, 0, "", value, reason)]


def _bring_in(importer: Importer, report: FileReport, now: datetime, options: ReadOptions) -> None:
    table = table_of(report.file, options)
    stage = Stage(importer, report, columns_present(importer.columns, table.heading), now)
    stage.fill(table.cells())
    importer.bring_in(stage)
