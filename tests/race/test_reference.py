"""The same call twice at one moment: one order, both hear of the same."""

from __future__ import annotations

from functools import partial

import pytest

from orders.models import Order, Shipment
from orders.services import placing
from orders.services.placing import order_place
from orders.services.shipping import shipment_create
from portal.accounts.references import Claim
from tests.orders.world import World, level, line, request
from tests.race.conftest import codes, race


def test_without_the_claim_one_call_twice_makes_two_orders(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    part = world.part(home=9)
    asked = request(line(part))
    monkeypatch.setattr(placing, "reference_claim", lambda **given: Claim(None, None))
    race(*[lambda: order_place(actor=world.people.customer, request=asked, now=world.now)] * 2)
    assert Order.objects.count() == 2


def test_with_the_claim_the_same_reference_at_once_makes_one_order(world: World) -> None:
    part = world.part(home=9)
    asked = request(line(part))
    results = race(*[lambda: order_place(actor=world.people.customer, request=asked, now=world.now)] * 6)
    assert codes(results) == ["done"] * 6
    assert len({one.pk for one in results}) == Order.objects.count() == 1
    assert level(part, world.home) == (9, 1)


def test_the_same_reference_at_once_with_two_bodies_makes_one_order_and_one_refusal(world: World) -> None:
    part = world.part(home=9)
    bodies = [request(line(part, quantity), reference="same") for quantity in (1, 2)]
    acts = [partial(order_place, actor=world.people.customer, request=ask, now=world.now) for ask in bodies]
    assert codes(race(*acts)) == ["REFERENCE_REUSED", "done"]
    assert Order.objects.count() == 1


def test_a_twin_of_a_refused_call_is_refused_on_its_own_and_takes_no_reference(world: World) -> None:
    part = world.part(home=1)
    asked = request(line(part, 2))
    results = race(*[lambda: order_place(actor=world.people.customer, request=asked, now=world.now)] * 4)
    assert codes(results) == ["OUT_OF_STOCK"] * 4


def test_one_scan_sent_twice_ships_once(world: World) -> None:
    order = world.paid(line(world.part(home=9), 4))

    def ship() -> list[Shipment]:
        return shipment_create(
            actor=world.people.manager, order_id=order.pk, lines=None, carrier="Post", reference="scan", now=world.now
        )

    assert codes(race(ship, ship, ship)) == ["done"] * 3
    assert Shipment.objects.count() == 1
