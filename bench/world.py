"""What is ordered in the bench: a customer with a machine in warranty, a repair card, parts in plenty."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from catalog.models import Part
from orders.models import Order
from orders.services.placing import order_place
from portal import clock
from tests import factories as make
from tests.orders.world import World, free, line, request, world_make
from warranty.models import Equipment, RepairCard

PIECES = 10_000_000


@dataclass
class Shop:
    """Three parts of one machine, its open card, and whoever orders them."""

    world: World
    parts: list[Part]
    machine: Equipment
    card: RepairCard

    def order(self) -> Order:
        """Three lines, each with its cover decided, its stock held and its promise started."""
        now = clock.now()
        lines = [free(part, self.machine, self.card, failed_on=now.date() - timedelta(days=2)) for part in self.parts]
        return order_place(actor=self.world.people.customer, request=request(*lines, payment="NONE"), now=now)

    def buy(self, part: Part) -> Order:
        """One piece in advance, without a machine."""
        return order_place(actor=self.world.people.customer, request=request(line(part)), now=clock.now())


def shop() -> Shop:
    """Make it, among two thousand other parts with price and stock."""
    world = world_make()
    world.now = clock.now()
    world.parts([(f"Part {number}", 100) for number in range(2000)])
    parts = [world.part(home=PIECES) for _ in range(3)]
    make.make_warranty_term()
    machine = world.machine(*parts, in_service=world.now.date() - timedelta(days=30), held=1)
    return Shop(world, parts, machine, world.card(machine))
