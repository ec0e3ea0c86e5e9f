"""What really happened, held against what was promised."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import UTC, datetime

from django.db import transaction

from portal.errors import Code, refusal
from portal.locks import lock_rows
from portal.promises.models import Promise, PromiseFact, PromiseLine
from portal.promises.rules.allot import Share, Slot, allot, cancellations
from portal.promises.rules.late import Piece
from portal.promises.rules.words import State
from portal.promises.services.refresh import promise_refresh
from portal.promises.types import Fact

_NEVER = datetime.max.replace(tzinfo=UTC)


@transaction.atomic
def promises_settle(
    *, subject_kind: str, subject: str, policy: str, facts: Sequence[Fact], cancelled: Mapping[str, int], now: datetime
) -> list[Promise]:
    """Hold the complete list of facts against the subject's promises of one policy; answers them as they stand then.

    Give every hand-over (or delivery) known, and the pieces cancelled by line, each time anew: what is missing from the
    list did not happen. They are dealt out per line, earliest promised first, and each promise is judged by its share:
    it ends, its end changes, or it is open again from its first due moment. `cancelled` counts the pieces cancelled since
    they were promised (or offered), not those that were gone before. INVALID: a fact in the future, no pieces.
    """
    _check(facts, cancelled, now)
    promises = sorted(
        lock_rows(Promise.objects.filter(subject_kind=subject_kind, subject=subject, policy_code=policy)), key=_turn
    )
    lines = PromiseLine.objects.filter(promise__in=promises).order_by("pk").prefetch_related("facts")
    of_promise: dict[int, list[PromiseLine]] = {promise.pk: [] for promise in promises}
    for line in lines:
        of_promise[line.promise_id].append(line)
    slots = [Slot(line.pk, line.ref, line.quantity) for promise in promises for line in of_promise[promise.pk]]
    shares = allot(slots, _by_ref(facts), cancelled)
    started = {promise.pk for promise in promises if promise.started_at is not None}
    changed = _shares_write(list(lines), shares, now, started=started)
    for promise in promises:
        if promise.pk in changed:
            _judge(promise, of_promise[promise.pk], now)
    return promises


def _check(facts: Sequence[Fact], cancelled: Mapping[str, int], now: datetime) -> None:
    for fact in facts:
        if fact.at > now or fact.quantity <= 0:
            raise refusal(Code.INVALID, "facts", ref=fact.ref, at=fact.at.isoformat(), quantity=fact.quantity)
    if any(quantity < 0 for quantity in cancelled.values()):
        raise refusal(Code.INVALID, "cancelled")


def _turn(promise: Promise) -> tuple[bool, datetime, int]:
    """Earliest promised first, by the day first given, so that holds do not change whose turn it is; what was given up comes last."""
    return promise.state == State.CANCELLED, promise.promised_at or _NEVER, promise.pk


def _by_ref(facts: Sequence[Fact]) -> dict[str, list[Piece]]:
    found: dict[str, list[Piece]] = {}
    for fact in facts:
        found.setdefault(fact.ref, []).append(Piece(fact.quantity, fact.at))
    return found


def _shares_write(
    lines: Sequence[PromiseLine], shares: Mapping[int, Share], now: datetime, *, started: Collection[int]
) -> set[int]:
    """Store what the lines got, three statements however many; answer the promises for which that is news."""
    news = {}
    for line in lines:
        pieces = _pieces_got(line, shares[line.pk], now, started=line.promise_id in started)
        if pieces is not None:
            line.cancelled = shares[line.pk].cancelled
            news[line] = pieces
    if news:
        PromiseFact.objects.filter(line__in=list(news)).delete()
        PromiseFact.objects.bulk_create(
            PromiseFact(line=line, quantity=p.quantity, at=p.at, cancelled=p.cancelled)
            for line, pieces in news.items()
            for p in pieces
        )
        PromiseLine.objects.bulk_update(list(news), ["cancelled"])
    return {line.promise_id for line in news}


def _pieces_got(line: PromiseLine, share: Share, now: datetime, *, started: bool) -> list[Piece] | None:
    """The line's pieces as they stand now; None when that is no news. What was only offered can be cancelled, not kept."""
    known = [Piece(fact.quantity, fact.at, fact.cancelled) for fact in line.facts.all()]
    gone = cancellations([piece for piece in known if piece.cancelled], share.cancelled, now)
    pieces = [*(share.done if started else ()), *gone]
    return None if sorted(pieces, key=_order) == sorted(known, key=_order) else pieces


def _order(piece: Piece) -> tuple[bool, datetime, int]:
    return piece.cancelled, piece.at, piece.quantity


def _judge(promise: Promise, lines: Sequence[PromiseLine], now: datetime) -> None:
    if promise.started_at is not None:
        promise_refresh(promise, now=now)
        return
    gone = all(line.cancelled == line.quantity for line in lines)
    promise.state, promise.stopped_at = (State.CANCELLED, now) if gone else (State.OFFERED, None)
    promise.save(update_fields=["state", "stopped_at"])
