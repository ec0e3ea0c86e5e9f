"""A promise after its facts or holds changed: judged anew, and everybody told what that means."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from portal.promises.models import Promise, PromiseLine
from portal.promises.rules.due import warnings
from portal.promises.rules.standing import Case, Standing, judge
from portal.promises.rules.steps import next_step
from portal.promises.rules.words import ENDS, State
from portal.promises.selectors.case import case_of, lines_of
from portal.promises.selectors.policies import closed_days
from portal.promises.services.messages import settlement_of, tell_settled
from portal.promises.services.steps import lines_save, step_take, steps_plan


def promise_refresh(promise: Promise, *, now: datetime) -> Promise:
    """Judge a started, locked promise anew, post the break and the late days due by now, tell its end; the rows are saved.

    Warnings are the sweep's: what is over needs none.
    """
    lines = lines_of(promise)
    read = case_of(promise, lines)
    standing = judge(read, closed_days(promise.calendar), now)
    case, disproved = _disprove(read, standing, lines)
    case = _stand(promise, case, standing)
    while (step := next_step(case, standing)) and step.at <= now and standing.state is not State.RUNNING:
        case = step_take(promise, lines, case, step, now=now)
    _tell_end(promise, standing, lines, disproved=disproved, now=now)
    steps_plan(promise, case, standing)
    promise.save()
    lines_save(lines, read)
    return promise


def _disprove(case: Case, standing: Standing, lines: Sequence[PromiseLine]) -> tuple[Case, bool]:
    """Take back the posted days that proof shows were none."""
    true_days = [min(line.posted, len(pieces)) for line, pieces in zip(case.lines, standing.earned, strict=True)]
    disproved = any(days < line.posted for days, line in zip(true_days, case.lines, strict=True))
    for line, days in zip(lines, true_days, strict=True):
        line.days_posted = days
    return replace(
        case, lines=tuple(replace(line, posted=days) for line, days in zip(case.lines, true_days, strict=True))
    ), disproved


def _stand(promise: Promise, case: Case, standing: Standing) -> Case:
    """Write the verdict on the row; a new due moment is warned of anew, and what was kept after all was never broken."""
    if promise.due_at != standing.due_at:
        promise.warned = 0
    promise.state, promise.due_at, promise.stopped_at = standing.state, standing.due_at, standing.stopped_at
    if standing.state in (State.KEPT, State.RUNNING, State.PAUSED):
        promise.broken_at = None
    # when the time is over, a warning that was missed would only confuse
    warned = promise.warned if standing.state is State.RUNNING else len(warnings(standing.due_at, case.terms))
    return replace(case, broken=promise.broken_at is not None, warned=warned)


def _tell_end(
    promise: Promise, standing: Standing, lines: Sequence[PromiseLine], *, disproved: bool, now: datetime
) -> None:
    """Tell an end that is new or differs from the one told; that it is open again; that posted days were none."""
    ended = standing.state in ENDS
    settlement = settlement_of(standing, lines)
    if (ended and settlement != promise.settlement) or (not ended and (promise.settlement or disproved)):
        tell_settled(promise, settlement, now=now)
    promise.settlement = settlement if ended else None
