"""Orders handed to Saleor: a draft with our key, our prices and our words, completed once (docs/adr/0070)."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from datetime import datetime, timedelta
from typing import Any

from orders.engines import saleor_draft as draft
from orders.engines.saleor_after import AfterPlacing
from orders.engines.saleor_draft import CONTENT, TRYING, Ids
from orders.engines.saleor_lookup import ids_of, parts_unknown, shelves_of
from orders.engines.saleor_room import parts_unseen, room_make, shelves_real
from orders.rules.store_order import content_mark, pieces_free, shortages
from portal import clock
from portal.engine import EngineEvent, EngineLine, EngineOrder, EventKind, LineRefusal, Refusal
from portal.locks import key_lock_session
from portal.saleor.client import SaleorClient
from portal.saleor.errors import Problem, SaleorAway, SaleorBroken, SaleorRefused
from portal.saleor.services import client, links_set

DRAFT = "DRAFT"
SLOW_LINE = timedelta(milliseconds=200)  # an order of 2,000 lines takes its time
PATIENCE = timedelta(seconds=20)
COME_BACK = (0.0, 0.1, 1.0)  # seconds before a completion, the first and those whose missing pieces were all there
_AT_ONCE = 3  # lines described in one request: Saleor takes four mutations, the last one is the mark
_CHANGED = "Somebody changed draft {} in the store. Trying again makes it anew from our order."
_NOT_SOLD = ("NOT_AVAILABLE_IN_CHANNEL", "PRODUCT_NOT_PUBLISHED", "PRODUCT_UNAVAILABLE_FOR_PURCHASE")


class RefusedError(Exception):
    """Saleor does not take the order as it is."""

    def __init__(self, *refusals: LineRefusal) -> None:
        super().__init__(", ".join(f"{one.position}: {one.reason}" for one in refusals))
        self.refusals = refusals


class SaleorEngine(AfterPlacing):
    """Saleor keeps a faithful copy of every order. Each call looks first at what is there, so that it may be made again at any time."""

    in_process = False

    def place(self, order: EngineOrder, *, now: datetime) -> list[EngineEvent]:
        """Make the order in Saleor, or find that it was made. Nobody else is at the same order meanwhile."""
        with key_lock_session(f"store:{order.number}"):
            return list(_placed(client().within(_patience(order).total_seconds()), order, now))


def _patience(order: EngineOrder) -> timedelta:
    return PATIENCE + SLOW_LINE * len(order.lines)


def _placed(store: SaleorClient, order: EngineOrder, now: datetime) -> Iterator[EngineEvent]:
    found = store.call("order_find", reference=order.key)
    if found is not None and found["status"] == DRAFT:
        found = _go_on(store, order, found)
    if found is None and not order.lines:
        return
    was_there = found is not None and found["status"] != DRAFT
    try:
        if found is None or not was_there:
            found = _completed(store, order, found)
        else:
            _known(store, order, found)
    except RefusedError as refused:
        reason = refused.refusals[0].reason
        event_id = f"{order.number}:{EventKind.REFUSED}:{order.attempt}"
        yield EngineEvent(event_id, EventKind.REFUSED, order.number, now, reason=reason, refusals=refused.refusals)
        return
    event_id = f"{order.number}:{EventKind.ACCEPTED}:{found['id']}"
    yield EngineEvent(
        event_id,
        EventKind.ACCEPTED,
        order.number,
        now,
        store_number=found["number"],
        data={"found": True} if was_there else {},
    )


def _go_on(store: SaleorClient, order: EngineOrder, found: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """A draft of an earlier attempt: good as far as it goes, or thrown away when the order has changed since."""
    marks = draft.values(found["privateMetadata"])
    until = marks.get(TRYING)
    if until and clock.real_now() < datetime.fromisoformat(until):
        # Two completions at once would both succeed, and take the pieces twice (seen).
        raise SaleorAway(f"Order {order.number}: an earlier completion that got no answer may still be running.")
    if order.lines and marks.get(CONTENT) == content_mark(order):
        return found
    store.call("draft_delete", id=found["id"])
    return None


def _completed(store: SaleorClient, order: EngineOrder, found: Mapping[str, Any] | None) -> Mapping[str, Any]:
    ids = ids_of(store, order)
    if isinstance(ids, LineRefusal):
        raise RefusedError(ids)
    unknown = [line for line in order.lines if line.part not in ids.variants]
    if unknown:
        raise RefusedError(*_unknown(unknown))
    made = found or _created(store, order, ids)
    if made["status"] != DRAFT:
        return made
    if found is not None and draft.lines_there(order, ids, found) is None:
        raise RefusedError(LineRefusal(Refusal.OTHER, words=_CHANGED.format(found["number"])))
    _described(store, order, ids, made)
    return _complete(store, order, ids, made)


def _created(store: SaleorClient, order: EngineOrder, ids: Ids) -> Mapping[str, Any]:
    try:
        made: Mapping[str, Any] = store.call("draft_create", input=draft.draft_input(order, ids))["order"]
        return made
    except SaleorRefused as refused:
        if refused.has("UNIQUE"):
            return _looked_up(store, order, refused)
        raise RefusedError(*(_refusal(one) for one in refused.problems)) from refused
    except SaleorBroken as broken:
        if broken.reason == "IntegrityError":  # somebody made it at the same moment
            return _looked_up(store, order, broken)
        unknown = [line for line in order.lines if line.part in parts_unknown(store, order, ids)]
        if unknown:
            raise RefusedError(*_unknown(unknown)) from broken
        raise


def _looked_up(store: SaleorClient, order: EngineOrder, error: Exception) -> Mapping[str, Any]:
    found: Mapping[str, Any] | None = store.call("order_find", reference=order.key)
    if found is None:
        raise error
    return found


def _refusal(problem: Problem) -> LineRefusal:
    """What a draft is refused for, in the port's words."""
    if problem.extra.get("addressType"):
        return LineRefusal(Refusal.ADDRESS, words=f"{problem.field}: {problem.message}")
    reason = Refusal.UNKNOWN_PART if problem.code in _NOT_SOLD else Refusal.OTHER
    return LineRefusal(reason, words=f"{problem.field}: {problem.message}")


def _unknown(lines: Sequence[EngineLine]) -> list[LineRefusal]:
    return [LineRefusal(Refusal.UNKNOWN_PART, line.position, line.quantity) for line in lines]


def _described(store: SaleorClient, order: EngineOrder, ids: Ids, made: Mapping[str, Any]) -> None:
    """Our words on every line that lacks them, and what the prices per piece are too high by taken off the whole."""
    there = draft.lines_there(order, ids, made)
    if there is None:
        raise SaleorBroken(f"Order {order.number}: the draft's lines are not those that were sent.")
    bare = _bare(order, there)
    if len(bare) == len(order.lines) and (excess := draft.rounding(order)):
        given = {"valueType": "FIXED", "value": draft.DECIMALS.format(excess), "reason": draft.ROUNDING}
        store.call("draft_discount", id=made["id"], input=given)
    _lines_told(store, order, made["id"], there)


def _known(store: SaleorClient, order: EngineOrder, found: Mapping[str, Any]) -> None:
    """An order whose draft somebody else completed before we had described it: our lines are told which they are; of others the mirror tells staff."""
    if all(draft.POSITION in draft.values(line["metadata"]) for line in found["lines"]):
        return
    ids = ids_of(store, order)
    there = draft.lines_known(order, ids, found) if isinstance(ids, Ids) else {}
    if _bare(order, there):
        _lines_told(store, order, found["id"], there)


def _bare(order: EngineOrder, there: Mapping[int, Mapping[str, Any]]) -> list[EngineLine]:
    """Lines that do not say yet which they are."""
    return [
        line for line in order.lines if line.position in there and not draft.values(there[line.position]["metadata"])
    ]


def _lines_told(store: SaleorClient, order: EngineOrder, order_id: str, there: Mapping[int, Mapping[str, Any]]) -> None:
    """Our words on every line that lacks them. The mark on the order says that a completion follows."""
    links_set("line", [(f"{order.number}/{place}", line["id"]) for place, line in there.items()])
    said = [(there[line.position]["id"], draft.metadata(draft.line_facts(line))) for line in _bare(order, there)]
    for start in range(0, max(len(said), 1), _AT_ONCE):
        _mark(store, order, order_id, said[start : start + _AT_ONCE])


def _mark(store: SaleorClient, order: EngineOrder, order_id: str, said: Sequence[tuple[str, Any]] = ()) -> None:
    """Write down until when somebody may be completing the draft, and on up to three lines what is said of them."""
    asked: dict[str, Any] = {}
    for place, letter in enumerate("abc"):
        line_id, facts = said[place] if place < len(said) else (order_id, [])
        asked |= {letter: line_id, f"{letter}Facts": facts, f"has{letter.upper()}": place < len(said)}
    until = clock.real_now() + 2 * _patience(order)
    store.call("draft_describe", order=order_id, marks=draft.metadata({TRYING: until.isoformat()}), **asked)


def _complete(store: SaleorClient, order: EngineOrder, ids: Ids, made: Mapping[str, Any]) -> Mapping[str, Any]:
    """Complete the draft, once. Refused it goes, so that nothing half done stays in Saleor.

    Pieces that are missing, and all there when Saleor's stock is read, are pieces it does not count (docs/adr/0073), or were let go in
    between: it is asked again.
    """
    refusals: list[LineRefusal] = []
    unseen: set[str] = set()
    for pause in COME_BACK:
        if pause:
            time.sleep(pause)
            _mark(store, order, made["id"])
        try:
            with ExitStack() as held:
                room_make(store, order, ids, held, unseen=unseen)
                done: Mapping[str, Any] = store.call("draft_complete", id=made["id"])["order"]
                return done
        except SaleorRefused as refused:
            found = store.call("order_find", reference=order.key)
            if found is not None and found["status"] != DRAFT:
                return dict(found)  # an earlier call had come through
            refusals = [_refusal(one) for one in refused.problems]
            if not refused.has("INSUFFICIENT_STOCK"):
                break
            short, unseen = _short(store, order, ids)
            if short:
                refusals = short
                break
    store.call("draft_delete", id=made["id"])
    raise RefusedError(*refusals)


def _short(store: SaleorClient, order: EngineOrder, ids: Ids) -> tuple[list[LineRefusal], set[str]]:
    """Saleor does not say which line is short, so its stock is read. And the parts of which it does not count all that lies there."""
    shelves = shelves_of(store, order, ids)
    free = {part: pieces_free(shelves_real(there)) for part, there in shelves.items()}
    wanted = ((line.position, line.part, line.quantity - line.waiting) for line in order.lines)
    return shortages(wanted, free), parts_unseen(shelves)
