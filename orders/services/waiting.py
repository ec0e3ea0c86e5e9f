"""What a buyer does with a line that waits: let go of the pieces that wait, or take the successor instead."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from orders.models import CartLine, OrderLine
from orders.selectors.backorders import backorder_get, successor_of, waiting_pieces
from orders.selectors.orders import order_locked
from orders.services.cancelling import order_cancel
from orders.services.carts import cart_add
from orders.types import LineRequest
from portal.accounts.actor import Actor
from portal.errors import Code, refusal


@transaction.atomic
def backorder_cancel(*, actor: Actor, line_id: int, now: datetime) -> int:
    """Cancel the pieces that wait; what lies on a shelf for the line is sent. Answers how many.

    Raises NOT_FOUND, WRONG_STATE when nothing waits any more.
    """
    line, waiting = _waiting(actor, line_id)
    reason = "The buyer does not wait for them."
    order_cancel(
        actor=actor, order_id=line.order_id, line_ids=[line.pk], pieces={line.pk: waiting}, reason=reason, now=now
    )
    return waiting


@transaction.atomic
def backorder_instead(*, actor: Actor, line_id: int, now: datetime) -> list[CartLine]:
    """Cancel the pieces that wait and put as many of the successor into the cart, for the same machine.

    Raises NOT_FOUND, WRONG_STATE when nothing waits any more or no single part replaces it.
    """
    line, waiting = _waiting(actor, line_id)
    found = successor_of(line, now=now)
    if found is None:
        raise refusal(Code.WRONG_STATE, "line", "no_successor", partNumber=line.part.number)
    part, for_one = found
    backorder_cancel(actor=actor, line_id=line_id, now=now)
    return cart_add(actor=actor, lines=[LineRequest(part.number, waiting * for_one, line.serial)], now=now)


def _waiting(actor: Actor, line_id: int) -> tuple[OrderLine, int]:
    """The line and the pieces that wait once nobody else changes the order."""
    seen = backorder_get(actor, line_id)
    if seen is None:
        raise refusal(Code.NOT_FOUND, "line")
    order_locked(actor, seen.order_id)
    line = backorder_get(actor, line_id)
    assert line is not None  # lines are never deleted  # noqa: S101
    waiting = waiting_pieces(line)
    if not waiting:
        raise refusal(Code.WRONG_STATE, "line", "nothing_waits")
    return line, waiting
