"""The shipping queue as the database counts and sorts it: one row an order, its least time left, and how it stands."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import connection

from portal.promises.selectors.bar import NEAR

LAST = datetime(9999, 12, 31, tzinfo=UTC)  # where an order stands that nothing is promised for
STANDINGS = ("late", "risk", "time", "held")
# Each step is worked out once (MATERIALIZED): without statistics the planner would do them again for every order.
# How it stands is `share_used` said in SQL (a test holds the two together); a hold shows where nothing is late yet.
_QUEUE = """
WITH waiting AS MATERIALIZED (
    SELECT order_id, count(*) AS lines, sum(quantity - cancelled - shipped) AS pieces
    FROM orders_orderline WHERE cleared_at IS NOT NULL AND quantity > cancelled + shipped GROUP BY order_id
), ship AS MATERIALIZED (
    SELECT DISTINCT ON (subject) subject, due_at, started_at, state FROM promises_promise
    WHERE subject_kind = 'order' AND policy_code = 'ship' AND state IN ('RUNNING', 'PAUSED', 'BROKEN')
    ORDER BY subject, due_at, id
), queue AS MATERIALIZED (
    SELECT o.id, waiting.lines, waiting.pieces, coalesce(ship.due_at, %(last)s) AS due,
        o.engine_state = 'ACCEPTED' AND hold.id IS NULL AS free,
        CASE WHEN ship.due_at <= %(now)s AND ship.state <> 'PAUSED' THEN 'late'
             WHEN hold.id IS NOT NULL OR ship.state = 'PAUSED' THEN 'held'
             WHEN ship.started_at + (ship.due_at - ship.started_at) * %(near)s <= %(now)s THEN 'risk'
             ELSE 'time' END AS standing
    FROM waiting
    JOIN orders_order o ON o.id = waiting.order_id AND o.state NOT IN ('CANCELLED', 'DELIVERED')
    LEFT JOIN ship ON ship.subject = o.number
    LEFT JOIN orders_orderhold hold ON hold.order_id = o.id AND hold.until IS NULL
), shelf AS MATERIALIZED (
    SELECT DISTINCT line.order_id, held.warehouse_id
    FROM orders_linehold held JOIN orders_orderline line ON line.id = held.line_id
    WHERE held.receipt_id IS NULL AND line.cleared_at IS NOT NULL AND line.quantity > line.cancelled + line.shipped
)
"""
_HERE = "(%(place)s::bigint IS NULL OR id IN (SELECT order_id FROM shelf WHERE warehouse_id = %(place)s))"
_COUNTED = """{queue}
SELECT standing, NULL::bigint, count(*) FROM queue WHERE {here} GROUP BY standing
UNION ALL
SELECT NULL, warehouse_id, count(*) FROM queue JOIN shelf ON shelf.order_id = queue.id GROUP BY warehouse_id
"""
_PAGE = """{queue}
SELECT * FROM (
    SELECT id, lines, pieces, due, standing, row_number() OVER (ORDER BY due, id) AS place FROM queue
    WHERE {here} AND (%(standing)s::text IS NULL OR standing = %(standing)s)
) AS sorted
"""
_FORWARD = _PAGE + "WHERE (due, id) > (%(due)s, %(id)s) ORDER BY due, id LIMIT %(limit)s"
_BACK = _PAGE + "WHERE (due, id) < (%(due)s, %(id)s) ORDER BY due DESC, id DESC LIMIT %(limit)s"
_LEAVING = "{queue} SELECT id FROM queue WHERE free AND due <= %(until)s AND {here} ORDER BY due, id LIMIT %(limit)s"


@dataclass(frozen=True)
class Sorted:
    """An order's place in the queue: its key, what is to hand over, when it is due, how it stands, and the how manieth it is."""

    order_id: int
    lines: int
    pieces: int
    due: datetime
    standing: str
    place: int


@dataclass(frozen=True)
class Asked:
    """What is asked of the queue: only how it stands, only what lies at a warehouse."""

    now: datetime
    standing: str | None = None
    warehouse_id: int | None = None

    @property
    def values(self) -> dict[str, Any]:
        """For the statements."""
        return {
            "now": self.now,
            "near": NEAR,
            "last": LAST,
            "standing": self.standing,
            "place": self.warehouse_id,
        }


def queue_counted(asked: Asked) -> tuple[dict[str, int], dict[int, int]]:
    """{how it stands: orders} at the warehouse asked for, and {warehouse: orders with pieces on its shelves} of all."""
    rows = _rows(_COUNTED, asked.values)
    return {one: many for one, _, many in rows if one}, {place: many for _, place, many in rows if place}


def queue_after(asked: Asked, due: datetime, order_id: int, limit: int) -> list[Sorted]:
    """The orders that come behind a place in the queue."""
    start = {"due": due, "id": order_id, "limit": limit}
    return [Sorted(*row) for row in _rows(_FORWARD, asked.values | start)]


def queue_before(asked: Asked, due: datetime, order_id: int, limit: int) -> list[Sorted]:
    """The orders just before a place in the queue, in the queue's order."""
    start = {"due": due, "id": order_id, "limit": limit}
    return [Sorted(*row) for row in reversed(_rows(_BACK, asked.values | start))]


def leaving_until(asked: Asked, until: datetime, limit: int) -> list[int]:
    """Orders that can leave and are due by `until`, least time left first."""
    return [row[0] for row in _rows(_LEAVING, asked.values | {"until": until, "limit": limit})]


def before_all(asked: Asked) -> tuple[datetime, int]:
    """A place before every other."""
    return asked.now - timedelta(days=36525), 0


def _rows(statement: str, values: Mapping[str, Any]) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(statement.replace("{queue}", _QUEUE).replace("{here}", _HERE), values)
        return list(cursor.fetchall())
