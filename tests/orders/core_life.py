"""Old units in the many lives of money: they come back good or bad, late or never."""

from __future__ import annotations

from random import Random
from typing import Any

from django.db.models import Sum

from orders.models import LedgerAccount, OrderLine, Return
from orders.services.returning import return_receive

CORE = 777  # of deposit on the first part


class CoreSteps:
    """Steps and checks of a life that knows `world`, `one` and `act`."""

    world: Any
    one: Any
    act: Any

    def old_unit_comes(self, chance: Random) -> None:
        """Some are good, some are not; what comes late finds its row ended."""
        row = self.one(Return.objects.filter(reason="CORE", state="EXPECTED"), chance)
        if row is not None:
            some, good = chance.randint(1, row.quantity - row.received), chance.random() < 0.7
            self.act(return_receive, actor=self.world.people.manager, return_id=row.pk, quantity=some, good=good)

    def check_cores(self) -> None:
        """A deposit is held for every old unit still to come, and for no other."""
        held = LedgerAccount.objects.filter(kind="CORES").aggregate(sum=Sum("balance"))["sum"] or 0
        lines = [row for row in OrderLine.objects.filter(core_each__gt=0) if row.core_open]
        awaited = Return.objects.filter(reason="CORE", state="EXPECTED")
        units = sum(row.core_open for row in lines)
        assert (-held, sum(row.quantity - row.received for row in awaited)) == (units * CORE, units)
