"""`ledger_check` finds each way the books could disagree, and ends with 1."""

from __future__ import annotations

import pytest
from django.core.management import call_command
from django.db import connection, transaction

from catalog.models import Part
from orders.models import LedgerAccount, Order, Payment
from orders.selectors.ledger_check import ledger_disagreements
from tests.orders.world import World, line, won


def found() -> set[tuple[str, str]]:
    """(check, what) of all that is wrong."""
    return {(one.check, one.name) for one in ledger_disagreements()}


def test_after_orders_of_all_kinds_everything_agrees(world: World, part: Part) -> None:
    world.ship(world.paid(line(part)))
    world.ship(world.place(line(part), by=world.people.dealer, payment="ACCOUNT"))
    assert found() == set()
    call_command("ledger_check")


def test_a_payment_nobody_booked_is_found(world: World, part: Part) -> None:
    order = world.place(line(part))
    given = {"received_at": world.now, "recorded_at": world.now, "recorded_by": "x"}
    made = Payment.objects.create(order=order, method="TRANSFER", amount=won(1), **given)
    assert found() == {("payments", f"payment:{made.pk}")}
    with pytest.raises(SystemExit) as ended:
        call_command("ledger_check")
    assert ended.value.code == 1


def test_a_balance_that_was_changed_by_hand_is_found(world: World, part: Part) -> None:
    world.paid(line(part))
    LedgerAccount.objects.filter(kind="BANK").update(balance=won(1))
    assert {check for check, _ in found()} == {"balances"}


def test_an_order_that_left_without_being_billed_is_found(world: World, part: Part) -> None:
    order = world.place(line(part))
    Order.objects.filter(pk=order.pk).update(state="SHIPPED", payment_state="PAID")
    assert found() == {("billed", order.number), ("paid", order.number)}


def test_an_entry_that_got_past_the_trigger_is_found(world: World, part: Part) -> None:
    world.paid(line(part))
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE orders_ledgerposting DISABLE TRIGGER ledgerposting_append_only")
        cursor.execute("UPDATE orders_ledgerposting SET amount = amount + 1 WHERE amount > 0")
        checks = {check for check, _ in found()}
        transaction.set_rollback(True)
    assert checks == {"entries", "balances", "payments"}
