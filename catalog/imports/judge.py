"""Each file read, every row judged, what it would write worked out; one transaction a file, and none of them writes to the catalogue."""

from __future__ import annotations

import hashlib
from datetime import datetime
from pathlib import Path

from django.db import DatabaseError, OperationalError, transaction

from catalog.imports import registry
from catalog.imports.columns import columns_found
from catalog.imports.plan import Overlay, plans_drop
from catalog.imports.read import ReadOptions, UnreadableError, table_of
from catalog.imports.stage import Stage
from catalog.imports.types import Progress
from catalog.models.imports import FileState, ImportFile, ImportRun, ImportStep, Rejection
from portal.errors import Code, PortalError


def run_judge(run: ImportRun, *, now: datetime, progress: Progress) -> None:
    """Judge the files that wait, in their order; each sees the catalogue as the files before it will leave it."""
    overlay = Overlay(ImportStep.objects.filter(file__run=run, closed=False).order_by("file__position", "number"))
    for file in run.files.filter(state=FileState.WAITING).order_by("position"):
        overlay = _judged(run, file, overlay, now, progress)


def judgement_drop(run: ImportRun) -> None:
    """Forget what was judged; what was applied already stays on record and is not planned again."""
    with transaction.atomic():
        steps = ImportStep.objects.filter(file__run=run, closed=False)
        plans_drop(steps)
        steps.filter(applied=0).delete()
        steps.update(closed=True)
        Rejection.objects.filter(file__run=run, reverting=False).delete()
        run.files.update(
            state=FileState.WAITING,
            rows=0,
            unchanged=0,
            rejected=0,
            failure="",
            failure_details="",
            asks="",
            asks_details={},
        )


def sha256(path: Path) -> str:
    """What tells one content of a file from another."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _judged(run: ImportRun, file: ImportFile, overlay: Overlay, now: datetime, progress: Progress) -> Overlay:
    """The overlay with the file's steps on it; a file that cannot be read keeps nothing out but itself."""
    trial = overlay.copy()
    try:
        with transaction.atomic():
            _judge(run, file, trial, now, progress)
            return trial
    except UnreadableError as unreadable:
        file_failed(file, unreadable.reason, unreadable.value)
    except PortalError as error:
        file_failed(file, "busy" if error.code == Code.BUSY else "refused", str(error))
    except OperationalError:
        raise  # the disk is full, the server is gone: no fault of this file
    except DatabaseError as error:
        file_failed(file, "refused", str(error).strip().splitlines()[0])
    return overlay


def _judge(run: ImportRun, file: ImportFile, overlay: Overlay, now: datetime, progress: Progress) -> None:
    path, importer = Path(file.path), registry.importer_of(file.stem)
    _same_or_refuse(file, path)
    table = table_of(path, ReadOptions(encoding=run.encoding))
    found = columns_found(importer.columns, table.heading)
    stage = Stage(importer, file, overlay, found=found, now=now, complete=file.stem in run.complete, progress=progress)
    stage.fill(table.cells(), table.lines)
    importer.bring_in(stage)
    stage.done()
    left_out = Rejection.objects.filter(file=file).values("line").distinct().count()
    file.unchanged = max(0, file.rows - stage.lines_that_change() - left_out)
    file.state = FileState.JUDGED
    file.save()


def _same_or_refuse(file: ImportFile, path: Path) -> None:
    """A run that was cut short goes on with the very files it began with."""
    try:
        there = sha256(path)
    except OSError as error:
        raise UnreadableError("not_there", str(error.strerror)) from error
    if there != file.sha256:
        raise UnreadableError("file_changed")


def file_failed(file: ImportFile, reason: str, value: str) -> None:
    """Nothing of the file comes in."""
    with transaction.atomic():
        ImportFile.objects.filter(pk=file.pk).update(
            state=FileState.FAILED, rows=0, unchanged=0, rejected=1, failure=reason, failure_details=value[:500]
        )
        Rejection.objects.create(file=file, line=0, column="", value=value[:200], reason=reason)
