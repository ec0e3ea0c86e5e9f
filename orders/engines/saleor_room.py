"""Goods on their way, in Saleor: a warehouse of their own, so that an order that waits is accepted and nobody else gets its pieces.

Only the channels of the portal draw on it, and it never has more than our orders wait for (docs/adr/0072).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import replace

from orders.engines.saleor_draft import Ids
from orders.engines.saleor_lookup import shelves_of
from orders.rules.store_order import Shelf, pieces_free, room_size
from portal.engine import EngineOrder
from portal.locks import key_lock_session
from portal.saleor.client import SaleorClient
from portal.saleor.errors import NotConnected
from portal.saleor.plan import EXPECTED
from portal.saleor.services import link_get, links_of, links_set


def room_make(
    store: SaleorClient, order: EngineOrder, ids: Ids, held: ExitStack, *, unseen: Collection[str] = ()
) -> None:
    """Let the expected goods of the order's parts be what others were given and what this order waits for, and no piece more.

    A part that ever waited is looked at again, so that what arrived since leaves nothing over. What lies on shelves of the same number
    of pieces, which Saleor counts once, is lent until `held` ends, where all that is wanted lies there; `unseen` names parts of which that is known. `held` keeps others away.
    """
    wanted, waiting = Counter[str](), Counter[str]()
    for line in order.lines:
        wanted[line.part] += line.quantity
        waiting[line.part] += line.waiting
    used = links_of("expected", waiting)
    parts = sorted(part for part, pieces in waiting.items() if pieces or part in used or part in unseen)
    if not parts:
        return
    room = link_get("warehouse", EXPECTED)
    if room is None:
        raise NotConnected(f"The store has no warehouse {EXPECTED}: run saleor_provision.")
    for part in parts:
        held.enter_context(key_lock_session(f"store.expected:{part}"))
    links_set("expected", [(part, ids.variants[part]) for part in parts])
    for part in parts:
        one = replace(ids, variants={part: ids.variants[part]})
        shelves = shelves_of(store, order, one)[part]
        exact = _given(shelves) + waiting[part]
        there = shelves_real(shelves)
        size = room_size(there, exact) if pieces_free(there) >= wanted[part] - waiting[part] else exact
        if size > exact:
            held.callback(_take_back, store, order, one, room)
        _put(store, one, room, size)


def parts_unseen(shelves: Mapping[str, Sequence[Shelf]]) -> set[str]:
    """Parts of which Saleor does not count all that lies there."""
    return {part for part, there in shelves.items() if room_size(there, 0)}


def shelves_real(shelves: Iterable[Shelf]) -> list[Shelf]:
    """Without the warehouse of what is expected, where nothing lies."""
    return [one for one in shelves if one.warehouse != EXPECTED]


def _take_back(store: SaleorClient, order: EngineOrder, one: Ids, room: str) -> None:
    """What was lent. Should Saleor not answer any more, the next order of the part does it."""
    ((_, shelves),) = shelves_of(store, order, one).items()
    _put(store, one, room, _given(shelves))


def _put(store: SaleorClient, one: Ids, room: str, size: int) -> None:
    ((_, variant),) = one.variants.items()
    store.call("variant_stocks_put", variant=variant, stocks=[{"warehouse": room, "quantity": size}])


def _given(shelves: Iterable[Shelf]) -> int:
    """Pieces of the expected goods that orders have been given already."""
    return sum(one.allocated for one in shelves if one.warehouse == EXPECTED)
