"""What a promise tells the rest of the program, through the outbox, in the transaction that changed it.

The key is the subject, so that what happened to one order arrives in its order. Decimals are strings, instants ISO 8601 in UTC.
`at` is the moment a thing fell due, however late the sweep came.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from portal.outbox.services import outbox_write
from portal.promises.models import Promise, PromiseLine
from portal.promises.rules.late import open_pieces
from portal.promises.rules.standing import Case, Standing
from portal.promises.rules.steps import Break, PostDay, Warn


def tell_warned(promise: Promise, step: Warn, *, now: datetime) -> None:
    """`promise.warned`: the time is nearly over."""
    _tell(promise, "promise.warned", {"which": step.which.value, "at": _iso(step.at)}, now)


def tell_broken(promise: Promise, step: Break, case: Case, *, now: datetime) -> None:
    """`promise.broken`: what was still open when the time was over; `stopped_at` is set when it was done since."""
    owed = [(line.ref, open_pieces(line.quantity, line.pieces, step.at)) for line in case.lines]
    body = {
        "at": _iso(step.at),
        "stopped_at": _iso(promise.stopped_at),
        "open": [{"ref": ref, "quantity": quantity} for ref, quantity in owed if quantity],
    }
    _tell(promise, "promise.broken", body, now)


def tell_late_day(promise: Promise, step: PostDay, lines: Sequence[PromiseLine], *, now: datetime) -> None:
    """`promise.late_day`: late day `day` began, with the pieces late on it; each line is told once for each of its days."""
    body = {
        "day": step.day.number,
        "date": step.day.date.isoformat(),
        "at": _iso(step.at),
        "rate": str(promise.late_rate),
        "cap": str(promise.late_cap),
        "lines": [
            {"ref": lines[place].ref, "quantity": late, "base": str(lines[place].base)}
            for place, late in step.pieces.items()
        ],
    }
    _tell(promise, "promise.late_day", body, now)


def tell_settled(promise: Promise, settlement: dict[str, Any], *, now: datetime) -> None:
    """`promise.settled`: it ended, its end changed, or it is open again."""
    _tell(promise, "promise.settled", settlement, now)


def settlement_of(standing: Standing, lines: Sequence[PromiseLine]) -> dict[str, Any]:
    """The end in JSON: of each line the late days it truly earned, and how many pieces on each of them."""
    return {
        "state": standing.state.value,
        "stopped_at": _iso(standing.stopped_at),
        "days_late": len(standing.late_days),
        "lines": [
            {"ref": line.ref, "days_late": len(pieces), "pieces": list(pieces), "base": str(line.base)}
            for line, pieces in zip(lines, standing.earned, strict=True)
        ],
    }


def _tell(promise: Promise, kind: str, body: dict[str, Any], now: datetime) -> None:
    head = {
        "promise": promise.pk,
        "policy": promise.policy_code,
        "subject_kind": promise.subject_kind,
        "subject": promise.subject,
        "company": promise.company_id,
        "due_at": _iso(promise.due_at),
        "zone": promise.zone,
        "currency": promise.currency,
    }
    outbox_write(kind=kind, key=promise.subject, payload=head | body, now=now)


def _iso(at: datetime | None) -> str | None:
    return at.astimezone(UTC).isoformat() if at else None
