"""Give a line's shelf pieces back, under the lock that hands them out."""

from __future__ import annotations

from catalog.services.stock import Held, levels_lock, stock_release
from orders.models import LineHold, OrderLine


def shelf_release(line: OrderLine) -> int:
    """Release what the line holds on shelves; answers how many pieces that were."""
    levels_lock([line.part_id])
    holds = list(LineHold.objects.filter(line=line, receipt=None))
    stock_release(held=[Held(str(line.pk), line.part_id, one.warehouse_id, one.quantity) for one in holds])
    LineHold.objects.filter(pk__in=[one.pk for one in holds]).delete()
    return sum(one.quantity for one in holds)
