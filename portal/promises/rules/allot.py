"""Which promise does a hand-over keep, when one order line stands in several?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from portal.promises.rules.late import Piece


@dataclass(frozen=True)
class Slot:
    """`quantity` pieces of line `ref` in one promise; `key` names the row."""

    key: int
    ref: str
    quantity: int


@dataclass(frozen=True)
class Share:
    """What one slot got."""

    cancelled: int
    done: tuple[Piece, ...]


def allot(
    slots: Sequence[Slot], facts: Mapping[str, Sequence[Piece]], cancelled: Mapping[str, int]
) -> dict[int, Share]:
    """Deal facts and cancellations out over slots given earliest due first; {slot key: its share}.

    Hand-overs keep the earliest promise first, the oldest hand-over first; cancellations leave the latest one first.
    What is more than was promised is nobody's.
    """
    by_ref: dict[str, list[Slot]] = {}
    for slot in slots:
        by_ref.setdefault(slot.ref, []).append(slot)
    shares: dict[int, Share] = {}
    for ref, own in by_ref.items():
        gone = _leave(own, cancelled.get(ref, 0))
        queue = sorted(facts.get(ref, ()), key=lambda piece: piece.at)
        for slot in own:
            done, queue = _take(queue, slot.quantity - gone[slot.key])
            shares[slot.key] = Share(gone[slot.key], done)
    return shares


def _leave(slots: Sequence[Slot], cancelled: int) -> dict[int, int]:
    gone: dict[int, int] = {}
    for slot in reversed(slots):
        gone[slot.key] = min(cancelled, slot.quantity)
        cancelled -= gone[slot.key]
    return gone


def _take(queue: Sequence[Piece], wanted: int) -> tuple[tuple[Piece, ...], list[Piece]]:
    taken: list[Piece] = []
    rest: list[Piece] = []
    for piece in queue:
        part = min(piece.quantity, wanted)
        wanted -= part
        if part:
            taken.append(Piece(part, piece.at))
        if piece.quantity > part:
            rest.append(Piece(piece.quantity - part, piece.at))
    return tuple(taken), rest


def cancellations(known: Sequence[Piece], count: int, now: datetime) -> tuple[Piece, ...]:
    """The cancelled pieces, `count` in all: what was known keeps its moment, what is new was cancelled now."""
    kept: list[Piece] = []
    for piece in sorted(known, key=lambda piece: piece.at):
        part = min(piece.quantity, count)
        count -= part
        if part:
            kept.append(Piece(part, piece.at, cancelled=True))
    return (*kept, Piece(count, now, cancelled=True)) if count else tuple(kept)
