"""A sum that names an invoice instead of the order finds it, and pays just that invoice."""

from __future__ import annotations

import pytest

from orders.models import BankLine, Order, Paper
from orders.rules.references import invoice_numbers_in
from orders.selectors.ledger import order_account
from orders.services.banking import statement_read
from tests.orders.world import World, line, lines_of, won


@pytest.mark.parametrize(
    "text", ["INV-2026-000007", "Invoice inv 2026/000007, thanks", "INV2026000007", "ＩＮＶ－２０２６－０００００７"]
)
def test_an_invoice_is_found_in_any_dress(text: str) -> None:
    assert invoice_numbers_in(text) == ["INV-2026-000007"]
    assert invoice_numbers_in("INVOICE 7, REINV-2026-000007, INV-2026-07") == []


def owing(world: World) -> tuple[Order, list[Paper]]:
    """A dealer's order in two hand-overs, each with its invoice."""
    order = world.place(line(world.part(home=9), 5), by=world.people.dealer, payment="ACCOUNT")
    world.ship(order, (lines_of(order)[0], 2))
    world.ship(order)
    return order, list(Paper.objects.filter(kind="INVOICE").order_by("pk"))


def came(world: World, amount: int, text: str) -> BankLine:
    """The bank tells of a sum."""
    data = f"date,amount,currency,text,id\n2026-11-23,{amount},KRW,{text},{text}{amount}".encode()
    statement_read(actor=world.people.accountant, data=data, name="bank.csv", now=world.now)
    return BankLine.objects.latest("pk")


def test_one_invoice_of_two_is_paid_exactly(world: World) -> None:
    order, (first, second) = owing(world)
    assert came(world, 20000, first.number).state == "BOOKED"
    assert order_account(order).settled == won(20000)
    assert came(world, 30000, second.number).state == "BOOKED"
    order.refresh_from_db()
    assert order.payment_state == "PAID"


def test_both_invoices_named_are_paid_together_and_another_sum_waits_with_its_order(world: World) -> None:
    order, (first, second) = owing(world)
    odd = came(world, 29999, f"{first.number} {second.number}")
    assert (odd.state, odd.why, odd.order) == ("WAITING", "UNDER", order)
    assert came(world, 50000, f"{first.number} {second.number}").state == "BOOKED"
    assert came(world, 20000, first.number).why == "CLOSED"
