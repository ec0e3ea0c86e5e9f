"""Stock as the store has it: what lies on the shelves, and what it has given to others than us."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction

from catalog.models import StockLevel, StockReason
from catalog.rules.store import elsewhere
from catalog.rules.store_look import Fault, Told
from catalog.search.changes import parts_changed
from catalog.services.stock import STORE, Movement, stock_post
from portal.engine import ShelfStock
from portal.locks import lock_rows
from portal.saleor.plan import EXPECTED

Place = tuple[int, str]  # part key, warehouse code


@dataclass(frozen=True)
class Claims:
    """What our own orders mean for the store's figures.

    `moving`: parts with a movement of ours that the store may not have counted yet; nothing can be said of their stock. `held`: pieces by part
    and warehouse that orders hold which the store has accepted; `waiting`: pieces by part that these still wait for.
    """

    moving: frozenset[int] = frozenset()
    held: Mapping[Place, int] = field(default_factory=dict)
    waiting: Mapping[int, int] = field(default_factory=dict)


ClaimsOf = Callable[[Collection[int], datetime], Claims]
Serve = Callable[[Collection[int], datetime], None]


@dataclass
class Taken:
    """What came of a look: parts whose stock changed, parts left for the next look, and faults by part."""

    changed: set[int] = field(default_factory=set)
    waiting: set[int] = field(default_factory=set)
    faults: dict[int, list[Fault]] = field(default_factory=dict)


def store_stock_take(
    *,
    told: Mapping[int, Mapping[str, ShelfStock]],
    warehouses: Mapping[str, int],
    claims_of: ClaimsOf,
    asked_at: datetime,
    now: datetime,
    serve: Serve = lambda part_ids, now: None,
) -> Taken:
    """Bring levels in step with the store. `told` by part and warehouse code, asked for at `asked_at`; `warehouses` maps codes to keys.

    A warehouse the store has no row for says nothing. A part with movements on their way waits for the next look. Where the store has fewer pieces
    than our orders hold, the level falls to what is held and the fault says the rest. `serve` hands what came in to the lines that wait for it.
    """
    taken = Taken()
    suspects = _differ(told, warehouses)
    if not suspects:
        return taken
    with transaction.atomic():
        levels = _locked(suspects, warehouses)
        claims = claims_of(suspects, asked_at)  # under the lock: nobody places or ships these parts meanwhile
        taken.waiting = set(claims.moving & suspects)
        movements: list[Movement] = []
        for part_id in sorted(suspects - claims.moving):
            movements += _part(part_id, told[part_id], warehouses, levels, claims, taken)
        stock_post(movements=movements, now=now, actor=STORE)
        if more := {one.part_id for one in movements if one.change > 0}:
            serve(more, now)
        taken.changed |= {one.part_id for one in movements}
    return taken


def _differ(told: Mapping[int, Mapping[str, ShelfStock]], warehouses: Mapping[str, int]) -> set[int]:
    """Parts of which something may have changed, found without a lock; most have not."""
    codes = {key: code for code, key in warehouses.items()}
    levels = StockLevel.objects.filter(part_id__in=told)
    rows = levels.values_list("part_id", "warehouse_id", "on_hand", "allocated_elsewhere")
    known = {(part_id, codes.get(place, "")): figures for part_id, place, *figures in rows}
    return {
        part_id
        for part_id, stock in told.items()
        for code, one in stock.items()
        if code in warehouses and (one.allocated or known.get((part_id, code)) != [one.on_hand, 0])
    }


def _locked(part_ids: Collection[int], warehouses: Mapping[str, int]) -> dict[Place, StockLevel]:
    codes = {key: code for code, key in warehouses.items()}
    rows = lock_rows(StockLevel.objects.filter(part_id__in=part_ids))
    return {(one.part_id, codes[one.warehouse_id]): one for one in rows if one.warehouse_id in codes}


def _part(
    part_id: int, told: Mapping[str, ShelfStock], warehouses: Mapping[str, int], levels: Mapping[Place, StockLevel],
    claims: Claims, taken: Taken,
) -> Sequence[Movement]:  # fmt: skip
    ours = {code: pieces for (part, code), pieces in claims.held.items() if part == part_id}
    shelves = {code: max(0, one.allocated) for code, one in told.items() if code in warehouses}
    coming = told[EXPECTED].allocated if EXPECTED in told else 0  # nobody's but ours (docs/adr/0072)
    others = elsewhere(shelves, ours, coming - claims.waiting.get(part_id, 0))
    movements = []
    for code, one in told.items():
        if code not in warehouses:
            continue
        level = levels.get((part_id, code)) or StockLevel(part_id=part_id, warehouse_id=warehouses[code])
        wanted = max(one.on_hand, level.held, 0)
        if wanted != one.on_hand:
            fault = Fault(Told.HELD, code, str(level.held), str(one.on_hand))
            taken.faults.setdefault(part_id, []).append(fault)
        if change := wanted - level.on_hand:
            note = f"{code}: {level.on_hand} > {wanted}"
            movements.append(
                Movement(part_id, warehouses[code], change, StockReason.CORRECTION, reference=None, note=note)
            )
        _elsewhere_set(level, others.get(code, 0), wanted, taken)
    return movements


def _elsewhere_set(level: StockLevel, pieces: int, on_hand: int, taken: Taken) -> None:
    if level.pk is None or level.allocated_elsewhere == pieces:
        return
    free = level.available > 0
    StockLevel.objects.filter(pk=level.pk).update(allocated_elsewhere=pieces)
    if free != (on_hand - level.held - pieces > 0):
        parts_changed({level.part_id})
    taken.changed.add(level.part_id)
