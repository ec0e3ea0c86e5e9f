"""Both copies of an order compared: what the store tells that we do not know, and what it lacks. Pure.

The same comparison serves a message, a webhook, a retry after a lost answer and the sweep: it goes by what is there, never by
what somebody remembers to have done. Where both sides moved, the store's fact comes first: goods and money have moved already.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal

from portal.engine import EngineEvent, EventKind
from portal.engine_mirror import Act, Flow, HandOver, Movement, OurOrder, Pieces, Step, TheirOrder

ZERO = Decimal(0)
_MOVES = (Act.SHIP, Act.UNSHIP)
_BACK = (Act.TAKE_BACK, Act.STRIKE, Act.CANCEL)
_OUT = (Flow.REFUNDED, Flow.DISPUTED, Flow.RELEASED)


@dataclass(frozen=True)
class Gap:
    """A figure on which both copies disagree after all was done; `what` is a code, `place` the line it is about."""

    what: str
    ours: str
    theirs: str
    place: int = 0


def as_handed_over(ours: OurOrder, theirs: TheirOrder) -> OurOrder:
    """Our order with the pieces the store was given: what was cancelled before that it never had."""
    lines = {}
    for place, line in ours.lines.items():
        there = theirs.quantities.get(place, 0)
        before = min(max(line.quantity - there, 0), line.cancelled)
        lines[place] = replace(line, quantity=line.quantity - before, cancelled=line.cancelled - before)
    return replace(ours, lines=lines)


def pairs(ours: OurOrder, theirs: TheirOrder) -> dict[str, HandOver]:
    """Our shipment's number to the store's hand-over: those known to be the same, then those with the same pieces from the same place."""
    found = {one.ours: one for one in theirs.hand_overs if one.ours}
    free = [one for one in theirs.hand_overs if not one.ours and not one.undone]
    for mine in ours.hand_overs:
        if mine.key in found or mine.key in theirs.lost or mine.undone:
            continue
        same = next((one for one in free if (one.warehouse, one.pieces) == (mine.warehouse, mine.pieces)), None)
        if same is not None:
            free.remove(same)
            found[mine.key] = same
    return found


# --- what the store tells ----------------------------------------------------------------------------------------------


def store_facts(ours: OurOrder, theirs: TheirOrder, *, now: datetime) -> list[EngineEvent]:
    """What happened in the store that is not in our books, in the order in which it is to be applied."""
    ours = as_handed_over(ours, theirs)
    known = pairs(ours, theirs)
    facts = [*_left(ours, theirs, known, now), *_money(ours, theirs, now)]
    if not any(one.kind == EventKind.SHIPPED for one in facts):  # what came back is counted when what left is known
        facts += _came_back(ours, theirs, known, now)
    return facts


def _fact(ours: OurOrder, kind: EventKind, ref: str, at: datetime, **data: object) -> EngineEvent:
    return EngineEvent(f"{ours.number}:{kind}:{ref}"[:120], kind, ours.number, at, data=data)


def _left(ours: OurOrder, theirs: TheirOrder, known: Mapping[str, HandOver], now: datetime) -> Iterator[EngineEvent]:
    mine = {one.key: one for one in ours.hand_overs}
    number_of = {one.key: number for number, one in known.items()}
    for one in sorted(theirs.hand_overs, key=lambda each: not each.undone):  # what did not leave may have left since
        number = number_of.get(one.key)
        if number is None and not one.undone:
            yield _fact(
                ours, EventKind.SHIPPED, one.key, min(one.at or now, now), warehouse=one.warehouse, pieces=dict(one.pieces),
                tracking=one.tracking,
            )  # fmt: skip
        if number is None or number not in mine or mine[number].undone:
            continue
        if one.undone:
            yield _fact(ours, EventKind.UNSHIPPED, one.key, now, shipment=number)
        elif one.tracking and one.tracking != mine[number].tracking:
            ref = f"{one.key}:{ours.told}"  # a number may be changed there and back
            yield _fact(ours, EventKind.TRACKED, ref, now, shipment=number, tracking=one.tracking)


def _came_back(
    ours: OurOrder, theirs: TheirOrder, known: Mapping[str, HandOver], now: datetime
) -> Iterator[EngineEvent]:
    returned, struck = _back(ours, theirs, known)
    more = _beyond(returned, {place: line.returned for place, line in ours.lines.items()})
    if more:
        yield _fact(ours, EventKind.RETURNED, theirs.back_ref, now, pieces=more)
    gone = _beyond(struck, {place: line.cancelled for place, line in ours.lines.items()})
    if theirs.cancelled:
        gone = {place: line.open for place, line in ours.lines.items() if line.open > 0}
    if gone:
        yield _fact(ours, EventKind.CANCELLED, theirs.key if theirs.cancelled else theirs.back_ref, now, pieces=gone)


def _back(ours: OurOrder, theirs: TheirOrder, known: Mapping[str, HandOver]) -> tuple[dict[int, int], dict[int, int]]:
    """Per line, how many pieces came back there after they had left, and how many were struck out before."""
    mine = {one.key: one for one in ours.hand_overs if not one.undone}
    standing = {number: one for number, one in known.items() if number in mine and not one.undone}
    sent = _sum(mine[number].pieces for number in {*standing, *theirs.lost} if number in mine)
    there = _sum(one.pieces for one in standing.values())
    returned = {place: max(pieces - there.get(place, 0), 0) for place, pieces in sent.items()}
    return returned, {place: pieces - returned.get(place, 0) for place, pieces in theirs.back.items()}


def _money(ours: OurOrder, theirs: TheirOrder, now: datetime) -> Iterator[EngineEvent]:
    for source in theirs.sources.values():
        more = source.charged - ours.from_store.get(source.key, ZERO) if source.foreign else ZERO
        if more:
            kind = EventKind.PAID if more > ZERO else EventKind.REFUNDED
            yield _fact(ours, kind, source.last or source.key, now, source=source.key, amount=str(abs(more)))


# --- what the store lacks ----------------------------------------------------------------------------------------------


def mirror_plan(ours: OurOrder, theirs: TheirOrder) -> list[Step]:
    """What is to be done next in the store; look again when it is done. Empty when its copy says what ours does."""
    ours = as_handed_over(ours, theirs)
    known = pairs(ours, theirs)
    return [
        *_goods(ours, theirs, known),
        *_explained(ours, theirs),
        *_payers(ours, theirs),
        *_money_steps(ours, theirs),
    ]


def at_once(steps: Iterable[Step]) -> list[Step]:
    """Of a plan what may be done before the next look: pieces come back from hand-overs that stand, and one step may end another's."""
    found = list(steps)
    moving = any(one.act in _MOVES for one in found)
    return [one for one in found if not (moving and one.act in _BACK)]


def _goods(ours: OurOrder, theirs: TheirOrder, known: Mapping[str, HandOver]) -> Iterator[Step]:
    for mine in ours.hand_overs:
        if mine.key not in theirs.lost:
            yield from _hand_over(mine, known.get(mine.key))
    if theirs.cancelled:
        return
    if ours.cancelled and all(one.undone for one in theirs.hand_overs):
        yield Step(Act.CANCEL, ours.number, theirs.key)
    else:
        yield from _pieces_back(ours, theirs, known)


def _hand_over(mine: HandOver, one: HandOver | None) -> Iterator[Step]:
    if one is None:
        if not mine.undone:
            yield Step(Act.SHIP, mine.key, warehouse=mine.warehouse, tracking=mine.tracking, pieces=mine.pieces)
        return
    if not one.ours:
        yield Step(Act.LINK, mine.key, one.key)
    if mine.undone and not one.undone:
        yield Step(Act.UNSHIP, mine.key, one.key, warehouse=mine.warehouse)
    elif mine.tracking and not one.tracking and not one.undone:
        yield Step(Act.TRACK, mine.key, one.key, tracking=mine.tracking)


def _pieces_back(ours: OurOrder, theirs: TheirOrder, known: Mapping[str, HandOver]) -> Iterator[Step]:
    returned, struck = _back(ours, theirs, known)
    there = _sum(one.pieces for one in theirs.hand_overs if not one.undone)
    still = {
        place: count - there.get(place, 0) - theirs.back.get(place, 0) for place, count in theirs.quantities.items()
    }
    gone = _at_most(_beyond({place: line.cancelled for place, line in ours.lines.items()}, struck), still)
    if gone:
        yield Step(Act.STRIKE, ours.number, theirs.key, pieces=gone)
    back = _at_most(_beyond({place: line.returned for place, line in ours.lines.items()}, returned), there)
    if back:
        yield Step(Act.TAKE_BACK, ours.number, theirs.key, pieces=back)


def _explained(ours: OurOrder, theirs: TheirOrder) -> Iterator[Step]:
    """What is owed was decided anew: more than the store's total, which nobody can raise, or less while nothing was paid
    that a granted refund could lower. Its people are told how much, and again when that changes.
    """
    told = theirs.total if theirs.explained is None else theirs.explained
    whole = not any(line.cancelled or line.returned for line in ours.lines.values())
    unpaid = not ours.movements and theirs.charged == ZERO
    anew = ours.due > theirs.total or (whole and unpaid) or theirs.explained is not None
    if ours.due != told and anew:
        yield Step(Act.EXPLAIN, ours.number, theirs.key, amount=ours.due)


def _payers(ours: OurOrder, theirs: TheirOrder) -> Iterator[Step]:
    """Who pays a line was decided anew after the store had it; a line its people know nothing about stays so."""
    anew = {place: payer for place, payer in ours.payers.items() if theirs.payers.get(place, payer) != payer}
    if anew:
        yield Step(Act.PAYERS, ours.number, theirs.key, payers=anew)


def _money_steps(ours: OurOrder, theirs: TheirOrder) -> list[Step]:
    """Sources first, then what came in, then what is no longer owed, then what went out: the store lowers only what was paid."""
    missing = [one for one in ours.movements if not _reported(one, theirs)]
    unknown = {one.source: one for one in reversed(missing) if one.source not in theirs.sources}
    if unknown:
        return [Step(Act.SOURCE, source, movement=unknown[source]) for source in sorted(unknown)]
    incoming = [one for one in missing if one.flow not in _OUT]
    return [Step(Act.REPORT, one.source, theirs.sources[one.source].key, movement=one) for one in incoming] or [
        *_lower(ours, theirs),
        *(Step(Act.REPORT, one.source, theirs.sources[one.source].key, movement=one) for one in missing),
    ]


def _reported(one: Movement, theirs: TheirOrder) -> bool:
    source = theirs.sources.get(one.source)
    return source is not None and (one.flow, one.ref) in source.seen


def _lower(ours: OurOrder, theirs: TheirOrder) -> Iterator[Step]:
    """The store's total is that of placing; what fell away since is taken off as far as it allows: what was paid."""
    gap = theirs.total - theirs.granted - ours.due
    best = max(theirs.sources.values(), key=lambda one: one.charged, default=None)
    if not theirs.cancelled and gap > ZERO and best is not None and best.charged > ZERO:
        yield Step(Act.LOWER, ours.number, best.key, amount=min(gap, best.charged))


# --- what stays different ----------------------------------------------------------------------------------------------


def gaps(ours: OurOrder, theirs: TheirOrder) -> list[Gap]:
    """Where both books disagree; none when they are equal."""
    ours = as_handed_over(ours, theirs)
    found = [Gap("lines", "", name) for name in theirs.unknown]
    for place, line in ours.lines.items():
        if theirs.quantities.get(place, 0) != line.quantity:
            found.append(Gap("quantity", str(line.quantity), str(theirs.quantities.get(place, 0)), place))
    known = pairs(ours, theirs)
    returned, struck = _back(ours, theirs, known)
    for place, line in ours.lines.items():
        mine, there = (line.returned, line.cancelled), (returned.get(place, 0), struck.get(place, 0))
        if theirs.cancelled:
            mine, there = (line.returned, 0), (there[0], 0)
        if mine != there:
            found.append(Gap("returned", f"{mine[0]}, {mine[1]}", f"{there[0]}, {there[1]}", place))
    left = [one.key for one in ours.hand_overs if not one.undone and one.key not in {*known, *theirs.lost}]
    strange = [one.key for one in theirs.hand_overs if not one.undone and one not in known.values()]
    if left or strange:
        found.append(Gap("hand-overs", ", ".join(left), ", ".join(strange)))
    if ours.cancelled != theirs.cancelled and not any(one for one in theirs.hand_overs if not one.undone):
        found.append(Gap("cancelled", str(ours.cancelled), str(theirs.cancelled)))
    return [*found, *_money_gaps(ours, theirs)]


def _money_gaps(ours: OurOrder, theirs: TheirOrder) -> Iterator[Gap]:
    paid = net_charged(ours.movements) + sum(ours.from_store.values(), ZERO)
    if paid != theirs.charged:
        yield Gap("paid", str(paid), str(theirs.charged))
    held = net_held(ours.movements)
    there = sum((one.authorised for one in theirs.sources.values() if not one.foreign), ZERO)
    if held != there:
        yield Gap("reserved", str(held), str(there))


def net_charged(movements: tuple[Movement, ...]) -> Decimal:
    """What came in less what went out."""
    signs = {Flow.CHARGED: 1, Flow.REFUND_REVERSED: 1, Flow.REFUNDED: -1, Flow.DISPUTED: -1}
    return sum((signs.get(one.flow, 0) * one.amount for one in movements), ZERO)


def net_held(movements: tuple[Movement, ...]) -> Decimal:
    """What is reserved and neither taken nor let go."""
    signs = {Flow.AUTHORISED: 1, Flow.RELEASED: -1, Flow.CHARGED: -1}
    held: dict[str, Decimal] = {}
    for one in movements:
        held[one.source] = max(held.get(one.source, ZERO) + signs.get(one.flow, 0) * one.amount, ZERO)
    return sum(held.values(), ZERO)


def _sum(many: Iterator[Pieces] | list[Pieces]) -> dict[int, int]:
    total: dict[int, int] = {}
    for pieces in many:
        for place, count in pieces.items():
            total[place] = total.get(place, 0) + count
    return total


def _at_most(wanted: Mapping[int, int], there: Mapping[int, int]) -> dict[int, int]:
    """What is wanted, as far as it is there."""
    return {place: min(count, there[place]) for place, count in wanted.items() if there.get(place, 0) > 0}


def _beyond(more: Mapping[int, int], than: Mapping[int, int]) -> dict[int, int]:
    """Per line, the pieces by which one count is above the other."""
    return {place: count - than.get(place, 0) for place, count in more.items() if count > than.get(place, 0)}
