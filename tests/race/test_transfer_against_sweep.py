"""The last day of a transfer and the money itself at one moment: an order is either ended or paid, never both."""

from __future__ import annotations

import threading
from contextlib import suppress
from typing import Any

import pytest
from django.db import connection

from orders.models import Order, Payment
from orders.selectors.ledger_check import ledger_disagreements
from orders.services import expiring
from orders.services.expiring import transfers_sweep
from orders.services.paying import order_pay
from portal.errors import PortalError
from tests.orders.world import World, line, seoul


def test_money_that_comes_while_an_order_ends_waits_until_it_has_ended(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between the sweep's look for money and its end of the order somebody books the money: the order's lock lets nobody in."""
    order = world.place(line(world.part(home=1)))
    world.now = seoul("12-10 00:00")
    looked = expiring.money_seen

    def pay() -> None:
        with suppress(PortalError):
            order_pay(actor=world.people.accountant, order_id=order.pk, method="TRANSFER", now=world.now)
        connection.close()

    payer = threading.Thread(target=pay)

    def look(one: Order) -> Any:
        seen = looked(one)
        payer.start()
        payer.join(timeout=2)  # whoever may pay now has done it
        return seen

    monkeypatch.setattr(expiring, "money_seen", look)
    assert transfers_sweep(world.now) == 1
    payer.join(timeout=30)
    order.refresh_from_db()
    assert (order.state, Payment.objects.count()) == ("CANCELLED", 0)
    assert ledger_disagreements() == []
