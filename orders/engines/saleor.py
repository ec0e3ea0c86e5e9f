"""Orders handed to Saleor: a draft with our key, our prices and our words, completed once (docs/adr/0070, 0092)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from orders.engines import saleor_draft as draft
from orders.engines.saleor_after import AfterPlacing
from orders.engines.saleor_completing import (
    Begun,
    RefusedError,
    complete,
    patience,
    refusal_of,
    say,
    trying_until,
    words,
)
from orders.engines.saleor_draft import CONTENT, DRAFT, TRYING, Ids
from orders.engines.saleor_lookup import ids_of, parts_unknown
from orders.rules.store_order import content_mark
from portal import clock
from portal.engine import EngineEvent, EngineLine, EngineOrder, EventKind, LineRefusal, Refusal
from portal.locks import key_lock_session
from portal.saleor.client import SaleorClient
from portal.saleor.errors import SaleorAway, SaleorBroken, SaleorRefused
from portal.saleor.services import client

_CHANGED = "Somebody changed draft {} in the store. Trying again makes it anew from our order."


class SaleorEngine(AfterPlacing):
    """Saleor keeps a faithful copy of every order. A call that does not make it at once looks first what is there, so that it may be made again at any time."""

    in_process = False

    def place(self, order: EngineOrder, *, now: datetime) -> list[EngineEvent]:
        """Make the order in Saleor, or find that it was made. Nobody else is at the same order meanwhile."""
        with key_lock_session(f"store:{order.number}"):
            return list(_placed(client().within(patience(order).total_seconds()), order, now))


def _placed(store: SaleorClient, order: EngineOrder, now: datetime) -> Iterator[EngineEvent]:
    try:
        found, was_there = _at_once(store, order), False
        if found is None:
            found, was_there = _looked(store, order)
    except RefusedError as refused:
        reason = refused.refusals[0].reason
        event_id = f"{order.number}:{EventKind.REFUSED}:{order.attempt}"
        yield EngineEvent(event_id, EventKind.REFUSED, order.number, now, reason=reason, refusals=refused.refusals)
        return
    if found is None:
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


def _at_once(store: SaleorClient, order: EngineOrder) -> Mapping[str, Any] | None:
    """Nobody looks before the first attempt: Saleor takes our key once, so a draft that it makes is the only one.

    None when it makes none, for whatever reason: only a look tells what that means.
    """
    if order.attempt > 1 or not order.lines:
        return None
    try:
        ids = _ids(store, order)
        until, made = _create(store, order, ids)
    except (RefusedError, SaleorRefused, SaleorBroken):
        return None
    return complete(store, _fresh(order, ids, until, made))


def _looked(store: SaleorClient, order: EngineOrder) -> tuple[Mapping[str, Any] | None, bool]:
    """The order after a look at what is there, and whether it was there already. None: nothing is left of it to place."""
    found = store.call("order_find", reference=order.key)
    if found is not None and found["status"] != DRAFT:
        _known(store, order, found)
        return found, True
    if found is not None:
        found = _go_on(store, order, found)
    if found is None and not order.lines:
        return None, False
    ids = _ids(store, order)
    begun = _made(store, order, ids) if found is None else _taken_up(order, ids, found)
    return complete(store, begun), False


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


def _taken_up(order: EngineOrder, ids: Ids, found: Mapping[str, Any]) -> Begun:
    """A draft of an earlier attempt whose time is over. Our words come before the rounding, so a draft that has it has them."""
    there = draft.lines_there(order, ids, found)
    if there is None:
        raise RefusedError(LineRefusal(Refusal.OTHER, words=_CHANGED.format(found["number"])))
    rounded = any(one["reason"] == draft.ROUNDING for one in found["discounts"])
    return Begun(order, ids, found["id"], words(order, there), rounded=rounded)


def _ids(store: SaleorClient, order: EngineOrder) -> Ids:
    ids = ids_of(store, order)
    if isinstance(ids, LineRefusal):
        raise RefusedError(ids)
    unknown = [line for line in order.lines if line.part not in ids.variants]
    if unknown:
        raise RefusedError(*_unknown(unknown))
    return ids


def _create(store: SaleorClient, order: EngineOrder, ids: Ids) -> tuple[datetime, Mapping[str, Any]]:
    """A draft, and until when it is marked as being completed, for that is what comes next."""
    until = trying_until(order)
    return until, store.call("draft_create", input=draft.draft_input(order, ids, until))["order"]


def _fresh(order: EngineOrder, ids: Ids, until: datetime, made: Mapping[str, Any]) -> Begun:
    there = draft.lines_there(order, ids, made)
    if there is None:
        raise SaleorBroken(f"Order {order.number}: the draft's lines are not those that were sent.")
    return Begun(order, ids, made["id"], words(order, there), until)


def _made(store: SaleorClient, order: EngineOrder, ids: Ids) -> Begun:
    """A draft where a look found none. What it is refused for is told in the port's words."""
    try:
        return _fresh(order, ids, *_create(store, order, ids))
    except SaleorRefused as refused:
        if refused.has("UNIQUE"):
            raise _overtaken(store, order, refused) from refused
        raise RefusedError(*(refusal_of(one) for one in refused.problems)) from refused
    except SaleorBroken as broken:
        if broken.reason == "IntegrityError":
            raise _overtaken(store, order, broken) from broken
        unknown = [line for line in order.lines if line.part in parts_unknown(store, order, ids)]
        if unknown:
            raise RefusedError(*_unknown(unknown)) from broken
        raise


def _overtaken(store: SaleorClient, order: EngineOrder, error: Exception) -> Exception:
    """Our key is taken: a request of an earlier attempt came through after the look."""
    if store.call("order_find", reference=order.key) is None:
        return error
    return SaleorAway(f"Order {order.number}: an earlier attempt has come through just now.")


def _unknown(lines: Sequence[EngineLine]) -> list[LineRefusal]:
    return [LineRefusal(Refusal.UNKNOWN_PART, line.position, line.quantity) for line in lines]


def _known(store: SaleorClient, order: EngineOrder, found: Mapping[str, Any]) -> None:
    """An order whose draft was completed before all its lines had our words: they are told which they are; of others the mirror tells staff."""
    if all(draft.POSITION in draft.values(line["metadata"]) for line in found["lines"]):
        return
    ids = ids_of(store, order)
    there = draft.lines_known(order, ids, found) if isinstance(ids, Ids) else {}
    if unsaid := words(order, there):
        say(store, order, found["id"], unsaid)
