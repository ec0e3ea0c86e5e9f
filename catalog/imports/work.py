"""Imports behind a page: what people ask is noted and done by a worker, its position told once a second, its refusals kept for who asked.

The engine (run.py) may take minutes, so no request waits for it. Per run there is one thing asked at a time; docs/adr/0031.
"""

from __future__ import annotations

import logging
import shutil
import tempfile
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import DatabaseError, connection, transaction

from catalog.imports import reasons
from catalog.imports import run as runs
from catalog.imports.begin import WAITING, left_aside
from catalog.imports.read import UnreadableError
from catalog.imports.translate.mapping import is_for
from catalog.imports.types import Progress, Tick
from catalog.imports.uploads import Uploaded, uploads_keep
from catalog.models import ImportMapping, ImportRun, ImportWork
from catalog.models.imports import RunState, WorkAct, WorkState
from portal import clock
from portal.accounts.actor import SYSTEM, Actor
from portal.accounts.models import Role
from portal.errors import Code, PortalError, Problem, refusal
from portal.locks import lock_rows
from portal.outbox.models import OutboxMessage
from portal.outbox.services import outbox_done, outbox_write

logger = logging.getLogger(__name__)
KEY = "import"  # one at a time, in the order asked
EVERY = timedelta(seconds=1)
# In which states a run may be asked for what, and the one in which it is done already.
_FROM = {
    WorkAct.PREPARE: WAITING,
    WorkAct.APPLY: (RunState.PREPARED, RunState.APPLYING),
    WorkAct.RESUME: (RunState.PREPARING, RunState.APPLYING, RunState.REVERTING),
    WorkAct.REVERT: (RunState.APPLYING, RunState.APPLIED, RunState.REVERTING),
}
_DONE = {WorkAct.APPLY: RunState.APPLIED, WorkAct.REVERT: RunState.REVERTED}


# --- asking ---


def import_upload(
    *,
    actor: Actor,
    files: Sequence[Uploaded],
    now: datetime,
    complete: Collection[str] = (),
    encoding: str = "",
    mapping: str = "",
) -> tuple[ImportRun, list[str]]:
    """Keep uploaded files as a new run and have it read and judged; answers it, and names in a ZIP that are no tables.

    Raises NOT_ALLOWED, INVALID (`upload`, `mapping`), BUSY when the disk is full; then nothing is kept.
    """
    _allowed(actor)
    _mapping_known(mapping)
    home = Path(settings.PORTAL_DATA) / "imports"
    home.mkdir(parents=True, exist_ok=True)
    coming = Path(tempfile.mkdtemp(dir=home, prefix="coming-"))
    try:
        aside = uploads_keep(files, coming / "files")
        with transaction.atomic():
            run = ImportRun.objects.create(
                started_by_id=actor.user_id,
                complete=sorted(complete),
                encoding=encoding,
                mapping=mapping,
                created_at=now,
            )
            run.folder = str(home / str(run.pk) / "files")
            run.save(update_fields=["folder"])
            _ask(run, actor, WorkAct.PREPARE, now)
            coming.rename(home / str(run.pk))
    finally:
        shutil.rmtree(coming, ignore_errors=True)
    return run, aside


@transaction.atomic
def import_ask(
    *, actor: Actor, run_id: int, act: str, now: datetime, judged: int | None = None, confirmed: bool = False
) -> ImportWork:
    """Have a worker do `act` (APPLY, RESUME, REVERT) with a run; asked twice it is done once. `judged`, `confirmed`: as `import_apply` has them.

    Raises NOT_ALLOWED, NOT_FOUND, BUSY (`import_asked`) while something else is done with it, WRONG_STATE, and INVALID (`confirmed`).
    """
    _allowed(actor)
    run, work = _locked(run_id)
    if work and work.act == act and (work.busy or run.state == _DONE.get(WorkAct(act))):
        return work
    _free(run, work, _FROM[WorkAct(act)])
    if act == WorkAct.APPLY and run.state == RunState.PREPARED:
        if judged != run.judged:
            raise refusal(Code.WRONG_STATE, "run", "judged_anew")
        if not confirmed and run.files.exclude(asks="").exists():
            raise refusal(Code.INVALID, "confirmed", "needs_yes")
    return _ask(run, actor, WorkAct(act), now, judged=judged, confirmed=confirmed)


def import_read_anew(
    *, actor: Actor, run_id: int, now: datetime, complete: Collection[str], encoding: str, mapping: str
) -> ImportWork:
    """Have a run's files read and judged again, otherwise than before. Raises as `import_ask`, and INVALID (`mapping`)."""
    _allowed(actor)
    _mapping_known(mapping)
    with transaction.atomic():
        run, work = _locked(run_id)
        _free(run, work, WAITING)
    if not run_uploaded(run):
        raise refusal(Code.WRONG_STATE, "run", "not_uploaded")
    run = runs.import_reread(actor=actor, run_id=run_id, complete=complete, encoding=encoding, mapping=mapping)
    with transaction.atomic():
        _free(*_locked(run_id), WAITING)
        return _ask(run, actor, WorkAct.PREPARE, now)


def import_drop(*, actor: Actor, run_id: int) -> ImportRun:
    """Drop a run that was not applied, its uploaded files with it. Raises as `import_ask`."""
    _allowed(actor)
    with transaction.atomic():
        run, work = _locked(run_id)
        if run.state == RunState.DISCARDED:
            return run
        _free(run, work, WAITING)
    run = runs.import_discard(actor=actor, run_id=run_id)
    if run_uploaded(run):
        shutil.rmtree(_home(run), ignore_errors=True)
    return run


def _home(run: ImportRun) -> Path:
    return Path(settings.PORTAL_DATA) / "imports" / str(run.pk)


def _allowed(actor: Actor) -> None:
    if not actor.is_house:
        raise refusal(Code.NOT_ALLOWED)
    actor.need(Role.PARTS_MANAGER)


def _mapping_known(mapping: str) -> None:
    if mapping and not ImportMapping.objects.filter(name=mapping).exists():
        raise refusal(Code.INVALID, "mapping", "mapping_gone", name=mapping)


def _locked(run_id: int) -> tuple[ImportRun, ImportWork | None]:
    """The run, locked, so that two who press a button come one after the other; and what was asked of it last."""
    found = lock_rows(ImportRun.objects.filter(pk=run_id))
    if not found:
        raise refusal(Code.NOT_FOUND, "run")
    return found[0], ImportWork.objects.filter(run_id=run_id).first()


def _free(run: ImportRun, work: ImportWork | None, states: Collection[str]) -> None:
    if work and work.busy:
        raise refusal(Code.BUSY, "run", "import_asked")
    if run.state not in states:
        raise refusal(Code.WRONG_STATE, "run", "import_state", state=str(run.get_state_display()))


def _ask(run: ImportRun, actor: Actor, act: WorkAct, now: datetime, **details: Any) -> ImportWork:
    noted: dict[str, Any] = {
        "act": act,
        "state": WorkState.WAITING,
        "asked_by_id": actor.user_id,
        "asked_at": now,
        "problems": [],
    }
    work, _ = ImportWork.objects.update_or_create(run=run, defaults={**noted, **_POSITION})
    outbox_write(kind=f"import.{act.lower()}", key=KEY, payload={"run": run.pk, **details}, now=now)
    return work


# --- doing, in a worker ---


def work_do(message: OutboxMessage, act: WorkAct) -> None:
    """Do what a message asks. It may come again after a kill: the engine goes on from where it was, what is done already is left.

    A refusal is kept for the page, for trying again by itself would change nothing; only while another import runs the message waits.
    """
    run_id, problems = message.payload["run"], []
    _noted(run_id, state=WorkState.RUNNING)
    try:
        with _told(run_id) as progress:
            _do(message, act, progress)
    except PortalError as error:
        if error.problems[0].why == "import_running":
            _noted(run_id, state=WorkState.WAITING)
            raise
        problems = [_kept(problem) for problem in error.problems]
    except UnreadableError as error:
        problems = [{"reason": error.reason, "value": error.value}]
    except Exception:
        logger.exception("Import %s: %s failed", run_id, act)
        problems = [_kept(Problem(Code.BUSY, "run", {}, "import_failed"))]
    with transaction.atomic():
        _noted(run_id, state=WorkState.ENDED, problems=problems, **_POSITION)
        outbox_done(message)


def work_problems(work: ImportWork) -> list[str]:
    """Why it came to nothing, and what to do, in the reader's language."""
    return [_said(one) for one in work.problems]


def run_uploaded(run: ImportRun) -> bool:
    """Were its files uploaded, so that they can be read otherwise? A folder of the command line is somebody else's."""
    return Path(run.folder) == _home(run) / "files" and Path(run.folder).is_dir()


def run_aside(run: ImportRun) -> list[str]:
    """Names of uploaded files that are no table of ours, nor the one the run's mapping is for."""
    folder = Path(run.folder)
    if run.state not in WAITING or not folder.is_dir():
        return []
    mapped = ImportMapping.objects.filter(name=run.mapping).values_list("pattern", flat=True).first() or ""
    return [path.name for path in left_aside(folder) if not is_for(mapped, path.name)]


def work_asks(work: ImportWork) -> bool:
    """Did it end with a question about the files, so that the same again would end the same?"""
    return any("reason" in one or one["code"] == Code.INVALID for one in work.problems)


def work_encodings(work: ImportWork) -> list[str]:
    """The encodings to choose from, when that is what it wants to know."""
    return [name for one in work.problems for name in reasons.encodings(one.get("reason", ""), one.get("value", ""))]


def _do(message: OutboxMessage, act: WorkAct, progress: Progress) -> None:
    asked = message.payload
    given: dict[str, Any] = {"actor": SYSTEM, "run_id": asked["run"], "now": clock.now(), "progress": progress}
    if ImportRun.objects.filter(pk=asked["run"], state=_DONE.get(act, "")).exists():
        return
    if act == WorkAct.APPLY:
        runs.import_apply(confirmed=asked["confirmed"], judged=asked["judged"], **given)
    elif act == WorkAct.REVERT:
        runs.import_revert(**given)
    else:
        runs.import_resume(**given)


_POSITION = {"phase": "", "file": "", "done": 0, "total": 0}


def _noted(run_id: int, **values: Any) -> None:
    ImportWork.objects.filter(run_id=run_id).update(**values)


@contextmanager
def _told(run_id: int) -> Iterator[Progress]:
    """Where the engine is, written at most once a second on a connection of its own: the engine's own is inside its transactions."""
    beside = connection.copy()
    last: tuple[datetime, str, str] | None = None

    def tell(tick: Tick) -> None:
        nonlocal last
        moment = clock.real_now()
        if last and moment - last[0] < EVERY and last[1:] == (tick.phase, tick.file):
            return
        last = (moment, tick.phase, tick.file)
        with suppress(DatabaseError), beside.cursor() as cursor:  # a position nobody reads must not stop an import
            cursor.execute(
                "UPDATE catalog_importwork SET phase = %s, file = %s, done = %s, total = %s WHERE run_id = %s",
                [tick.phase, tick.file[:255], tick.done, tick.total, run_id],
            )

    try:
        yield tell
    finally:
        beside.close()


def _kept(problem: Problem) -> dict[str, Any]:
    if problem.why == "no_file":  # speaks of a folder on the server
        problem = Problem(Code.INVALID, "upload", {}, "upload_no_table")
    return {"code": problem.code, "field": problem.field, "details": dict(problem.details), "why": problem.why}


def _said(kept: dict[str, Any]) -> str:
    if "reason" in kept:
        return f"{reasons.why(kept['reason'])} {kept['value']}. {reasons.what_to_do(kept['reason'])}"
    return Problem(Code(kept["code"]), kept["field"], kept["details"], kept["why"]).message
