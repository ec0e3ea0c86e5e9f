"""Two shipments at one moment: every invoice number once, and none left out."""

from __future__ import annotations

import pytest
from django.db import transaction

from orders.models import Order, Paper
from tests.orders.world import World, line
from tests.race.conftest import codes, race


def ship(world: World, order: Order, *, undo: bool = False) -> None:
    with transaction.atomic():
        world.ship(order)
        if undo:
            raise LookupError


@pytest.mark.django_db(transaction=True)
def test_invoices_issued_at_one_moment_have_numbers_without_a_gap(world: World) -> None:
    orders = [world.paid(line(world.part(home=3))) for _ in range(4)]
    done = race(*[lambda one=one, at=at: ship(world, one, undo=at == 1) for at, one in enumerate(orders)])
    assert codes(done) == ["LookupError", "done", "done", "done"]
    numbers = sorted(Paper.objects.filter(kind="INVOICE").values_list("number", flat=True))
    assert numbers == [f"INV-2026-{number:06}" for number in (1, 2, 3)]
