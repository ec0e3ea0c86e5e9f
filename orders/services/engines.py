"""Which commerce engine there is, and the message that has its copy of an order looked at."""

from __future__ import annotations

from functools import cache
from typing import cast

from django.conf import settings
from django.utils.module_loading import import_string

from orders.models import Order
from orders.selectors.store_kept import order_kept
from portal import clock
from portal.engine import CommerceEngine
from portal.engine_mirror import KeepsACopy
from portal.outbox.models import OutboxMessage
from portal.outbox.services import outbox_write

MIRROR = "order.mirror"


@cache
def engine() -> CommerceEngine:
    """The engine named by `settings.COMMERCE_ENGINE`."""
    made: CommerceEngine = import_string(settings.COMMERCE_ENGINE)()
    return made


def store_copy() -> KeepsACopy | None:
    """The engine as the keeper of a copy of our orders; None where there is none to keep true."""
    return cast(KeepsACopy, engine()) if engine().mirrored else None


def store_queue(number: str) -> str:
    """The outbox key of all that is said to the store about an order: in turn, and a store that is away holds up nothing else of it."""
    return f"store:{number}"


def order_mirror_wake(*, order_id: int, number: str) -> None:
    """Have the store's copy compared after this commit; nothing is written where there is none."""
    if engine().mirrored:
        outbox_write(kind=MIRROR, key=store_queue(number), payload={"order": order_id}, now=clock.now())


def orders_mirror_waiting() -> list[int]:
    """Orders of which something happened that the store has not heard yet."""
    return list(OutboxMessage.objects.filter(kind=MIRROR, done_at=None).values_list("payload__order", flat=True))


def stock_told_apart(order: Order) -> bool:
    """Whether the store hears of this order's goods as of any other movement, because it has no copy of the order."""
    return engine().mirrored and not order_kept(order)
