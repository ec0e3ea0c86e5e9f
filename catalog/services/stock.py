"""The only writer of stock levels, expected receipts and the ledger.

Every function runs inside the caller's transaction and locks the levels it makes scarcer with `levels_lock`, once, late.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime

from django.db import connection
from django.db.models import F

from catalog.models import ExpectedReceipt, StockLedger, StockLevel, StockReason
from catalog.rules.stock import Source, Want, allot
from catalog.search.changes import parts_changed
from catalog.services.store_tell import movements_tell
from portal.bulk import rows_insert
from portal.errors import Code, refusal
from portal.locks import lock_rows

STORE = "store"  # the actor of movements that the store told us of
_ON_HAND = """
UPDATE catalog_stocklevel level SET on_hand = told.on_hand
FROM unnest(%s::bigint[], %s::bigint[]) AS told(id, on_hand) WHERE level.id = told.id
"""


@dataclass(frozen=True)
class Movement:
    """One change of on hand; `reference` makes a retry harmless."""

    part_id: int
    warehouse_id: int
    change: int
    reason: str
    reference: str | None = None
    note: str = ""


@dataclass(frozen=True)
class Held:
    """`quantity` pieces held for `key`: on the shelf of a warehouse, or (with `receipt_id`) out of an expected receipt."""

    key: str
    part_id: int
    warehouse_id: int
    quantity: int
    receipt_id: int | None = None
    expected_on: date | None = None


def levels_lock(part_ids: Collection[int]) -> tuple[list[StockLevel], list[ExpectedReceipt]]:
    """Lock every level, then every open receipt of these parts, each in key order."""
    levels = lock_rows(StockLevel.objects.filter(part_id__in=set(part_ids)))
    receipts = lock_rows(ExpectedReceipt.objects.filter(part_id__in=set(part_ids), received__lt=F("quantity")))
    return levels, receipts


def stock_hold(
    *, wants: Sequence[Want], warehouses: Sequence[int], all_or_nothing: bool = False
) -> tuple[list[Held], dict[str, int]]:
    """Hold what the wants ask for, from `warehouses` in that order; answer the holds and, per key, what is short.

    With `all_or_nothing` a shortage holds nothing, so that what is free can still be read as others see it.
    """
    levels, receipts = levels_lock([want.part_id for want in wants])
    rank = {warehouse_id: place for place, warehouse_id in enumerate(warehouses)}
    shelf = [
        Source(level.part_id, level.warehouse_id, level.available)
        for level in sorted((one for one in levels if one.warehouse_id in rank), key=lambda one: rank[one.warehouse_id])
    ]
    coming = [
        Source(receipt.part_id, receipt.warehouse_id, receipt.free, receipt.pk, receipt.expected_on)
        for receipt in sorted(
            (one for one in receipts if one.warehouse_id in rank),
            key=lambda one: (one.expected_on, rank[one.warehouse_id], one.pk),
        )
    ]
    takes, short = allot(wants, shelf, coming)
    if short and all_or_nothing:
        return [], short
    held = [
        Held(t.key, t.source.part_id, t.source.warehouse_id, t.quantity, t.source.receipt_id, t.source.on)
        for t in takes
    ]
    _held_change(levels, receipts, held, sign=1)
    return held, short


def stock_release(*, held: Iterable[Held]) -> None:
    """Give holds back, to the shelf or to their receipts."""
    held = list(held)
    levels, receipts = levels_lock([one.part_id for one in held])
    _held_change(levels, receipts, held, sign=-1)


def stock_issue(*, held: Sequence[Held], reference: str, now: datetime, actor: str, tell: bool) -> None:
    """Goods leave: the holds end and on hand falls, one ledger row per part and warehouse. `tell` as for `stock_post`."""
    levels, receipts = levels_lock([one.part_id for one in held])
    _held_change(levels, receipts, held, sign=-1)
    gone: dict[tuple[int, int], int] = {}
    for one in held:
        gone[one.part_id, one.warehouse_id] = gone.get((one.part_id, one.warehouse_id), 0) + one.quantity
    stock_post(
        movements=[
            Movement(part, warehouse, -quantity, StockReason.SHIPMENT, f"{reference}:{part}:{warehouse}")
            for (part, warehouse), quantity in sorted(gone.items())
        ],
        now=now,
        actor=actor,
        tell=tell,
    )


def stock_post(*, movements: Sequence[Movement], now: datetime, actor: str, tell: bool = True) -> list[StockLedger]:
    """Post movements: ledger rows and levels together. A reference posted before changes nothing.

    The store is told of them, unless `tell` is false: then their order's own hand-over tells.
    Raises OUT_OF_STOCK when a level would fall below what open orders hold.
    """
    if not movements:
        return []
    known = set(
        StockLedger.objects.filter(reference__in=[one.reference for one in movements if one.reference]).values_list(
            "reference", flat=True
        )
    )
    fresh = [one for one in movements if not one.reference or one.reference not in known]
    places = sorted({(one.part_id, one.warehouse_id) for one in fresh})
    rows_insert(StockLevel, [{"part_id": p, "warehouse_id": w} for p, w in places], conflict="ON CONFLICT DO NOTHING")
    levels = {
        (one.part_id, one.warehouse_id): one
        for one in lock_rows(StockLevel.objects.filter(part_id__in={one.part_id for one in fresh}))
    }
    free = {level.pk: bool(level.available) for level in levels.values()}
    for one in fresh:
        level = levels[one.part_id, one.warehouse_id]
        level.on_hand += one.change
        if level.on_hand < level.held:
            raise refusal(Code.OUT_OF_STOCK, "change", "held", onHand=level.on_hand - one.change, held=level.held)
    parts_changed({level.part_id for level in levels.values() if bool(level.available) != free[level.pk]})
    _on_hand_write([levels[key] for key in {(one.part_id, one.warehouse_id) for one in fresh}])
    told = [{**asdict(one), "at": now, "actor": actor} for one in fresh]
    keys = rows_insert(StockLedger, told)
    rows = [StockLedger(pk=key, **one) for key, one in zip(keys, told, strict=True)]
    if tell and actor != STORE:
        movements_tell(rows, now=now)
    return rows


def level_plan(*, part_id: int, warehouse_id: int, safety_stock: int, reorder_point: int, place: str) -> StockLevel:
    """Set what a shelf should hold at least, from where on it is ordered again, and where it is; the pieces stay as they are."""
    StockLevel.objects.bulk_create([StockLevel(part_id=part_id, warehouse_id=warehouse_id)], ignore_conflicts=True)
    [level] = lock_rows(StockLevel.objects.filter(part_id=part_id, warehouse_id=warehouse_id))
    level.safety_stock, level.reorder_point, level.place = safety_stock, reorder_point, place
    level.save(update_fields=["safety_stock", "reorder_point", "place"])
    return level


def _on_hand_write(levels: Sequence[StockLevel]) -> None:
    """In one plain statement: a pull writes hundreds at once, and building a CASE of them costs more than all the rest."""
    with connection.cursor() as cursor:
        cursor.execute(_ON_HAND, [[one.pk for one in levels], [one.on_hand for one in levels]])


def stock_elsewhere_add(*, part_id: int, warehouse_id: int, quantity: int) -> None:
    """The store has given `quantity` pieces to somebody else: they lie on the shelf, and are not ours to promise."""
    for level in lock_rows(StockLevel.objects.filter(part_id=part_id, warehouse_id=warehouse_id)):
        free = bool(level.available)
        level.allocated_elsewhere += quantity
        level.save(update_fields=["allocated_elsewhere"])
        if free and not level.available:
            parts_changed({part_id})


def receipt_take(*, part_id: int, warehouse_id: int, quantity: int) -> list[tuple[ExpectedReceipt, int]]:
    """Consume the oldest expected receipts by `quantity` that came; answer (receipt, pieces) taken from each.

    Pieces beyond every receipt are simply more stock. The caller then refills waiting lines in their turn, so holds on
    a receipt that shrinks are lifted here first and handed back through the answer.
    """
    receipts = lock_rows(
        ExpectedReceipt.objects.filter(part_id=part_id, warehouse_id=warehouse_id, received__lt=F("quantity"))
    )
    taken: list[tuple[ExpectedReceipt, int]] = []
    for receipt in sorted(receipts, key=lambda one: (one.expected_on, one.pk)):
        pieces = min(quantity, receipt.quantity - receipt.received)
        if pieces:
            taken.append((receipt, pieces))
            quantity -= pieces
    return taken


def _held_change(
    levels: Sequence[StockLevel], receipts: Sequence[ExpectedReceipt], held: Sequence[Held], *, sign: int
) -> None:
    by_place = {(one.part_id, one.warehouse_id): one for one in levels}
    free = {one.pk: bool(one.available) for one in levels}
    by_receipt = {one.pk: one for one in receipts}
    for one in held:
        if one.receipt_id is None:
            by_place[one.part_id, one.warehouse_id].held += sign * one.quantity
        else:
            by_receipt[one.receipt_id].held += sign * one.quantity
    changed_levels = {
        by_place[one.part_id, one.warehouse_id].pk: by_place[one.part_id, one.warehouse_id]
        for one in held
        if one.receipt_id is None
    }
    changed_receipts = {one.receipt_id: by_receipt[one.receipt_id] for one in held if one.receipt_id is not None}
    if changed_levels:
        StockLevel.objects.bulk_update(changed_levels.values(), ["held"])
        # Only a first or last free piece is news to search; every order is not.
        parts_changed({one.part_id for one in changed_levels.values() if bool(one.available) != free[one.pk]})
    if changed_receipts:
        ExpectedReceipt.objects.bulk_update(changed_receipts.values(), ["held"])
