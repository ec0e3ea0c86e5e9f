"""A draft of Saleor completed: our words on its lines, what it was rounded by taken off, and the order it becomes (docs/adr/0070, 0092)."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from orders.engines import saleor_draft as draft
from orders.engines.saleor_draft import DRAFT, TRYING, Ids, Said
from orders.engines.saleor_lookup import shelves_of
from orders.engines.saleor_room import parts_unseen, room_make, shelves_real
from orders.rules.store_order import pieces_free, shortages
from portal import clock
from portal.engine import EngineOrder, LineRefusal, Refusal
from portal.saleor.client import SaleorClient
from portal.saleor.errors import Problem, SaleorRefused
from portal.saleor.services import links_set

SLOW_LINE = timedelta(milliseconds=200)  # an order of 2,000 lines takes its time
PATIENCE = timedelta(seconds=20)
COME_BACK = (0.0, 0.1, 1.0)  # seconds before a completion, the first and those whose missing pieces were all there
_NOT_SOLD = ("NOT_AVAILABLE_IN_CHANNEL", "PRODUCT_NOT_PUBLISHED", "PRODUCT_UNAVAILABLE_FOR_PURCHASE")


class RefusedError(Exception):
    """Saleor does not take the order as it is."""

    def __init__(self, *refusals: LineRefusal) -> None:
        super().__init__(", ".join(f"{one.position}: {one.reason}" for one in refusals))
        self.refusals = refusals


@dataclass
class Begun:
    """A draft of ours and what it still lacks: words on lines, the rounding. `until`: how long it is marked as being completed."""

    order: EngineOrder
    ids: Ids
    id: str
    unsaid: list[Said]
    until: datetime | None = None
    rounded: bool = False


def patience(order: EngineOrder) -> timedelta:
    """How long Saleor may take for a question about the order."""
    return PATIENCE + SLOW_LINE * len(order.lines)


def trying_until(order: EngineOrder) -> datetime:
    """Till then somebody may be completing the order who asks now."""
    return clock.real_now() + 2 * patience(order)


def refusal_of(problem: Problem) -> LineRefusal:
    """What a draft is refused for, in the port's words."""
    if problem.extra.get("addressType"):
        return LineRefusal(Refusal.ADDRESS, words=f"{problem.field}: {problem.message}")
    reason = Refusal.UNKNOWN_PART if problem.code in _NOT_SOLD else Refusal.OTHER
    return LineRefusal(reason, words=f"{problem.field}: {problem.message}")


def words(order: EngineOrder, there: Mapping[int, Mapping[str, Any]]) -> list[Said]:
    """Our words for those lines that do not say yet which they are; what Saleor calls each line is remembered."""
    links_set("line", [(f"{order.number}/{place}", line["id"]) for place, line in there.items()])
    bare = [one for one in order.lines if one.position in there and not draft.values(there[one.position]["metadata"])]
    return [(there[one.position]["id"], draft.metadata(draft.line_facts(one))) for one in bare]


def say(store: SaleorClient, order: EngineOrder, order_id: str, said: Sequence[Said]) -> datetime:
    """Say it of up to three lines, and mark the order as being completed; answers until when."""
    until = trying_until(order)
    marks = draft.metadata({TRYING: until.isoformat()})
    store.call("draft_describe", order=order_id, marks=marks, **draft.at_once(said, order_id))
    return until


def complete(store: SaleorClient, begun: Begun) -> Mapping[str, Any]:
    """Make the draft an order, once. Refused it goes, so that nothing half done stays in Saleor.

    Pieces that are missing, and all there when Saleor's stock is read, are pieces it does not count (docs/adr/0073), or were let go in
    between: it is asked again.
    """
    _ready(store, begun)
    _round(store, begun)
    refusals: Sequence[LineRefusal] = ()
    unseen: set[str] = set()
    for pause in COME_BACK:
        time.sleep(pause)
        try:
            with ExitStack() as held:
                room_make(store, begun.order, begun.ids, held, unseen=unseen)
                _ready(store, begun)
                return _finish(store, begun)
        except SaleorRefused as refused:
            found = store.call("order_find", reference=begun.order.key)
            if found is not None and found["status"] != DRAFT:
                return dict(found)  # an earlier call had come through
            refusals = [refusal_of(one) for one in refused.problems]
            if not refused.has("INSUFFICIENT_STOCK"):
                break
            short, unseen = _short(store, begun)
            if short:
                refusals = short
                break
    store.call("draft_delete", id=begun.id)
    raise RefusedError(*refusals)


def _ready(store: SaleorClient, begun: Begun) -> None:
    """Leave no more to be said than goes with one question, and let the mark outlive that question."""
    while len(begun.unsaid) > draft.AT_ONCE or not _marked(begun):
        begun.until = say(store, begun.order, begun.id, begun.unsaid[: draft.AT_ONCE])
        del begun.unsaid[: draft.AT_ONCE]


def _marked(begun: Begun) -> bool:
    return begun.until is not None and clock.real_now() + patience(begun.order) <= begun.until


def _round(store: SaleorClient, begun: Begun) -> None:
    """Take off what the prices per piece are too high by, once: the words go first, so a draft that lacks them was not rounded."""
    excess = draft.rounding(begun.order)
    if not excess or begun.rounded:
        return
    given = {"valueType": "FIXED", "value": draft.DECIMALS.format(excess), "reason": draft.ROUNDING}
    store.call("draft_round", id=begun.id, input=given, **draft.at_once(begun.unsaid, begun.id))
    begun.unsaid.clear()


def _finish(store: SaleorClient, begun: Begun) -> Mapping[str, Any]:
    said = draft.at_once(begun.unsaid, begun.id)
    begun.unsaid.clear()  # once asked they are said, also when the completion is refused
    done: Mapping[str, Any] = store.call("draft_finish", id=begun.id, **said)["done"]["order"]
    return done


def _short(store: SaleorClient, begun: Begun) -> tuple[list[LineRefusal], set[str]]:
    """Saleor does not say which line is short, so its stock is read. And the parts of which it does not count all that lies there."""
    shelves = shelves_of(store, begun.order, begun.ids)
    free = {part: pieces_free(shelves_real(there)) for part, there in shelves.items()}
    wanted = ((line.position, line.part, line.quantity - line.waiting) for line in begun.order.lines)
    return shortages(wanted, free), parts_unseen(shelves)
