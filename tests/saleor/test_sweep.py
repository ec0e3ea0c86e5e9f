"""What webhooks never told is found and mended, until both books are equal."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import UTC, datetime
from io import StringIO

import pytest
from django.core.management import call_command

from orders.models import Order, Return, ReturnState
from orders.selectors.ledger_check import ledger_disagreements
from orders.services.cancelling import order_cancel
from orders.services.returning import ReturnLine, return_create, return_receive
from orders.services.store_sweeping import Swept, store_orders_sweep
from portal.errors import PortalError
from portal.saleor.models import Difference
from tests.orders.world import World, line, lines_of
from tests.saleor import dashboard
from tests.saleor.shop import Shop


def sweep(world: World) -> Swept:
    """All of it, once."""
    return store_orders_sweep(now=world.now, real_now=datetime.now(UTC), whole=True)


def test_what_a_lost_webhook_missed_is_mended_and_reported(shop: Shop, world: World):
    part = shop.part(home=5)
    order = world.paid(line(part, 3))
    shop.settle(order)
    assert sweep(world).differ == 0
    dashboard.fulfil(order, part.number, 2, shop.warehouses["HOME"])
    swept = sweep(world)
    assert (swept.mended, swept.differ) == (1, 0)
    order.refresh_from_db()
    assert order.state == "PARTLY_SHIPPED"
    told = Difference.objects.get(kind="order.missed", subject=order.number)
    assert (told.mended_at, told.ours) == (world.now, "1")
    assert sweep(world).mended == 0


def test_a_tracking_number_changes_no_date_in_saleor_and_is_found_all_the_same(shop: Shop, world: World):
    order = world.paid(line(shop.part(home=5), 1))
    world.ship(order)
    shop.settle(order)
    sweep(world)
    dashboard.track(dashboard.seen(order)["fulfillments"][0]["id"], "LATE-1")
    assert sweep(world).mended == 1
    assert order.shipments.get().tracking_number == "LATE-1"


@pytest.mark.timeout(1800)
def test_thirty_orders_with_random_acts_on_both_sides_end_in_equal_books(shop: Shop, world: World):
    """Nothing that happens there is ever told; now and then a message of ours is handled. At the end the sweep prints 0 differences."""
    chance = random.Random(20261128)
    parts = [shop.part(home=500, away=500) for _ in range(3)]
    orders: list[Order] = []
    done: dict[str, int] = {}
    for _ in range(30):  # an act that is not possible at its moment is left
        lines = [line(part, chance.randint(1, 6)) for part in chance.sample(parts, chance.randint(1, 2))]
        orders.append((world.paid if chance.random() < 0.6 else world.place)(*lines))
        for _ in range(chance.randint(2, 5)):
            act = chance.choice(_ACTS)
            order = chance.choice(orders[-5:])
            order.refresh_from_db()
            try:
                act(shop, world, order, chance)
                done[act.__name__] = done.get(act.__name__, 0) + 1
            except (PortalError, AssertionError):
                continue  # not possible at this moment, on that side
            if chance.random() < 0.4:
                shop.settle(order)
    for order in orders:
        shop.settle(order)
    out = StringIO()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("sys.stdout", out)
        call_command("saleor_sweep")
    assert "0 differences" in out.getvalue()
    assert (sweep(world).mended, ledger_disagreements()) == (0, [])
    assert len(done) >= 8, done


def _pay(shop: Shop, world: World, order: Order, chance: random.Random) -> None:
    world.pay(order)


def _ship(shop: Shop, world: World, order: Order, chance: random.Random) -> None:
    first = lines_of(order)[0]
    world.ship(
        order, (first, chance.randint(1, max(first.open_quantity, 1))), tracking_number=chance.choice(["", "OUR-1"])
    )


def _cancel(shop: Shop, world: World, order: Order, chance: random.Random) -> None:
    first = chance.choice(lines_of(order))
    order_cancel(
        actor=world.people.manager,
        order_id=order.pk,
        line_ids=[first.pk],
        pieces={first.pk: 1},
        reason="less",
        now=world.now,
    )


def _take(shop: Shop, world: World, order: Order, chance: random.Random) -> None:
    first = lines_of(order)[0]
    return_create(
        actor=world.people.customer, order_id=order.pk, lines=[ReturnLine(first.pk, 1)], reason="UNUSED", now=world.now
    )
    row = Return.objects.filter(line=first, state=ReturnState.EXPECTED)[0]
    return_receive(actor=world.people.manager, return_id=row.pk, now=world.now)


def _their_fulfil(shop: Shop, world: World, order: Order, chance: random.Random) -> None:
    if order.state == "CANCELLED" or order.payment_state != "PAID":
        raise AssertionError("staff look at whether it is paid")
    shop.settle(order)  # staff see what we handed over
    there = [one for one in dashboard.seen(order)["lines"] if one["quantityToFulfill"]]
    assert there
    one = chance.choice(there)
    count = chance.randint(1, one["quantityToFulfill"])
    dashboard.fulfil(order, one["productSku"], count, shop.warehouses[chance.choice(["HOME", "AWAY"])])


def _their_unfulfil(shop: Shop, world: World, order: Order, chance: random.Random) -> None:
    shop.settle(order)
    if any(one["status"] == "RETURNED" for one in dashboard.seen(order)["fulfillments"]):
        raise AssertionError("part of it came back: nobody cancels that")
    living = [one for one in dashboard.seen(order)["fulfillments"] if one["status"] == "FULFILLED"]
    assert living
    one = chance.choice(living)
    dashboard.unfulfil(one["id"], shop.warehouses[one["warehouse"]["externalReference"]])


def _their_track(shop: Shop, world: World, order: Order, chance: random.Random) -> None:
    living = [one for one in dashboard.seen(order)["fulfillments"] if one["status"] == "FULFILLED"]
    assert living
    dashboard.track(chance.choice(living)["id"], f"THEIR-{chance.randint(1, 9)}")


def _their_take(shop: Shop, world: World, order: Order, chance: random.Random) -> None:
    shop.settle(order)
    living = [
        row for one in dashboard.seen(order)["fulfillments"] if one["status"] == "FULFILLED" for row in one["lines"]
    ]
    assert living
    dashboard.take_back(order, chance.choice(living)["orderLine"]["productSku"], 1)


def _their_strike(shop: Shop, world: World, order: Order, chance: random.Random) -> None:
    shop.settle(order)
    there = [one for one in dashboard.seen(order)["lines"] if one["quantityToFulfill"]]
    assert there
    dashboard.strike(order, chance.choice(there)["productSku"], 1)


def _their_payment(shop: Shop, world: World, order: Order, chance: random.Random) -> None:
    dashboard.enter(order, charged=str(chance.randint(1, 5) * 1000))


def _their_cancel(shop: Shop, world: World, order: Order, chance: random.Random) -> None:
    shop.settle(order)
    dashboard.cancel(order)


_ACTS: list[Callable[[Shop, World, Order, random.Random], None]] = [
    _pay, _ship, _ship, _ship, _cancel, _take, _their_fulfil, _their_fulfil, _their_unfulfil, _their_track, _their_take,
    _their_strike, _their_payment, _their_cancel,
]  # fmt: skip
