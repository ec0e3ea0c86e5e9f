"""The store is told first what was moved here; till then its word that pieces are missing is not the last one (docs/adr/0074)."""

from __future__ import annotations

from catalog.services.store_tell import movements_keys
from orders.models import Order, OrderLine
from orders.selectors.store_kept import orders_kept
from orders.services.engines import orders_mirror_waiting, store_queue
from portal.outbox.services import outbox_finish


class StoreBehindError(Exception):
    """The store says that pieces are missing, and has not heard yet of what was moved here: it is asked again later."""


def goods_catch_up(order: Order) -> bool:
    """Have the store told of goods moved here that are of this order's parts; answers whether something had waited."""
    return outbox_finish(movements_keys(order.lines.values_list("part_id", flat=True)))


def orders_catch_up(order: Order) -> bool:
    """Have the store told of what happened to other orders of these parts: pieces they let go are free there only then.

    Orders it has; one that is still to be handed over holds nothing there, and waits for its own turn.
    """
    parts = order.lines.values("part_id")
    kept = orders_kept(Order.objects.filter(pk__in=orders_mirror_waiting())).exclude(pk=order.pk)
    others = OrderLine.objects.filter(order__in=kept, part_id__in=parts)
    numbers = others.values_list("order__number", flat=True).distinct()
    return outbox_finish(store_queue(number) for number in numbers)
