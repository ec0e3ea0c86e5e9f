"""What the sweep has to do next for a promise, and at which moment it falls due."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import islice

from portal.promises.rules.due import warnings
from portal.promises.rules.late import LateDay, days_to_cap, late_days, open_pieces
from portal.promises.rules.standing import Case, Standing
from portal.promises.rules.words import ENDS, State, Which


@dataclass(frozen=True)
class Warn:
    """Tell that the time is nearly over."""

    at: datetime
    which: Which


@dataclass(frozen=True)
class Break:
    """The time is over."""

    at: datetime


@dataclass(frozen=True)
class PostDay:
    """A late day begins; `pieces` are the late pieces by the place of their line in the case."""

    at: datetime
    day: LateDay
    pieces: dict[int, int]


Step = Warn | Break | PostDay


def next_step(case: Case, standing: Standing) -> Step | None:
    """The step that comes next, due or still ahead; None when there is nothing to wait for."""
    return next(_steps(case, standing), None)


def _steps(case: Case, standing: Standing) -> Iterator[Step]:
    ended = standing.state in ENDS
    if not case.alarm or standing.state is State.PAUSED:
        return
    if not case.broken:
        if not ended:
            for at, which in warnings(standing.due_at, case.terms)[case.warned :]:
                yield Warn(max(at, case.started_at), which)
        if not ended or (standing.stopped_at is not None and standing.stopped_at >= standing.due_at):
            yield Break(standing.due_at)
    yield from _days(case, standing)


def _days(case: Case, standing: Standing) -> Iterator[PostDay]:
    """The late days that pay and were not posted yet for every line that was late on them."""
    paying = islice(
        late_days(standing.due_at, case.terms.zone, case.pauses), days_to_cap(case.late_rate, case.late_cap)
    )
    for day in paying:
        if standing.stopped_at is not None and day.at > standing.stopped_at:
            return
        late = {
            place: open_pieces(line.quantity, line.pieces, day.at)
            for place, line in enumerate(case.lines)
            if line.posted < day.number
        }
        pieces = {place: quantity for place, quantity in late.items() if quantity}
        if pieces:
            yield PostDay(day.at, day, pieces)
