"""The shipping queue: what waits to be handed over, by time left, and why each waits. However long, a page costs the same."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any

from django.db.models import Count, F, Min, OuterRef, Prefetch, Q, QuerySet, Subquery

from catalog.models import StockLevel, Warehouse
from orders.models import LineHold, Order, OrderHold, OrderLine
from orders.selectors.orders import hold_of, orders_for
from orders.selectors.queue_sql import (
    STANDINGS,
    Asked,
    Sorted,
    before_all,
    queue_after,
    queue_before,
    queue_counted,
)
from portal.accounts.actor import Actor
from portal.promises.models import Promise
from portal.promises.selectors import promises_of

FEW = 12  # lines of an order that the queue names
_OPEN = ("RUNNING", "PAUSED", "BROKEN")
TO_SHIP = Q(cleared_at__isnull=False, quantity__gt=F("cancelled") + F("shipped"))  # lines
FOR_HAND_OVER = Q(  # what is held for them
    line__cleared_at__isnull=False, line__quantity__gt=F("line__cancelled") + F("line__shipped")
)


@dataclass
class QueueRow:
    """An order to ship. `lines`: the first of `many` to hand over; `places`: warehouses whose shelves hold pieces of it; `expected_on`: the first day awaited goods come."""

    order: Order
    many: int
    pieces: int
    standing: str
    lines: list[OrderLine]
    promise: Promise | None
    hold: OrderHold | None
    places: list[Warehouse] = field(default_factory=list)
    expected_on: date | None = None

    @property
    def ready(self) -> bool:
        """Can it be handed over now?"""
        return bool(self.places) and self.hold is None and self.order.engine_state == "ACCEPTED"


@dataclass
class QueuePage:
    """Rows `first` to `last` of `total`; `counts` by how orders stand, `places` by warehouse. Cursors lead on, empty where nothing is."""

    rows: list[QueueRow]
    counts: dict[str, int]
    places: list[tuple[Warehouse, int]]
    first: int = 0
    earlier: str = ""
    later: str = ""

    @property
    def last(self) -> int:
        """The how manieth the last row is."""
        return self.first + len(self.rows) - 1

    @property
    def total(self) -> int:
        """All orders to ship, at the warehouse asked for."""
        return sum(self.counts.values())


def shipping_queue(
    actor: Actor,
    *,
    now: datetime,
    standing: str | None = None,
    warehouse_id: int | None = None,
    after: str = "",
    before: str = "",
    limit: int = 50,
) -> QueuePage:
    """A page of what waits to be handed over, the least time left first; the same number of queries for ten orders or ten thousand.

    `after` and `before` are cursors of an earlier page; what was shipped since is simply gone. A cursor that makes no sense
    leads to the first page.
    """
    if not actor.is_house:
        return QueuePage([], {}, [])
    asked = Asked(now, standing if standing in STANDINGS else None, warehouse_id)
    rows, earlier, later = _sorted(asked, after, before, limit)
    counts, places = queue_counted(asked)
    warehouses = {one.pk: one for one in Warehouse.objects.order_by("code")}
    return QueuePage(
        rows=_dressed(actor, rows, warehouses),
        counts=counts,
        places=[(one, places.get(one.pk, 0)) for one in warehouses.values()],
        first=rows[0].place if rows else 0,
        earlier=_cursor(rows[0]) if earlier else "",
        later=_cursor(rows[-1]) if later else "",
    )


def _sorted(asked: Asked, after: str, before: str, limit: int) -> tuple[list[Sorted], bool, bool]:
    """The page's rows, and whether there are earlier and later ones."""
    if place := _place(before):
        rows = queue_before(asked, *place, limit)
        if len(rows) == limit:
            return rows, rows[0].place > 1, True
    start = _place(after) or before_all(asked)
    rows = queue_after(asked, *start, limit + 1)
    if not rows and after:  # all that stood there is shipped
        rows = queue_after(asked, *before_all(asked), limit + 1)
    return rows[:limit], bool(rows) and rows[0].place > 1, len(rows) > limit


def _cursor(row: Sorted) -> str:
    return f"{row.due.timestamp():.6f}~{row.order_id}"


def _place(cursor: str) -> tuple[datetime, int] | None:
    due, _, key = cursor.partition("~")
    try:
        return datetime.fromtimestamp(float(due), UTC), int(key[:18])
    except (ValueError, OverflowError, OSError):
        return None


def _dressed(actor: Actor, rows: Sequence[Sorted], warehouses: Mapping[int, Warehouse]) -> list[QueueRow]:
    keys = [row.order_id for row in rows]
    lines = OrderLine.objects.filter(TO_SHIP).select_related("part").order_by("position")
    shown = Prefetch("lines", lines.prefetch_related(Prefetch("holds", _holds()))[:FEW], to_attr="to_pick")
    orders = {one.pk: one for one in orders_for(actor).filter(pk__in=keys).prefetch_related(shown, "order_holds")}
    promises = promises_of("order", [one.number for one in orders.values()])
    lying = _lying(keys, warehouses)
    found = [(row, order) for row in rows if (order := orders.get(row.order_id))]
    return [_row(row, order, promises[order.number], lying.get(order.pk, [])) for row, order in found]


def _holds() -> QuerySet[LineHold]:
    """What is held, with the shelf its part has in that warehouse."""
    level = StockLevel.objects.filter(part=OuterRef("line__part"), warehouse=OuterRef("warehouse"))
    return LineHold.objects.select_related("warehouse").annotate(shelf=Subquery(level.values("place"))).order_by("pk")


def _row(
    row: Sorted, order: Any, promises: Sequence[Promise], lying: Sequence[tuple[Warehouse, int, date | None]]
) -> QueueRow:
    running = [one for one in promises if one.policy_code == "ship" and one.state in _OPEN]
    return QueueRow(
        order=order,
        many=row.lines,
        pieces=row.pieces,
        standing=row.standing,
        lines=order.to_pick,
        promise=min(running, key=lambda one: (one.due_at is None, one.due_at), default=None),
        hold=hold_of(order),
        places=[place for place, shelf, _ in lying if shelf],
        expected_on=min((on for _, _, on in lying if on), default=None),
    )


def _lying(
    keys: Collection[int], warehouses: Mapping[int, Warehouse]
) -> dict[int, list[tuple[Warehouse, int, date | None]]]:
    """{order: (warehouse, holds on its shelf, the first day goods come there)} of what is to hand over."""
    held = LineHold.objects.filter(FOR_HAND_OVER, line__order__in=keys)
    told = held.values_list("line__order_id", "warehouse_id").annotate(
        shelf=Count("pk", filter=Q(receipt=None)), on=Min("expected_on")
    )
    found: dict[int, list[tuple[Warehouse, int, date | None]]] = {}
    for order_id, place, shelf, on in told.order_by("warehouse__name"):
        found.setdefault(order_id, []).append((warehouses[place], shelf, on))
    return found
