"""What a maintenance contract bears: its share, up to its cap, given back when cancelled or decided otherwise."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from catalog.models import Part
from orders.models import Order
from orders.services.cancelling import order_cancel
from orders.services.reviewing import line_review
from tests import factories as make
from tests.orders.world import World, free, lines_of, won
from warranty.models import ContractUse, Equipment, RepairCard


@pytest.fixture
def kit(world: World) -> Part:
    """A part of the contract's machine."""
    return world.part(home=50)


@pytest.fixture
def machine(world: World, kit: Part) -> Equipment:
    """Under a contract: the customer pays a fifth, the house up to 24,000 won a year."""
    made = world.machine(kit, held=9, in_service=None)
    make.make_contract(made, currency="KRW", yearly_cap=won(24000))
    return made


def order(world: World, kit: Part, machine: Equipment, card: RepairCard, quantity: int = 1, **extra: Any) -> Order:
    """Pieces for a repair under contract."""
    return world.place(free(kit, machine, card, quantity), **extra)


def taken() -> Decimal:
    """What is taken from the cap."""
    return sum(ContractUse.objects.values_list("amount", flat=True), Decimal(0))


def test_the_customer_pays_the_share_and_the_cap_is_taken(world: World, kit: Part, machine: Equipment) -> None:
    placed = order(world, kit, machine, world.card(machine), 2)
    row = lines_of(placed)[0]
    assert (row.payer, row.customer_share, row.net, placed.state) == (
        "CONTRACT",
        Decimal("0.2"),
        won(4000),
        "AWAITING_PAYMENT",
    )
    assert taken() == won(16000)


def test_beyond_the_cap_the_contract_bears_less_and_then_nothing(world: World, kit: Part, machine: Equipment) -> None:
    card = world.card(machine)
    order(world, kit, machine, card, 2)
    last, after = order(world, kit, machine, card, 2), order(world, kit, machine, card, 1)
    assert [(lines_of(one)[0].payer, lines_of(one)[0].net) for one in (last, after)] == [
        ("CONTRACT", won(12000)),
        ("PAID", won(10000)),
    ]
    assert taken() == won(24000)


def test_a_cancelled_line_gives_its_part_of_the_cap_back(world: World, kit: Part, machine: Equipment) -> None:
    card = world.card(machine)
    first = order(world, kit, machine, card, 3)
    assert taken() == won(24000)
    order_cancel(actor=world.people.customer, order_id=first.pk, line_ids=None, reason="no", now=world.now)
    assert taken() == won(0)
    assert lines_of(order(world, kit, machine, card, 3))[0].payer == "CONTRACT"


def test_what_is_shipped_of_a_line_cut_short_keeps_its_part_of_the_cap(
    world: World, kit: Part, machine: Equipment
) -> None:
    placed = order(world, kit, machine, world.card(machine), 3)
    world.pay(placed)
    world.ship(placed, (lines_of(placed)[0], 1))
    order_cancel(actor=world.people.customer, order_id=placed.pk, line_ids=None, reason="no", now=world.now)
    assert taken() == won(8000)


def test_decided_to_paid_the_contract_bears_nothing(world: World, kit: Part) -> None:
    machine = world.machine(kit, held=1, in_service=None)
    make.make_contract(machine, currency="KRW")
    placed = order(world, kit, machine, world.card(machine), 2)  # more than the machine holds: a person looks
    assert (lines_of(placed)[0].review, taken()) == ("PENDING", won(16000))
    line_review(
        actor=world.people.approver, line_id=lines_of(placed)[0].pk, payer="PAID", customer_share=None, note="spare",
        now=world.now,
    )  # fmt: skip
    assert taken() == won(0)
