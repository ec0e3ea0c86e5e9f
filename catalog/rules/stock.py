"""Who gets which piece: shelf first, then what is expected by the day the buyer agreed to. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Want:
    """`quantity` pieces of a part for `key`; `accept_on`: the expected day the buyer agreed to wait for, or None.

    `not_before`: receipts expected before this day are overdue, and a day that has gone by is no known date to sell on.
    """

    key: str
    part_id: int
    quantity: int
    accept_on: date | None = None
    not_before: date | None = None

    def waits_for(self, on: date | None) -> bool:
        """Did the buyer agree to wait for goods expected on this day?"""
        if on is None or self.accept_on is None:
            return False
        return on <= self.accept_on and (self.not_before is None or on >= self.not_before)


@dataclass(frozen=True)
class Source:
    """Free pieces: on a warehouse's shelf, or (with `receipt_id`) of a receipt expected `on` a day."""

    part_id: int
    warehouse_id: int
    free: int
    receipt_id: int | None = None
    on: date | None = None


@dataclass(frozen=True)
class Take:
    """Part of a source given to a key."""

    key: str
    source: Source
    quantity: int


def allot(
    wants: Sequence[Want], shelf: Iterable[Source], coming: Iterable[Source]
) -> tuple[list[Take], dict[str, int]]:
    """Give the wants, in their order, what the sources have, in theirs; answer the takes and what each key is short of.

    One warehouse that can serve a whole line is preferred over a split, so that one line leaves in one parcel.
    """
    shelf_of, coming_of = _by_part(shelf), _by_part(coming)
    left = {id(source): source.free for source in (*_flat(shelf_of), *_flat(coming_of))}
    takes: list[Take] = []
    short: dict[str, int] = {}
    for want in wants:
        missing = want.quantity
        on_shelf = shelf_of.get(want.part_id, [])
        whole = [source for source in on_shelf if left[id(source)] >= want.quantity]
        in_time = [source for source in coming_of.get(want.part_id, []) if want.waits_for(source.on)]
        for source in (*whole[:1], *on_shelf, *in_time):
            pieces = min(missing, left[id(source)])
            if pieces > 0:
                takes.append(Take(want.key, source, pieces))
                left[id(source)] -= pieces
                missing -= pieces
        if missing:
            short[want.key] = missing
    return takes, short


def day_when_free(quantity: int, free_now: int, coming: Iterable[Source]) -> date | None:
    """The first day on which `quantity` pieces are there, counting what is expected; None when no known day suffices."""
    missing = quantity - free_now
    for source in sorted(coming, key=lambda one: one.on or date.max):
        missing -= source.free
        if missing <= 0:
            return source.on
    return None


def _by_part(sources: Iterable[Source]) -> dict[int, list[Source]]:
    grouped: dict[int, list[Source]] = {}
    for source in sources:
        grouped.setdefault(source.part_id, []).append(source)
    return grouped


def _flat(grouped: dict[int, list[Source]]) -> list[Source]:
    return [source for sources in grouped.values() for source in sources]
