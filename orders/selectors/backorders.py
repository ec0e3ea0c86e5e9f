"""A buyer's lines that wait for goods: how many, since when, until when, and what could be sent instead."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.db.models import QuerySet

from catalog.models import Part
from catalog.selectors.parts import part_names, parts_resolve
from catalog.selectors.stock import availability_for, market_warehouses
from orders.models import OrderLine, OrderState
from portal.accounts.actor import Actor
from portal.promises.models import Promise
from portal.promises.selectors import promises_of


@dataclass(frozen=True)
class Instead:
    """The successor that could be sent: so many pieces of it for one; `free` on the shelves."""

    part: Part
    for_one: int
    free: int


@dataclass(frozen=True)
class BackorderLine:
    """`waiting` pieces are not on a shelf yet, `ready` are. `first_on`: as promised at first; `now_on`: as expected now, None when unknown."""

    line: OrderLine
    name: str
    waiting: int
    ready: int
    first_on: date | None
    now_on: date | None
    instead: Instead | None

    @property
    def later(self) -> bool:
        """Is it later than was promised at first?"""
        return self.first_on is not None and (self.now_on is None or self.now_on > self.first_on)


def backorder_lines(actor: Actor, *, now: datetime, language: str) -> list[BackorderLine]:
    """The company's waiting lines, what has no day first, then the earliest; a constant number of queries."""
    rows = [line for line in _open_lines(actor) if waiting_pieces(line)]
    names = part_names([line.part for line in rows], language)
    promises = promises_of("order", {line.order.number for line in rows})
    instead = _instead(actor, rows, now)
    found = [
        BackorderLine(
            line,
            names.get(line.part_id, line.part.number),
            waiting := waiting_pieces(line),
            line.open_quantity - waiting,
            _first(line, promises[line.order.number]),
            _now(line, waiting),
            instead.get(line.part_id),
        )
        for line in rows
    ]
    return sorted(found, key=lambda one: (one.now_on is not None, one.now_on or now.date(), one.line.pk))


def backorder_get(actor: Actor, pk: int) -> OrderLine | None:
    """A line of the company's own orders; None for anybody else's, and for the house."""
    return _lines(actor).filter(pk=pk).first()


def waiting_pieces(line: OrderLine) -> int:
    """Open pieces that lie on no shelf for it."""
    shelf = sum(hold.quantity for hold in line.holds.all() if hold.receipt_id is None)
    return max(line.open_quantity - shelf, 0)


def successor_of(line: OrderLine, *, now: datetime) -> tuple[Part, int] | None:
    """The one part that replaces the line's, and how many pieces of it for one."""
    found = parts_resolve([line.part.number], on=now.date())[line.part.number]
    return (found.successors[0].part, found.successors[0].quantity) if len(found.successors) == 1 else None


def _lines(actor: Actor) -> QuerySet[OrderLine]:
    company = 0 if actor.is_house else actor.company_id or 0
    rows = OrderLine.objects.filter(order__company_id=company)
    return rows.select_related("order__company", "part").prefetch_related("holds")


def _open_lines(actor: Actor) -> list[OrderLine]:
    over = (OrderState.CANCELLED, OrderState.DELIVERED, OrderState.SHIPPED)
    rows = _lines(actor).exclude(order__state__in=over).order_by("order__placed_at", "position")
    return [line for line in rows if line.open_quantity]


def _instead(actor: Actor, rows: list[OrderLine], now: datetime) -> dict[int, Instead]:
    meant = parts_resolve({line.part.number for line in rows}, on=now.date())
    found = {
        line.part_id: meant[line.part.number].successors[0]
        for line in rows
        if len(meant[line.part.number].successors) == 1
    }
    if not found:
        return {}
    stock = availability_for({one.part.pk for one in found.values()}, warehouses=market_warehouses(actor.market))
    return {
        key: Instead(one.part, one.quantity, free)
        for key, one in found.items()
        if (free := stock[one.part.pk].free) >= one.quantity
    }


def _first(line: OrderLine, promises: list[Promise]) -> date | None:
    """The day first promised for what waits: of several promises of the line the last one."""
    mine = [
        one
        for one in promises
        if one.policy_code == "ship"
        and one.state != "CANCELLED"
        and any(each.ref == str(line.pk) for each in one.lines.all())
    ]
    days = [day for one in mine if (day := _day(one))]
    return max(days, default=None)


def _day(promise: Promise) -> date | None:
    if promise.agreed_on or promise.offered_day:
        return promise.agreed_on or promise.offered_day
    return promise.promised_at.astimezone(ZoneInfo(promise.zone)).date() if promise.promised_at else None


def _now(line: OrderLine, waiting: int) -> date | None:
    coming = [hold for hold in line.holds.all() if hold.receipt_id is not None and hold.expected_on]
    if sum(hold.quantity for hold in coming) < waiting:
        return None  # some of it has no source at all
    return max((hold.expected_on for hold in coming if hold.expected_on), default=None)
