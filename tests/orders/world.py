"""A small world to order in: two warehouses, a price list for customers and one for dealers, a clock that can be moved."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import transaction

from catalog.models import Part, PartName, Price, PriceList, StockLevel, Warehouse
from orders.models import LineHold, Order, OrderLine, Shipment
from orders.services.paying import order_pay
from orders.services.placing import order_place
from orders.services.shipping import ShipLine, shipment_create
from orders.types import LineRequest, OrderRequest
from portal.accounts.actor import Actor
from portal.errors import PortalError
from portal.outbox.services import outbox_run
from portal.promises.models import Promise
from portal.promises.services.sweep import promises_sweep
from tests import factories as make
from tests.people import People, everybody
from warranty.models import Equipment, RepairCard
from warranty.services.repair_cards import repair_card_open

SEOUL = ZoneInfo("Asia/Seoul")
NOW = datetime(2026, 11, 23, 10, 0, tzinfo=SEOUL)  # a Monday; what is promised now in Seoul is due on Wednesday
_references = itertools.count(1)


def seoul(text: str) -> datetime:
    """`11-25 18:00`: that moment of 2026 in Seoul."""
    return datetime.fromisoformat(f"2026-{text}").replace(tzinfo=SEOUL)


@dataclass
class World:
    """`now` is the clock's; every part costs 10,000 a piece unless told otherwise."""

    people: People
    home: Warehouse
    away: Warehouse
    prices: PriceList
    dealer_prices: PriceList
    currency: str = "KRW"
    now: datetime = NOW
    numbers: list[str] = field(default_factory=list)

    def part(self, *, home: int = 0, away: int = 0, price: str = "10000", per: int = 1, **extra: Any) -> Part:
        """A part with a published price and stock."""
        part = make.make_part(**extra)
        for prices in (self.prices, self.dealer_prices):
            make.make_price(prices, part, price, per_quantity=per)
        for warehouse, quantity in ((self.home, home), (self.away, away)):
            if quantity:
                make.make_stock(part, warehouse, quantity)
        return part

    def parts(self, named: Sequence[tuple[str, int]], price: str = "10000") -> list[Part]:
        """Many parts at once, each with its English name and the pieces on the home shelf."""
        made = Part.objects.bulk_create(make.part_row() for _ in named)
        PartName.objects.bulk_create(
            PartName(part=part, language="en", name=name) for part, (name, _) in zip(made, named, strict=True)
        )
        Price.objects.bulk_create(
            Price(price_list=prices, part=part, amount=Decimal(price))
            for prices in (self.prices, self.dealer_prices)
            for part in made
        )
        make.make_stocks(self.home, {part: pieces for part, (_, pieces) in zip(made, named, strict=True) if pieces})
        return made

    def place(self, *lines: LineRequest, by: Actor | None = None, **extra: Any) -> Order:
        """Place an order, by the customer in advance unless told otherwise, and let the store confirm it."""
        order = order_place(actor=by or self.people.customer, request=request(*lines, **extra), now=self.now)
        self.numbers.append(order.number)
        outbox_run(f"store:{order.number}")
        order.refresh_from_db()
        return order

    def paid(self, *lines: LineRequest, by: Actor | None = None, **extra: Any) -> Order:
        """Place and pay by transfer."""
        order = self.place(*lines, by=by, **extra)
        self.pay(order)
        return order

    def pay(self, order: Order, **extra: Any) -> None:
        """Record the money for it."""
        given: dict[str, Any] = {"method": "TRANSFER"} | extra
        order_pay(actor=self.people.accountant, order_id=order.pk, now=self.now, **given)
        order.refresh_from_db()

    def ship(self, order: Order, *wanted: tuple[OrderLine, int], **extra: Any) -> list[Shipment]:
        """Hand these pieces over, or all that is there."""
        chosen = [ShipLine(line.pk, quantity) for line, quantity in wanted] or None
        given: dict[str, Any] = {"carrier": "Post"} | extra
        shipments = shipment_create(actor=self.people.manager, order_id=order.pk, lines=chosen, now=self.now, **given)
        order.refresh_from_db()
        return shipments

    def go_to(self, moment: datetime) -> None:
        """Move the clock; the sweep and the orders' messages run to the end."""
        self.now = moment
        self.settle()

    def days(self, count: int) -> None:
        """Move the clock by whole days."""
        self.go_to(self.now + timedelta(days=count))

    def settle(self) -> None:
        """Whatever is due happens."""
        while promises_sweep(self.now) + sum(
            outbox_run(number) + outbox_run(f"store:{number}") for number in self.numbers
        ):
            pass

    def machine(self, *parts: Part, held: int = 4, owner: Actor | None = None, **extra: Any) -> Equipment:
        """A machine of the customer, in service since May, that holds `held` of each part."""
        model = make.make_model()
        figure = make.make_assembly(model)
        for place, part in enumerate(parts):
            make.make_callout(figure, part, label=str(place + 1), quantity=held)
        company = (owner or self.people.customer).company_id
        return make.make_equipment(model=model, owner_id=company, **extra)

    def card(self, machine: Equipment, by: Actor | None = None) -> RepairCard:
        """An open repair card for it."""
        return repair_card_open(actor=by or self.people.desk, serial=machine.serial, fault="leaks", now=self.now)


def world_make(currency: str = "KRW") -> World:
    """The world in which prices are in `currency`."""
    people = everybody()
    return World(
        people=people,
        home=make.make_warehouse("HOME", market="KR", rank=1),
        away=make.make_warehouse("AWAY", zone="Europe/Berlin", market="KR", rank=2),
        prices=make.make_price_list(currency=currency),
        dealer_prices=make.make_price_list(kind="DEALER", currency=currency),
        currency=currency,
    )


def line(part: Part | str, quantity: int = 1, **extra: Any) -> LineRequest:
    """A wanted line."""
    return LineRequest(part_number=part if isinstance(part, str) else part.number, quantity=quantity, **extra)


def free(part: Part, machine: Equipment, card: RepairCard | None, quantity: int = 1, **extra: Any) -> LineRequest:
    """A wanted line for a failure three days ago, on a repair card."""
    told: dict[str, Any] = {"serial": machine.serial, "failed_on": date(2026, 11, 20)} | extra
    return line(part, quantity, repair_card=card.number if card else "", **told)


def request(*lines: LineRequest, **extra: Any) -> OrderRequest:
    """A wanted order, by transfer in advance unless told otherwise."""
    given: dict[str, Any] = {"payment": "TRANSFER", "reference": f"ref-{next(_references)}"} | extra
    return OrderRequest(lines=lines, **given)


def refused(act: Callable[[], Any]) -> list[tuple[str, str]]:
    """(code, field) of every problem `act` is refused for; it must be refused, and leave nothing behind."""
    before = _traces()
    with pytest.raises(PortalError) as caught, transaction.atomic():
        act()
    assert _traces() == before, "a refusal left something behind"
    assert all(str(problem.message) for problem in caught.value.problems)
    return [(problem.code.value, problem.field) for problem in caught.value.problems]


def details(act: Callable[[], Any]) -> dict[str, Any]:
    """The details of the first problem `act` is refused for."""
    with pytest.raises(PortalError) as caught, transaction.atomic():
        act()
    return dict(caught.value.problems[0].details)


def _traces() -> tuple[int, ...]:
    held = sum(StockLevel.objects.values_list("held", flat=True))
    return (Order.objects.count(), LineHold.objects.count(), Promise.objects.count(), held)


def level(part: Part, warehouse: Warehouse) -> tuple[int, int]:
    """(on hand, held) of a shelf."""
    found = StockLevel.objects.filter(part=part, warehouse=warehouse).first()
    return (found.on_hand, found.held) if found else (0, 0)


def promises(order: Order) -> dict[str, str]:
    """{policy: state} of an order whose policies have one promise each."""
    return {one.policy_code: one.state for one in Promise.objects.filter(subject=order.number)}


def promise(order: Order, policy: str = "ship") -> Promise:
    """The one promise of that policy."""
    return Promise.objects.get(subject=order.number, policy_code=policy)


def lines_of(order: Order) -> list[OrderLine]:
    """Fresh lines by position."""
    return list(OrderLine.objects.filter(order=order).order_by("position"))


def won(amount: int) -> Decimal:
    """An amount in whole units."""
    return Decimal(amount)


__all__ = ["NOW", "UTC", "World"]
