"""A worker is killed at each step of telling Saleor what happened to an order; then one worker comes, and every deed is there once."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from catalog.models import Part
from orders.models import Order
from orders.services.cancelling import order_cancel
from orders.services.returning import ReturnLine, return_create, return_receive
from orders.services.spending import order_refund
from orders.services.undoing import shipment_undo
from tests.orders.world import World, line, lines_of
from tests.saleor import dashboard
from tests.saleor.killing import killed_worker, one_worker
from tests.saleor.shop import Shop

pytestmark = pytest.mark.timeout(3000)
Facts = dict[str, Any]


def facts(order: Order) -> Facts:
    """What Saleor has of it, counted."""
    seen = dashboard.seen(order)
    return {
        "status": seen["status"],
        "handed over": Counter(
            f"{one['warehouse']['externalReference']} {one['trackingNumber']} {sum(row['quantity'] for row in one['lines'])}"
            for one in seen["fulfillments"]
            if one["status"] == "FULFILLED"
        ),
        "other": Counter(one["status"] for one in seen["fulfillments"] if one["status"] != "FULFILLED"),
        "back": sum(row["quantity"] for one in seen["fulfillments"] if one["status"] == "RETURNED" for row in one["lines"]),
        "money": Counter(
            f"{event['type']} {event['amount']['amount']:.0f}" for one in seen["transactions"] for event in one["events"]
        ),
        "sources": len(seen["transactions"]),
        "granted": seen["totalGrantedRefund"]["amount"],
        "charged": seen["totalCharged"]["amount"],
    }  # fmt: skip


def pay(world: World, order: Order) -> None:
    """In two sums."""
    world.pay(order, amount=Decimal(10000))
    world.pay(order)


def ship(world: World, order: Order) -> None:
    """Three pieces of six, with a carrier's number."""
    world.ship(order, (lines_of(order)[0], 3), tracking_number="TRK-1")


def undo(world: World, order: Order) -> None:
    """The hand-over did not happen."""
    shipment = order.shipments.get()
    shipment_undo(actor=world.people.manager, shipment_id=shipment.pk, reason="still on the dock", now=world.now)


def cancel(world: World, order: Order) -> None:
    """All of it."""
    order_cancel(actor=world.people.customer, order_id=order.pk, line_ids=None, reason="no", now=world.now)


def less(world: World, order: Order) -> None:
    """Two pieces less, and their money back."""
    pieces = {lines_of(order)[0].pk: 2}
    order_cancel(
        actor=world.people.manager, order_id=order.pk, line_ids=pieces, pieces=pieces, reason="less", now=world.now
    )
    order_refund(actor=world.people.accountant, order_id=order.pk, now=world.now)


def take_back(world: World, order: Order) -> None:
    """Two pieces come back, and their money goes back."""
    wanted = [ReturnLine(lines_of(order)[0].pk, 2)]
    (row,) = return_create(actor=world.people.customer, order_id=order.pk, lines=wanted, reason="UNUSED", now=world.now)
    return_receive(actor=world.people.manager, return_id=row.pk, now=world.now)
    order_refund(actor=world.people.accountant, order_id=order.pk, now=world.now)


def placed(shop: Shop, world: World, part: Part) -> Order:
    """Six pieces at 10,000."""
    return world.place(line(part, 6))


def paid(shop: Shop, world: World, part: Part) -> Order:
    """The same, paid."""
    order = world.paid(line(part, 6))
    shop.settle(order)
    return order


def sent(shop: Shop, world: World, part: Part) -> Order:
    """The same, all of it handed over."""
    order = paid(shop, world, part)
    world.ship(order)
    shop.settle(order)
    return order


@pytest.mark.parametrize(
    ("begin", "act", "least"),
    [(placed, pay, 6), (paid, ship, 5), (sent, undo, 3), (placed, cancel, 3), (paid, less, 6), (sent, take_back, 6)],
    ids=["payment", "fulfilment", "fulfilment undone", "cancelled", "pieces cancelled and refunded", "returned and refunded"],
)  # fmt: skip
def test_killed_at_any_step_every_deed_is_there_once(
    committed: None, shop: Shop, world: World, begin: Callable[..., Order], act: Callable[..., None], least: int
) -> None:
    part = shop.part(home=2000)
    plain = begin(shop, world, part)
    act(world, plain)
    one_worker(shop, plain)
    right = facts(plain)
    assert shop.look(plain) == []
    for after in itertools.count(1):
        order = begin(shop, world, part)
        act(world, order)
        killed = killed_worker(order, after)
        one_worker(shop, order)
        assert facts(order) == right, f"killed after {after}"
        assert shop.look(order) == []
        if not killed:
            break
    assert after > least
    orders = after + 1
    there, allocated = shop.stock(part)["HOME"]
    expected = {pay: (0, 6), ship: (3, 3), undo: (0, 6), cancel: (0, 0), less: (0, 4), take_back: (6, 0)}[act]
    assert (2000 - there, allocated) == (orders * expected[0], orders * expected[1])
