"""How a promise stands at a moment, from its facts alone; asked again with the same facts, the answer is the same."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from itertools import islice

from portal.promises.rules.days import Closed
from portal.promises.rules.due import Terms, moved_due
from portal.promises.rules.late import LateDay, Piece, days_to_cap, earned, late_days
from portal.promises.rules.pauses import Pause
from portal.promises.rules.words import State


@dataclass(frozen=True)
class Line:
    """Pieces promised of one line, what became of them, and for how many late days it was already posted."""

    ref: str
    quantity: int
    pieces: tuple[Piece, ...] = ()
    posted: int = 0

    @property
    def is_closed(self) -> bool:
        """Is nothing owed any more?"""
        return sum(piece.quantity for piece in self.pieces) >= self.quantity


@dataclass(frozen=True)
class Case:
    """All that is known of one started promise; `first_due` is the moment promised at the start."""

    terms: Terms
    started_at: datetime
    first_due: datetime
    lines: tuple[Line, ...]
    pauses: tuple[Pause, ...] = ()
    late_rate: Decimal = Decimal(0)
    late_cap: Decimal = Decimal(0)
    alarm: bool = True  # False: a task list, which nobody is warned of and nothing breaks
    broken: bool = False  # was the break told?
    warned: int = 0  # how many of the warnings were given


@dataclass(frozen=True)
class Standing:
    """The verdict. `late_days` is every day that counts, `earned` the pieces of each line on each day that pays."""

    state: State
    due_at: datetime
    stopped_at: datetime | None
    late_days: tuple[LateDay, ...]
    earned: tuple[tuple[int, ...], ...]


def judge(case: Case, closed: Closed, now: datetime) -> Standing:
    """How the promise stands at `now`."""
    last = _last_event(case.lines)
    until = now if last is None else last
    due = moved_due(case.first_due, case.terms, case.pauses, closed, until=until)
    days = tuple(late_days(due, case.terms.zone, case.pauses, until=until)) if until >= due else ()
    paying = tuple(islice(days, days_to_cap(case.late_rate, case.late_cap)))
    gains = tuple(earned(line.quantity, line.pieces, paying) for line in case.lines)
    if last is None:
        return Standing(_open_state(case, due, now), due, None, days, gains)
    stopped = _stopped_at(case.lines, last, due)
    return Standing(_end_state(case.lines, stopped, due), due, stopped, days, gains)


def _last_event(lines: Sequence[Line]) -> datetime | None:
    """When the last piece left the promise; None while something is owed."""
    if not all(line.is_closed for line in lines):
        return None
    return max((piece.at for line in lines for piece in line.pieces), default=None)


def _stopped_at(lines: Sequence[Line], last: datetime, due: datetime) -> datetime:
    """The last hand-over; but what was still owed when the time was over and cancelled then, kept the promise open until then."""
    if last >= due:
        return last
    return max((piece.at for line in lines for piece in line.pieces if not piece.cancelled), default=last)


def _end_state(lines: Sequence[Line], stopped: datetime, due: datetime) -> State:
    if all(piece.cancelled for line in lines for piece in line.pieces):
        return State.CANCELLED
    return State.KEPT if stopped < due else State.KEPT_LATE


def _open_state(case: Case, due: datetime, now: datetime) -> State:
    if now >= due:
        return State.BROKEN if case.alarm else State.RUNNING
    held = any(pause.ended_at is None and pause.started_at < due for pause in case.pauses)
    return State.PAUSED if held else State.RUNNING
