"""Two orders, one credit limit: without the lock both pass, with it one waits for approval and nobody is turned away."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import pytest

from orders.models import Order
from orders.services.placing import order_place
from orders.services.submitting import engine
from portal.accounts.models import Company
from tests.orders.world import World, line, request
from tests.race.conftest import codes, race, unlocked

ORDERS = 4


def orders(world: World) -> list[Callable[[], Order]]:
    """Orders of 600,000 won each on parts of their own, against a limit of a million."""
    asked = [request(line(world.part(home=60), 60), payment="ACCOUNT") for _ in range(ORDERS)]
    return [partial(order_place, actor=world.people.dealer, request=ask, now=world.now) for ask in asked]


def states() -> list[str]:
    """Of all orders."""
    return sorted(Order.objects.values_list("state", flat=True))


def test_without_the_lock_every_order_believes_the_limit_is_its_own(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    with unlocked(monkeypatch, ORDERS, at=Company):
        race(*orders(world))
    assert states().count("READY") > 1, "the control did not race: the test of the lock would prove nothing"


def test_with_the_lock_one_order_is_taken_and_the_others_wait_for_approval(world: World) -> None:
    assert engine().in_process
    assert codes(race(*orders(world))) == ["done"] * ORDERS
    assert states() == ["AWAITING_APPROVAL"] * (ORDERS - 1) + ["READY"]
