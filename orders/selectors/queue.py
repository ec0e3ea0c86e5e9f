"""The shipping queue: what waits to be handed over, by time left, and why each waits."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime

from orders.models import Order, OrderHold, OrderLine
from orders.selectors.orders import hold_of, shippable_orders
from portal.accounts.actor import Actor
from portal.promises.models import Promise
from portal.promises.selectors import promises_of, share_used

_LAST = datetime.max.replace(tzinfo=UTC)
_OPEN = ("RUNNING", "PAUSED", "BROKEN")


@dataclass
class QueueRow:
    """An order to ship. `places`: warehouses whose shelves hold pieces of it; `expected_on`: the first day awaited goods come."""

    order: Order
    lines: list[OrderLine]
    promise: Promise | None
    hold: OrderHold | None
    tone: str
    places: list[str] = field(default_factory=list)
    expected_on: date | None = None

    @property
    def pieces(self) -> int:
        """Pieces to hand over."""
        return sum(line.open_quantity for line in self.lines)

    @property
    def ready(self) -> bool:
        """Can it be handed over now?"""
        return bool(self.places) and self.hold is None and self.order.engine_state == "ACCEPTED"


def shipping_queue(actor: Actor, *, now: datetime) -> list[QueueRow]:
    """Every order that waits to be handed over, the least time left first; a constant number of queries."""
    orders = list(shippable_orders(actor).prefetch_related("lines__part", "lines__holds__warehouse", "order_holds"))
    promises = promises_of("order", [order.number for order in orders])
    rows = [_row(order, promises[order.number], now) for order in orders]
    return sorted(rows, key=lambda row: (_due(row), row.order.placed_at, row.order.pk))


def _row(order: Order, promises: Sequence[Promise], now: datetime) -> QueueRow:
    lines = [line for line in order.lines.all() if line.cleared_at and line.open_quantity]
    running = [one for one in promises if one.policy_code == "ship" and one.state in _OPEN]
    promise = min(running, key=lambda one: one.due_at or _LAST, default=None)
    hold = hold_of(order)
    tone = share_used(promise, now).tone if promise else "running"
    return QueueRow(
        order, lines, promise, hold, "held" if hold and tone != "late" else tone, _places(lines), _expected(lines)
    )


def _places(lines: Iterable[OrderLine]) -> list[str]:
    return sorted({hold.warehouse.name for line in lines for hold in line.holds.all() if hold.receipt_id is None})


def _expected(lines: Iterable[OrderLine]) -> date | None:
    return min((hold.expected_on for line in lines for hold in line.holds.all() if hold.expected_on), default=None)


def _due(row: QueueRow) -> datetime:
    return row.promise.due_at if row.promise and row.promise.due_at else _LAST
