"""The order's history and its one mover of states."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import connection
from django.db.models import Q

from orders.models import Order, OrderEvent, OrderLine
from orders.rules.state import LineFacts, may_move, order_state
from orders.services.engines import order_mirror_wake
from portal.accounts.actor import Actor
from portal.errors import Code, refusal

# What moves goods or money of an order, or says anew who pays, and so its copy in the store.
_THE_STORES_TOO = frozenset({
    "shipped", "unshipped", "tracked", "cancelled", "return.received", "paid", "credit.used", "refunded", "reviewed",
})  # fmt: skip


def actor_name(actor: Actor) -> str:
    """How history names an actor: no personal data."""
    return f"membership:{actor.membership_id}" if actor.membership_id else "system"


def event_write(
    *,
    order: Order,
    kind: str,
    at: datetime,
    actor: Actor,
    data: dict[str, Any] | None = None,
    event_id: str | None = None,
) -> bool:
    """Write one history row; a fact that has a name is written once. Answers whether it is new. One statement, for there are many."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO orders_orderevent (order_id, kind, at, actor, data, event_id)"
            " VALUES (%s, %s, %s, %s, %s, %s) ON CONFLICT (event_id) DO NOTHING",
            [order.pk, kind, at, actor_name(actor), json.dumps(data or {}), event_id],
        )
        if not cursor.rowcount:
            return False
    if _is_the_stores(order, kind, data or {}):
        order_mirror_wake(order_id=order.pk, number=order.number)
    return True


def _is_the_stores(order: Order, kind: str, data: dict[str, Any]) -> bool:
    """Whether the store's copy may lack something now. Just made as it stands here it lacks nothing, unless something moved before."""
    if kind != "engine.accepted":
        return kind in _THE_STORES_TOO or kind.startswith("card.")
    moved = OrderEvent.objects.filter(Q(kind__in=_THE_STORES_TOO) | Q(kind__startswith="card."), order=order)
    return bool(data.get("found")) or moved.exists()


def facts_of(lines: Iterable[OrderLine]) -> list[LineFacts]:
    """The lines as the state rule reads them."""
    return [
        LineFacts(
            quantity=line.quantity,
            cancelled=line.cancelled,
            shipped=line.shipped,
            delivered=line.delivered,
            in_review=line.review == "PENDING",
            cleared=line.cleared_at is not None,
        )
        for line in lines
    ]


def order_move(*, order: Order, lines: Iterable[OrderLine], at: datetime, actor: Actor, save: bool = True) -> None:
    """Set the state its lines add up to, if the table allows it; one history row a move. Saves the order's state, or leaves that."""
    new = order_state(facts_of(lines), needs_approval=order.needs_approval)
    if new == order.state:
        return
    if not may_move(order.state, new):
        raise refusal(Code.WRONG_STATE, "order", state=order.state)
    old, order.state = order.state, new
    if save:
        order.save(update_fields=["state"])
    event_write(order=order, kind="state", at=at, actor=actor, data={"from": old, "to": new})
