"""A stored promise as the rules see it."""

from __future__ import annotations

from collections.abc import Sequence

from portal.promises.models import Promise, PromiseLine
from portal.promises.rules.due import Terms
from portal.promises.rules.late import Piece
from portal.promises.rules.pauses import Pause
from portal.promises.rules.standing import Case, Line
from portal.promises.rules.words import Cause, State, Unit


def terms_kept(promise: Promise) -> Terms:
    """The terms frozen on the promise."""
    return Terms(promise.allowance, Unit(promise.unit), promise.zone, promise.agreed_on, promise.last_collection)


def lines_of(promise: Promise) -> list[PromiseLine]:
    """Its lines with their facts, read anew, in a fixed order; their places are those of the case's lines."""
    return list(promise.lines.order_by("pk").prefetch_related("facts"))


def case_of(promise: Promise, lines: Sequence[PromiseLine]) -> Case:
    """All facts of a started promise; reads lines, facts and pauses once each, or what was prefetched.

    One that is still in the state OFFERED is at its very start: nothing has held it yet.
    """
    if promise.started_at is None or promise.promised_at is None:
        raise ValueError("a promise not started has no case")
    return Case(
        terms=terms_kept(promise),
        started_at=promise.started_at,
        first_due=promise.promised_at,
        lines=tuple(Line(line.ref, line.quantity, _pieces(line), line.days_posted) for line in lines),
        pauses=tuple(
            Pause(p.started_at, p.ended_at, Cause(p.cause))
            for p in (promise.pauses.all() if promise.pk and promise.state != State.OFFERED else ())
        ),
        late_rate=promise.late_rate,
        late_cap=promise.late_cap,
        alarm=promise.alarm,
        broken=promise.broken_at is not None,
        warned=promise.warned,
    )


def _pieces(line: PromiseLine) -> tuple[Piece, ...]:
    return tuple(Piece(fact.quantity, fact.at, fact.cancelled) for fact in line.facts.all())
