"""The numbers orders get."""

from __future__ import annotations

from datetime import UTC, datetime

from django.db import connection

from orders.services.engines import store_copy

_EVER = datetime(2000, 1, 1, tzinfo=UTC)


def order_number_next() -> str:
    """A number nobody has."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('orders_order_number')")
        return str(cursor.fetchone()[0])


def order_numbers_skip() -> int:
    """Go on behind the numbers the store has from an earlier portal: there a number stands for ever, and an order that was found is not made.

    Answers the highest that was found, 0 when there is none. Raises what the store's client raises.
    """
    store = store_copy()
    found = [int(one) for one in (store.changed_since(_EVER) if store else ()) if one.isdecimal()]
    if not found:
        return 0
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT setval('orders_order_number', GREATEST(last_value, %s)) FROM orders_order_number", [max(found)]
        )
    return max(found)
