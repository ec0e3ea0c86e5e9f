"""What our orders mean for the store's figures of stock (catalog.services.store_stock)."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime

from django.db.models import F, Q, Sum

from catalog.services.store_stock import Claims
from catalog.services.store_tell import KEY
from orders.models import LineHold, Order, OrderLine
from orders.selectors.store_kept import orders_kept
from portal.outbox.models import OutboxMessage


def store_claims(part_ids: Collection[int], since: datetime) -> Claims:
    """Claims on these parts. A part is moving while a message about one of its orders, or of its stock, is on its way, or was when `since` passed."""
    under_way = OutboxMessage.objects.filter(Q(done_at=None) | Q(done_at__gte=since))
    stock = under_way.filter(key__in=[f"{KEY}{part_id}" for part_id in part_ids])
    moving = {int(key.removeprefix(KEY)) for key in stock.values_list("key", flat=True)}
    keys = under_way.filter(kind__startswith="order.").values_list("key", flat=True)
    numbers = {key.removeprefix("store:") for key in keys}
    lines = OrderLine.objects.filter(part_id__in=part_ids, order__number__in=numbers)
    moving |= set(lines.values_list("part_id", flat=True))
    held = (
        LineHold.objects.filter(
            line__part_id__in=part_ids, line__order__in=orders_kept(Order.objects.all()), receipt=None
        )
        .values_list("line__part_id", "warehouse__code")
        .annotate(pieces=Sum("quantity"))
    )
    places = {(part_id, code): pieces for part_id, code, pieces in held}
    return Claims(frozenset(moving), places, _waiting(part_ids, places))


def _waiting(part_ids: Collection[int], held: Mapping[tuple[int, str], int]) -> dict[int, int]:
    """What accepted orders are still owed beyond the shelves they hold on."""
    lines = OrderLine.objects.filter(part_id__in=part_ids, order__in=orders_kept(Order.objects.all()))
    owed = lines.values_list("part_id").annotate(pieces=Sum(F("quantity") - F("cancelled") - F("shipped")))
    on_shelves: dict[int, int] = {}
    for (part_id, _), pieces in held.items():
        on_shelves[part_id] = on_shelves.get(part_id, 0) + pieces
    return {part_id: pieces - on_shelves.get(part_id, 0) for part_id, pieces in owed}
