"""A person decides who pays a line after Saleor had the order: its people read what is owed now, and by whom."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import pytest

from catalog.models import Part
from orders.models import Order
from orders.selectors.ledger_check import ledger_disagreements
from orders.services.reviewing import line_review
from tests import factories as make
from tests import store
from tests.orders.world import World, free, line, lines_of
from tests.saleor import dashboard
from tests.saleor.shop import Shop
from tests.saleor.test_refund_pressed import events
from tests.saleor.wire import Wire

_TOLD = """query($e: String!) { order(externalReference: $e) { chargeStatus total { gross { amount } } totalGrantedRefund { amount }
  metadata { key value } lines { productSku metadata { key value } } events { type message } } }"""


@dataclass
class Case:
    """Pieces of a kit for a machine that holds four, and one that is paid; without a warranty term nothing is free."""

    shop: Shop
    world: World
    kit: Part
    paid: Part
    card: Any
    machine: Any

    def order(self) -> Order:
        """Five asked for free under warranty, more than it holds: a person decides. Saleor has the order already."""
        make.make_warranty_term()
        wish = free(self.kit, self.machine, self.card, 5)
        order = self.world.place(wish, line(self.paid, 1))
        self.shop.settle(order)
        assert (order.engine_state, seen(order)["total"]) == ("ACCEPTED", 10000)
        return order

    def decide(self, order: Order, place: int, payer: str, **extra: Any) -> None:
        """Decide a line, and Saleor is told."""
        given: dict[str, Any] = {"customer_share": None, "note": "looked at it", "now": self.world.now} | extra
        line_review(actor=self.world.people.approver, line_id=lines_of(order)[place].pk, payer=payer, **given)
        self.shop.settle(order)


@pytest.fixture
def case(shop: Shop, world: World) -> Case:
    kit = shop.part(home=20)
    machine = world.machine(kit, held=4)
    return Case(shop, world, kit, shop.part(home=5), world.card(machine), machine)


def seen(order: Order) -> dict[str, Any]:
    """What Saleor's people read: sums, who pays each line, what we told them."""
    told = store.staff_ask(_TOLD, e=f"portal:{order.number}")["order"]
    values = lambda row: {one["key"]: one["value"] for one in row["metadata"]}  # noqa: E731
    return {
        "total": int(told["total"]["gross"]["amount"]),
        "granted": int(told["totalGrantedRefund"]["amount"]),
        "charge": told["chargeStatus"],
        "due": values(told).get("portal.due"),
        "payers": {one["productSku"]: values(one)["portal.payer"] for one in told["lines"]},
        "notes": [one["message"] for one in told["events"] if one["type"] == "NOTE_ADDED"],
    }


def test_decided_to_be_paid_it_is_dearer_and_paid_in_full_it_is_overcharged_there_and_nothing_is_given_back(
    wire: Wire, case: Case, shop: Shop, world: World
):
    order = case.order()
    world.pay(order)
    shop.settle(order)
    case.decide(order, 0, "PAID")
    told = seen(order)
    assert (told["due"], told["total"], told["payers"][case.kit.number]) == ("60000", 10000, "PAID")
    assert [note for note in told["notes"] if "60000 are owed for it, not 10000" in note] == told["notes"]
    assert shop.look(order) == []
    world.pay(order)
    world.ship(order)
    shop.settle(order)
    told = seen(order)
    assert (order.state, order.payment_state) == ("SHIPPED", "PAID")
    assert (told["charge"], told["granted"], len(told["notes"])) == ("OVERCHARGED", 0, 1)
    assert (shop.look(order), ledger_disagreements()) == ([], [])
    (one,) = dashboard.seen(order)["transactions"]
    dashboard.ask_refund(one["id"], "50000")
    assert events(order, "REFUND_FAILURE")[0]["message"] == "This order is not paid too much."
    assert shop.look(order) == []


def test_decided_free_nothing_is_owed_and_nothing_there_asks_for_it(case: Case, shop: Shop, world: World):
    """Goodwill: a paid line on a repair card, before money or goods have moved."""
    wish = line(case.kit, 2, repair_card=case.card.number, serial=case.machine.serial)
    order = world.place(wish, line(case.paid, 1))
    shop.settle(order)
    assert (order.engine_state, seen(order)["total"]) == ("ACCEPTED", 30000)
    case.decide(order, 0, "WARRANTY")
    told = seen(order)
    assert (told["due"], told["payers"][case.kit.number], told["charge"]) == ("10000", "WARRANTY", "NONE")
    assert (len(told["notes"]), "The rest is not to be asked for." in told["notes"][0]) == (1, True)
    world.pay(order)
    world.ship(order)
    shop.settle(order)
    told = seen(order)
    assert (order.state, order.payment_state) == ("SHIPPED", "PAID")
    assert (told["granted"], told["charge"], dashboard.seen(order)["totalCharged"]["amount"]) == (20000, "FULL", 10000)
    assert (shop.look(order), ledger_disagreements()) == ([], [])


def test_a_share_is_told_as_what_is_owed(case: Case, shop: Shop, world: World):
    order = case.order()
    case.decide(order, 0, "WARRANTY", customer_share=Decimal("0.25"))
    told = seen(order)
    assert (told["due"], order.total) == ("22500", Decimal(22500))
    assert shop.look(order) == []
