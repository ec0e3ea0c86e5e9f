"""Stock as staff move it. Goods that come in fill the waiting lines in the same transaction, before any new buyer."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.db import transaction

from catalog.models import ExpectedReceipt, Part, StockLevel, StockReason, Warehouse
from catalog.selectors.parts import parts_resolve
from catalog.selectors.stock import warehouse_get
from catalog.services.stock import Movement, level_plan, levels_lock, receipt_take, stock_post
from orders.services.backorders import backorders_fill, waiting_lift, waiting_refill
from orders.services.events import actor_name
from orders.services.texts import text_read
from portal.accounts.actor import Actor
from portal.accounts.models import Role
from portal.accounts.references import Claim, given, reference_claim
from portal.errors import Code, refusal

_MOST = 10_000_000
_FARTHEST = timedelta(days=3 * 366)  # nobody knows a receipt's day farther ahead


def _place(actor: Actor, part_number: str, warehouse: str, now: datetime) -> tuple[Part, Warehouse]:
    """The part by its own number (an old part's stock is its own) and the warehouse, for those who answer for stock."""
    actor.need(Role.PARTS_MANAGER)
    found = parts_resolve([part_number], on=now.date())[part_number]
    part = found.asked_part or found.part
    if part is None:
        code = Code.AMBIGUOUS_PART if found.candidates else Code.UNKNOWN_PART
        raise refusal(code, "partNumber", candidates=[one.number for one in found.candidates])
    place = warehouse_get(warehouse)
    if place is None:
        raise refusal(Code.NOT_FOUND, "warehouse")
    return part, place


def _claim(actor: Actor, operation: str, reference: str | None, **body: object) -> Claim:
    return reference_claim(company_id=actor.company_id, operation=operation, reference=reference, body=body)


@transaction.atomic
def stock_adjust(
    *,
    actor: Actor,
    part_number: str,
    warehouse: str,
    change: int,
    reason: str,
    now: datetime,
    note: str = "",
    reference: str | None = None,
) -> StockLevel:
    """Correct a level by `change` pieces. Raises INVALID for no change, OUT_OF_STOCK below what is held."""
    part, place = _place(actor, part_number, warehouse, now)
    if not change or abs(change) > _MOST:
        raise refusal(Code.INVALID, "change", "change", limit=_MOST)
    body = {"part": part.pk, "warehouse": place.pk, "change": change, "reason": reason} | given(note=note)
    claim = _claim(actor, "stockAdjust", reference, **body)
    if not claim.made:
        waiting = waiting_lift([part.pk]) if change > 0 else []
        rows = stock_post(
            movements=[
                Movement(part.pk, place.pk, change, reason, note=text_read(note, "note", most=300, needed=False))
            ],
            now=now,
            actor=actor_name(actor),
        )
        waiting_refill(waiting, now=now)
        claim.bind(rows[0].pk)
    return StockLevel.objects.select_related("part", "warehouse").get(part=part, warehouse=place)


@transaction.atomic
def stock_count(
    *,
    actor: Actor,
    part_number: str,
    warehouse: str,
    counted: int,
    now: datetime,
    note: str = "",
    reference: str | None = None,
) -> StockLevel:
    """Somebody counted the shelf: on hand becomes what was found. A count that agrees stands in the ledger too, with no change.

    Raises INVALID for less than nothing, OUT_OF_STOCK below what open orders hold.
    """
    part, place = _place(actor, part_number, warehouse, now)
    if not 0 <= counted <= _MOST:
        raise refusal(Code.INVALID, "counted", "counted", limit=_MOST)
    body = {"part": part.pk, "warehouse": place.pk, "counted": counted} | given(note=note)
    claim = _claim(actor, "stockCount", reference, **body)
    if not claim.made:
        levels, _ = levels_lock([part.pk])
        change = counted - sum(one.on_hand for one in levels if one.warehouse_id == place.pk)
        waiting = waiting_lift([part.pk]) if change > 0 else []
        movement = Movement(part.pk, place.pk, change, StockReason.COUNT, note=note[:300])
        rows = stock_post(movements=[movement], now=now, actor=actor_name(actor), tell=bool(change))
        waiting_refill(waiting, now=now)
        claim.bind(rows[0].pk)
    return StockLevel.objects.select_related("part", "warehouse").get(part=part, warehouse=place)


@transaction.atomic
def stock_plan(
    *,
    actor: Actor,
    part_number: str,
    warehouse: str,
    safety_stock: int,
    reorder_point: int,
    now: datetime,
    place: str = "",
) -> StockLevel:
    """Set safety stock, reorder point and shelf of a part at a warehouse. Raises INVALID."""
    part, where = _place(actor, part_number, warehouse, now)
    for name, value in (("safetyStock", safety_stock), ("reorderPoint", reorder_point)):
        if not 0 <= value <= _MOST:
            raise refusal(Code.INVALID, name, "counted", limit=_MOST)
    if len(place) > 40:
        raise refusal(Code.INVALID, "place", "too_long", limit=40)
    level_plan(
        part_id=part.pk, warehouse_id=where.pk, safety_stock=safety_stock, reorder_point=reorder_point, place=place.strip(),
    )  # fmt: skip
    return StockLevel.objects.select_related("part", "warehouse").get(part=part, warehouse=where)


@transaction.atomic
def stock_expect(
    *,
    actor: Actor,
    part_number: str,
    warehouse: str,
    quantity: int,
    on: date,
    now: datetime,
    reference: str | None = None,
) -> StockLevel:
    """Announce goods on their way. Raises INVALID for a day in the past or no quantity."""
    part, place = _place(actor, part_number, warehouse, now)
    _quantity(quantity)
    today = now.astimezone(ZoneInfo(place.zone)).date()
    if not today <= on <= today + _FARTHEST:
        raise refusal(Code.INVALID, "on", "expect_day", today=today, last=today + _FARTHEST)
    claim = _claim(actor, "stockExpect", reference, part=part.pk, warehouse=place.pk, quantity=quantity, on=on)
    if not claim.made:
        row = ExpectedReceipt.objects.create(
            part=part, warehouse=place, quantity=quantity, expected_on=on, created_at=now
        )
        backorders_fill(part_ids={part.pk}, now=now)  # who waits without a source comes before any new buyer
        claim.bind(row.pk)
    level, _ = StockLevel.objects.select_related("part", "warehouse").get_or_create(part=part, warehouse=place)
    return level


@transaction.atomic
def stock_receive(
    *, actor: Actor, part_number: str, warehouse: str, quantity: int, now: datetime, reference: str | None = None
) -> StockLevel:
    """Book goods in: the oldest expected receipts are consumed, waiting lines are filled in their turn."""
    part, place = _place(actor, part_number, warehouse, now)
    _quantity(quantity)
    claim = _claim(actor, "stockReceive", reference, part=part.pk, warehouse=place.pk, quantity=quantity)
    if not claim.made:
        waiting = waiting_lift([part.pk])
        taken = receipt_take(part_id=part.pk, warehouse_id=place.pk, quantity=quantity)
        for receipt, pieces in taken:
            receipt.received += pieces
            receipt.save(update_fields=["received"])
        movement = Movement(part.pk, place.pk, quantity, StockReason.RECEIPT)
        rows = stock_post(movements=[movement], now=now, actor=actor_name(actor))
        waiting_refill(waiting, now=now)
        claim.bind(rows[0].pk)
    return StockLevel.objects.select_related("part", "warehouse").get(part=part, warehouse=place)


def _quantity(quantity: int) -> None:
    if not 1 <= quantity <= _MOST:
        raise refusal(Code.INVALID, "quantity", "quantity", limit=_MOST)
