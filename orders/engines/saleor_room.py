"""Goods on their way, in Saleor: a warehouse of their own, so that an order that waits is accepted and nobody else gets its pieces.

Only the channels of the portal draw on it, and it never has more than our orders wait for (docs/adr/0072).
"""

from __future__ import annotations

from contextlib import ExitStack

from orders.engines.saleor_draft import Ids
from portal.engine import EngineOrder
from portal.locks import key_lock_session
from portal.saleor.client import SaleorClient
from portal.saleor.errors import NotConnected
from portal.saleor.plan import EXPECTED
from portal.saleor.services import link_get, links_of, links_set


def room_make(store: SaleorClient, order: EngineOrder, ids: Ids, held: ExitStack) -> None:
    """Let the expected goods of the order's parts be what others were given and what this order waits for, and no piece more.

    A part that ever waited is looked at again, so that what arrived since leaves nothing over. `held` keeps others away.
    """
    waiting: dict[str, int] = {}
    for line in order.lines:
        waiting[line.part] = waiting.get(line.part, 0) + line.waiting
    used = links_of("expected", waiting)
    parts = sorted(part for part, pieces in waiting.items() if pieces or part in used)
    if not parts:
        return
    room = link_get("warehouse", EXPECTED)
    if room is None:
        raise NotConnected(f"The store has no warehouse {EXPECTED}: run saleor_provision.")
    for part in parts:
        held.enter_context(key_lock_session(f"store.expected:{part}"))
    links_set("expected", [(part, ids.variants[part]) for part in parts])
    for part in parts:
        given = _given(store, ids.variants[part], order.channel)
        stocks = [{"warehouse": room, "quantity": given + waiting[part]}]
        store.call("variant_stocks_put", variant=ids.variants[part], stocks=stocks)


def _given(store: SaleorClient, variant: str, channel: str) -> int:
    """Pieces of the expected goods that orders have been given already."""
    told = store.call("variants_stock", ids=[variant], channel=channel)
    return sum(
        stock["quantityAllocated"]
        for edge in told["productVariants"]["edges"]
        for stock in edge["node"]["stocks"]
        if stock["warehouse"]["externalReference"] == EXPECTED
    )
