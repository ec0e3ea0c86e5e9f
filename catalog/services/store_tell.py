"""Movements made here told to the store, where physical stock is kept: goods in, counts, damage, returns.

Goods that leave are told by their order's own hand-over where the store has the order, and the opening stock by the push.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.db.models import Sum

from catalog.models import StockLedger, StorePart
from catalog.rules.store import store_key
from catalog.rules.store_look import Doubt, Told, stock_step
from portal.engine import StoreCatalogue
from portal.outbox.models import OutboxMessage
from portal.outbox.services import outbox_done, outbox_write
from portal.saleor.services import difference_note

KIND = "stock.tell"
KEY = "stock:"  # before the part's key


def movements_tell(rows: Iterable[StockLedger], *, now: datetime) -> None:
    """Write a message for each part of these movements that the store has; in the caller's transaction. Nothing where there is no store."""
    if not settings.STORE_CATALOGUE:
        return
    told: dict[int, list[int]] = {}
    for row in rows:
        told.setdefault(row.part_id, []).append(row.pk)
    there = set(StorePart.objects.filter(part_id__in=told, gone_at=None).values_list("part_id", flat=True))
    for part_id in sorted(told.keys() & there):
        outbox_write(kind=KIND, key=f"{KEY}{part_id}", payload={"part": part_id, "ledger": told[part_id]}, now=now)


def movements_keys(part_ids: Iterable[int]) -> list[str]:
    """Keys of the messages about these parts; none where there is no store."""
    return [f"{KEY}{part_id}" for part_id in part_ids] if settings.STORE_CATALOGUE else []


def movement_pass_on(message: OutboxMessage, catalogue: StoreCatalogue | None, *, now: datetime) -> None:
    """Add a message's movements to the store's stock, once. No transaction is open here; raises what the catalogue raises.

    What is about to be written is noted first, so that after a crash or a time-out a look tells whether it was. Where it cannot be told,
    somebody else moved the same stock in that moment: staff see it, and the next look brings the store's count.
    """
    row = StorePart.objects.select_related("part").filter(part_id=message.payload["part"], gone_at=None).first()
    doubts: list[Doubt] = []
    if row is not None and catalogue is not None:
        page = catalogue.catalogue_look([row.variant_id])
        there = {code: one.on_hand for item in page.items for code, one in item.stock.items()}
        steps = [
            stock_step(code, change, there.get(code, 0), message.payload.get("wrote", {}).get(code))
            for code, change in _changes(message).items()
        ]
        doubts = [one for one in steps if isinstance(one, Doubt)]
        wanted = {one.code: one.wanted for one in steps if not isinstance(one, Doubt) and one.wanted is not None}
        _note(message, {code: [there.get(code, 0), pieces] for code, pieces in wanted.items()})
        if page.items and wanted:
            catalogue.stock_put(row.variant_id, wanted)
    with transaction.atomic():
        if row is not None:
            _tell(store_key(row.part.maker, row.part.number), doubts, now)
        outbox_done(message, now=now)


def _changes(message: OutboxMessage) -> Mapping[str, int]:
    rows = StockLedger.objects.filter(pk__in=message.payload["ledger"]).values_list("warehouse__code")
    return {code: pieces for code, pieces in rows.annotate(pieces=Sum("change")) if pieces}


def _note(message: OutboxMessage, wrote: Mapping[str, list[int]]) -> None:
    """Committed before the store hears of it."""
    if wrote:
        message.payload = {**message.payload, "wrote": {**message.payload.get("wrote", {}), **wrote}}
        message.save(update_fields=["payload"])


def _tell(key: str, doubts: Iterable[Doubt], now: datetime) -> None:
    for one in doubts:
        difference_note(kind=Told.DOUBT, subject=f"{key} {one.code}", ours=one.ours, theirs=str(one.there), now=now)
