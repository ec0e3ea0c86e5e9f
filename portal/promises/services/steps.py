"""Carrying out one step, and planning the next."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from portal.promises.models import Promise, PromiseLine
from portal.promises.rules.due import warnings
from portal.promises.rules.standing import Case, Standing
from portal.promises.rules.steps import Break, PostDay, Step, Warn, next_step
from portal.promises.rules.words import ENDS, State
from portal.promises.services.messages import tell_broken, tell_late_day, tell_warned


def step_take(promise: Promise, lines: Sequence[PromiseLine], case: Case, step: Step, *, now: datetime) -> Case:
    """Do one step: change the rows in memory, write its message, answer the case after it. The caller saves."""
    match step:
        case Warn():
            promise.warned, promise.warned_at = case.warned + 1, now
            tell_warned(promise, step, now=now)
            return replace(case, warned=promise.warned)
        case Break():
            promise.broken_at = step.at
            if promise.state not in ENDS:
                promise.state = State.BROKEN
            tell_broken(promise, step, case, now=now)
            return replace(case, broken=True)
        case PostDay():
            tell_late_day(promise, step, lines, now=now)
            for place in step.pieces:
                lines[place].days_posted = step.day.number
            posted = [line.days_posted for line in lines]
            return replace(
                case, lines=tuple(replace(line, posted=days) for line, days in zip(case.lines, posted, strict=True))
            )


def steps_plan(promise: Promise, case: Case, standing: Standing) -> None:
    """Set when the sweep must look next; an end leaves nothing to look for."""
    step = None if standing.state in ENDS else next_step(case, standing)
    promise.next_at = step.at if step else None
    promise.warn_at = max(warnings(standing.due_at, case.terms)[0][0], case.started_at) if case.alarm else None


def lines_save(lines: Sequence[PromiseLine], before: Case) -> None:
    """Write the lines whose posted days differ from the case read at first."""
    changed = [line for line, was in zip(lines, before.lines, strict=True) if line.days_posted != was.posted]
    if changed:
        PromiseLine.objects.bulk_update(changed, ["days_posted"])
