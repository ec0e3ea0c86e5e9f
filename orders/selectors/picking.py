"""What is picked for a batch of orders: by shelf and part for the walk, by order for the packing table."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db.models import F, Sum

from catalog.models import StockLevel, Warehouse
from catalog.selectors.parts import part_names
from orders.models import LineHold, Order
from orders.rules.slips import slip_code
from orders.selectors.orders import hold_of, orders_for
from orders.selectors.queue import FOR_HAND_OVER
from orders.selectors.queue_sql import Asked, leaving_until
from portal.accounts.actor import Actor

MOST = 200  # orders of a batch: one walk
_DIGITS = re.compile(r"(\d+)")


@dataclass
class Picked:
    """One stop of the walk: `pieces` of a part out of a shelf, and for which orders."""

    shelf: str
    part_id: int
    number: str
    name: str
    pieces: int = 0
    shares: list[tuple[str, int]] = field(default_factory=list)


@dataclass
class SlipLine:
    """What a slip names of one line."""

    position: int
    number: str
    name: str
    pieces: int
    shelf: str


@dataclass
class Slip:
    """What goes into one parcel; `later`: pieces of the order that do not come with it."""

    order: Order
    warehouse: Warehouse
    lines: list[SlipLine]
    later: int

    @property
    def code(self) -> str:
        """What a scanner reads."""
        return slip_code(self.order.number, self.warehouse.code)

    @property
    def pieces(self) -> int:
        """Pieces in the parcel."""
        return sum(line.pieces for line in self.lines)


@dataclass
class Round:
    """One warehouse's walk and slips."""

    warehouse: Warehouse
    stops: list[Picked]
    slips: list[Slip]

    @property
    def pieces(self) -> int:
        """Pieces to pick."""
        return sum(stop.pieces for stop in self.stops)


@dataclass
class Batch:
    """The walks of a batch; `left_out`: orders asked for of which nothing can leave, and why (`held`, `unconfirmed`, `nothing`)."""

    rounds: list[Round]
    left_out: list[tuple[Order, str]]


def leaving_today(actor: Actor, warehouse: Warehouse, *, now: datetime) -> list[str]:
    """Numbers of the orders that can leave this warehouse and are due by the end of its day, least time left first."""
    zone = ZoneInfo(warehouse.zone)
    midnight = datetime.combine(now.astimezone(zone).date() + timedelta(days=1), time(), zone)
    keys = leaving_until(Asked(now, warehouse_id=warehouse.pk), midnight, MOST)
    numbers = dict(orders_for(actor).filter(pk__in=keys).values_list("pk", "number"))
    return [numbers[key] for key in keys if key in numbers]


def batch_of(actor: Actor, numbers: Sequence[str], *, language: str, warehouse: Warehouse | None = None) -> Batch:
    """The batch of these orders (the first 200), at one warehouse or at all; six queries, however many."""
    asked = orders_for(actor).filter(number__in=list(numbers)[:MOST]).prefetch_related("order_holds")
    orders = {one.pk: one for one in asked}
    refused = {key: why for key, one in orders.items() if (why := _why_not(one))}
    held = LineHold.objects.filter(FOR_HAND_OVER, line__order__in=set(orders) - set(refused), receipt=None)
    if warehouse is not None:
        held = held.filter(warehouse=warehouse)
    holds = list(held.select_related("warehouse", "line__part").order_by("line__order", "line__position", "pk"))
    found = {one.line.order_id for one in holds}
    refused |= {key: "nothing" for key in orders if key not in found and key not in refused}
    turn = {number: place for place, number in enumerate(numbers)}
    rounds = _rounds(holds, orders, turn, language)
    left_out = sorted(((orders[key], why) for key, why in refused.items()), key=lambda one: turn[one[0].number])
    return Batch(rounds, left_out)


def _why_not(order: Order) -> str:
    if hold_of(order):
        return "held"
    return "" if order.engine_state == "ACCEPTED" else "unconfirmed"


def _rounds(holds: Sequence[LineHold], orders: dict[int, Order], turn: dict[str, int], language: str) -> list[Round]:
    names = part_names([one.line.part_id for one in holds], language)
    shelves = _shelves(holds)
    open_pieces = _open_pieces({one.line.order_id for one in holds})
    at: dict[Warehouse, list[LineHold]] = defaultdict(list)
    for one in holds:
        at[one.warehouse].append(one)
    made = []
    for warehouse, mine in sorted(at.items(), key=lambda one: one[0].code):
        lines = [(one, _line(one, names, shelves)) for one in mine]
        slips = _slips(warehouse, lines, orders, open_pieces)
        made.append(
            Round(warehouse, _stops(lines, orders, turn), sorted(slips, key=lambda slip: turn[slip.order.number]))
        )
    return made


def _line(hold: LineHold, names: dict[int, str], shelves: dict[tuple[int, int], str]) -> SlipLine:
    part = hold.line.part
    shelf = shelves.get((part.pk, hold.warehouse_id), "")
    return SlipLine(hold.line.position, part.number, names.get(part.pk, ""), hold.quantity, shelf)


def _stops(lines: Iterable[tuple[LineHold, SlipLine]], orders: dict[int, Order], turn: dict[str, int]) -> list[Picked]:
    stops: dict[int, Picked] = {}
    for hold, line in lines:
        part = hold.line.part_id
        stop = stops.setdefault(part, Picked(line.shelf, part, line.number, line.name))
        stop.pieces += line.pieces
        stop.shares.append((orders[hold.line.order_id].number, line.pieces))
    for stop in stops.values():
        stop.shares.sort(key=lambda share: turn[share[0]])
    return sorted(stops.values(), key=lambda stop: (not stop.shelf, _natural(stop.shelf), stop.number))


def _slips(
    warehouse: Warehouse,
    lines: Iterable[tuple[LineHold, SlipLine]],
    orders: dict[int, Order],
    open_pieces: dict[int, int],
) -> list[Slip]:
    own: dict[int, list[SlipLine]] = defaultdict(list)
    for hold, line in lines:
        own[hold.line.order_id].append(line)
    return [
        Slip(orders[key], warehouse, of_it, open_pieces[key] - sum(line.pieces for line in of_it))
        for key, of_it in own.items()
    ]


def _shelves(holds: Sequence[LineHold]) -> dict[tuple[int, int], str]:
    parts = {one.line.part_id for one in holds}
    rows = StockLevel.objects.filter(part__in=parts, warehouse__in={one.warehouse_id for one in holds})
    return {(part, warehouse): place for part, warehouse, place in rows.values_list("part", "warehouse", "place")}


def _open_pieces(keys: Collection[int]) -> dict[int, int]:
    rows = Order.objects.filter(pk__in=keys).annotate(
        open=Sum(F("lines__quantity") - F("lines__cancelled") - F("lines__shipped"))
    )
    return dict(rows.values_list("pk", "open"))


def _natural(shelf: str) -> list[tuple[int, str]]:
    """A-2 comes before A-10."""
    return [(int(one), "") if one.isdigit() else (-1, one) for one in _DIGITS.split(shelf) if one]
