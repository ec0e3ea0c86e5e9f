"""Bringing in a delivery: prepare (read, judge, sum up), apply, and the way back; each can be killed and goes on from where it was.

Command line and page call these; `catalog.imports.summary` tells what a run would do or did. docs/import.md describes it for people.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from django.db import OperationalError, transaction
from django.db.models import Count
from psycopg import errors as pg

from catalog.imports.apply import StaleError, run_apply
from catalog.imports.begin import OPEN, WAITING, delivery_of, rest_drop, run_drop, run_empty, run_fill, run_of
from catalog.imports.judge import judgement_drop, run_judge
from catalog.imports.revert import run_revert
from catalog.imports.touched import parts_touched
from catalog.imports.types import Phase, Progress, Tick, silent
from catalog.models.imports import ImportRun, RunState
from catalog.search.words import terms_count
from portal.accounts.actor import Actor
from portal.accounts.models import Role
from portal.errors import Code, refusal
from portal.locks import key_lock_session_try

LOCK = "import_catalogue"


def import_prepare(
    *,
    actor: Actor,
    folder: Path,
    now: datetime,
    complete: Collection[str] = (),
    encoding: str = "",
    progress: Progress = silent,
) -> ImportRun:
    """Read and judge every file of `folder` that an importer knows; the catalogue stays as it is. Answers the run, PREPARED.

    An unfinished run of the same files is gone on with instead, also one that was being applied (then it answers APPLYING). `complete`
    names stems whose file is whole: what it lacks is retired. `encoding` is that of text which is not Unicode. Raises NOT_ALLOWED, INVALID
    (`folder`: `no_file`; `complete`), BUSY (`import_running`), and WRONG_STATE (`import_unfinished`) when another run waits half applied or half taken back.
    """
    _allowed(actor)
    with _alone():
        run = run_of(delivery_of(folder, complete, encoding), actor, now)
        return run if run.state in OPEN else _prepared(run, now, progress)


def import_apply(
    *,
    actor: Actor,
    run_id: int,
    now: datetime,
    confirmed: bool = False,
    judged: int | None = None,
    progress: Progress = silent,
) -> ImportRun:
    """Bring a prepared run into the catalogue, or go on bringing it in. Answers the run, APPLIED.

    `judged` is the run's count of judgements the reader saw, `confirmed` a yes to the questions of its files. Raises NOT_ALLOWED, NOT_FOUND,
    BUSY, WRONG_STATE, INVALID (`confirmed`) when a question stands open, and WRONG_STATE (`judged_anew`) when the catalogue has changed since:
    the run was judged again and its summary is to be looked at anew.
    """
    _allowed(actor)
    with _alone():
        run = _run(run_id, RunState.PREPARED, RunState.APPLYING)
        if run.state == RunState.PREPARED:
            _ready(run, confirmed, judged, now, progress)
            _state(run, RunState.APPLYING)
        return _applied(run, now, progress)


def import_resume(*, actor: Actor, run_id: int, now: datetime, progress: Progress = silent) -> ImportRun:
    """Go on with a run that was cut short, in whatever it was doing; a finished or waiting one is answered as it is.

    Raises as the others, and UnreadableError when what was uploaded cannot be translated by the run's mapping.
    """
    _allowed(actor)
    with _alone():
        run = _run(run_id, *RunState)
        if run.state == RunState.PREPARING:
            run_fill(run)
            return _prepared(run, now, progress)
        if run.state == RunState.APPLYING:
            return _applied(run, now, progress)
        return _reverted(run, now, progress) if run.state == RunState.REVERTING else run


def import_reread(
    *, actor: Actor, run_id: int, complete: Collection[str] = (), encoding: str = "", mapping: str = ""
) -> ImportRun:
    """Forget how an uploaded run was read, to read it otherwise (`import_resume`). Raises NOT_ALLOWED, NOT_FOUND, BUSY and WRONG_STATE."""
    _allowed(actor)
    with _alone():
        run = _run(run_id, *WAITING)
        run_empty(run)
        run.complete, run.encoding, run.mapping, run.stopped = sorted(complete), encoding, mapping, ""
        _state(run, RunState.PREPARING)
        return run


def import_revert(*, actor: Actor, run_id: int, now: datetime, progress: Progress = silent) -> ImportRun:
    """Take back what a run wrote, row by row; answers the run, REVERTED. What could not be taken back is among its rejections (`reverting`).

    Raises NOT_ALLOWED, NOT_FOUND, BUSY and WRONG_STATE.
    """
    _allowed(actor)
    with _alone():
        run = _run(run_id, RunState.APPLYING, RunState.APPLIED, RunState.REVERTING)
        if run.state != RunState.REVERTING:
            _another_unfinished(run)
            rest_drop(run)
            _state(run, RunState.REVERTING)
        return _reverted(run, now, progress)


def import_discard(*, actor: Actor, run_id: int) -> ImportRun:
    """Drop a run that was not applied. Raises NOT_ALLOWED, NOT_FOUND, BUSY and WRONG_STATE."""
    _allowed(actor)
    with _alone():
        run = _run(run_id, *WAITING)
        run_drop(run)
        return run


def _allowed(actor: Actor) -> None:
    if not actor.is_house:
        raise refusal(Code.NOT_ALLOWED)
    actor.need(Role.PARTS_MANAGER)


@contextmanager
def _alone() -> Iterator[None]:
    with key_lock_session_try(LOCK) as alone:
        if not alone:
            raise refusal(Code.BUSY, "", "import_running")
        yield


def _run(run_id: int, *states: str) -> ImportRun:
    run = ImportRun.objects.filter(pk=run_id).first()
    if run is None:
        raise refusal(Code.NOT_FOUND, "run")
    if run.state not in states:
        raise refusal(Code.WRONG_STATE, "run", "import_state", state=str(run.get_state_display()))
    return run


# --- doing it ---


def _prepared(run: ImportRun, now: datetime, progress: Progress) -> ImportRun:
    """Judge what waits; a run that was judged already is judged anew when the catalogue has changed since."""
    if run.state == RunState.PREPARED and not _overtaken(run):
        return run
    if run.state == RunState.PREPARED:
        _judge_anew(run)
    with _told_why_stopped(run):
        run.basis = _events()
        run_judge(run, now=now, progress=progress)
    run.judged, run.prepared_at, run.stopped = run.judged + 1, now, ""
    _state(run, RunState.PREPARED)
    return run


def _ready(run: ImportRun, confirmed: bool, judged: int | None, now: datetime, progress: Progress) -> None:
    """May the run be applied as it was seen?"""
    _another_unfinished(run)
    if _overtaken(run):
        _prepared(run, now, progress)
    if judged is not None and judged != run.judged:
        raise refusal(Code.WRONG_STATE, "run", "judged_anew")
    if not confirmed and run.files.exclude(asks="").exists():
        raise refusal(Code.INVALID, "confirmed", "needs_yes")


def _applied(run: ImportRun, now: datetime, progress: Progress) -> ImportRun:
    with _told_why_stopped(run):
        try:
            run_apply(run, now=now, progress=progress)
        except StaleError:
            _judge_anew(run)
            _prepared(run, now, progress)
            raise refusal(Code.WRONG_STATE, "run", "judged_anew") from None
        touched = parts_touched(run)
        if touched is None or touched:
            progress(Tick(Phase.COUNTING))
            terms_count(touched)
    run.applied_at = run.counted_at = now
    run.stopped = ""
    _state(run, RunState.APPLIED)
    return run


def _reverted(run: ImportRun, now: datetime, progress: Progress) -> ImportRun:
    with _told_why_stopped(run):
        run_revert(run, now=now, progress=progress)
        progress(Tick(Phase.COUNTING))
        terms_count()
    run.reverted_at, run.stopped = now, ""
    _state(run, RunState.REVERTED)
    return run


def _state(run: ImportRun, state: RunState) -> None:
    run.state = state
    run.save()


def _judge_anew(run: ImportRun) -> None:
    judgement_drop(run)
    _state(run, RunState.PREPARING)


def _overtaken(run: ImportRun) -> bool:
    """Has another run been applied or taken back since this one was judged?"""
    return _events() != run.basis


def _events() -> int:
    runs = ImportRun.objects.aggregate(applied=Count("applied_at"), reverted=Count("reverted_at"))
    return int(runs["applied"] + runs["reverted"])


def _another_unfinished(run: ImportRun) -> None:
    other = ImportRun.objects.filter(state__in=OPEN).exclude(pk=run.pk).first()
    if other:
        raise refusal(Code.WRONG_STATE, "run", "import_unfinished", run=other.pk)


@contextmanager
def _told_why_stopped(run: ImportRun) -> Iterator[None]:
    """Note why a run stands still, if there is still room to note it; it can be gone on with."""
    try:
        yield
    except OperationalError as error:
        reason = _reason(error)
        try:
            with transaction.atomic():
                ImportRun.objects.filter(pk=run.pk).update(stopped=reason, stopped_details=str(error)[:500])
        except OperationalError:
            pass
        raise refusal(Code.BUSY, "run", reason, run=run.pk) from error


def _reason(error: OperationalError) -> str:
    if (
        isinstance(error.__cause__, pg.DiskFull)
        or "could not extend file" in str(error)
        or "No space left" in str(error)
    ):
        return "disk_full"
    if isinstance(error.__cause__, pg.LockNotAvailable | pg.DeadlockDetected):
        return "import_waits"
    return "import_stopped"
