"""One credit, several who want it: without the lock it is spent more than once, with it never below nothing."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from functools import partial

import pytest

from orders.models import LedgerEntry
from orders.selectors.ledger import spendable
from orders.selectors.ledger_check import ledger_disagreements
from orders.services.cancelling import order_cancel
from orders.services.placing import order_place
from orders.services.spending import credit_grant, credit_pay_out, order_refund
from portal.accounts.models import Company
from tests.orders.world import World, line, request
from tests.race.conftest import codes, race, unlocked

AT_ONCE = 4


def credit(world: World) -> Decimal:
    """What the customer has."""
    return spendable(world.people.customer.company_id or 0, "KRW")


def grant(world: World, amount: int) -> None:
    """Give the customer so much."""
    company, people = world.people.customer.company_id or 0, world.people
    credit_grant(
        actor=people.approver, company_id=company, currency="KRW", amount=Decimal(amount), reason="late", now=world.now
    )


def orders(world: World) -> list[Callable[[], object]]:
    """Orders of 10,000 won each, on parts of their own, that use credit."""
    asked = [request(line(world.part(home=1)), use_credit=True) for _ in range(AT_ONCE)]
    return [partial(order_place, actor=world.people.customer, request=ask, now=world.now) for ask in asked]


def test_without_the_lock_the_same_credit_pays_several_orders(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    grant(world, 7000)
    with unlocked(monkeypatch, AT_ONCE, at=Company):
        race(*orders(world))
    assert credit(world) < 0, "the control did not race: the test of the lock would prove nothing"


def test_with_the_lock_credit_is_spent_once_and_every_order_is_taken(world: World) -> None:
    grant(world, 7000)
    assert codes(race(*orders(world))) == ["done"] * AT_ONCE
    assert credit(world) == 0
    assert LedgerEntry.objects.filter(kind="CREDIT_USED").count() == 1
    assert ledger_disagreements() == []


def test_a_payout_and_an_order_at_once_share_what_there_is(world: World) -> None:
    grant(world, 7000)
    company = world.people.customer.company_id or 0
    out = partial(credit_pay_out, actor=world.people.accountant, company_id=company, currency="KRW", amount=Decimal(7000), reason="bank", now=world.now)  # fmt: skip
    told = codes(race(out, out, *orders(world)))
    assert credit(world) == 0
    assert told.count("INVALID") in (1, 2)
    assert ledger_disagreements() == []


def test_a_refund_wanted_twice_at_once_is_paid_once(world: World) -> None:
    order = world.paid(line(world.part(home=1)))
    order_cancel(actor=world.people.customer, order_id=order.pk, line_ids=None, reason="no", now=world.now)
    refund = partial(order_refund, actor=world.people.accountant, order_id=order.pk, now=world.now)
    assert codes(race(*[refund] * AT_ONCE)) == ["WRONG_STATE"] * (AT_ONCE - 1) + ["done"]
    assert LedgerEntry.objects.filter(kind="REFUNDED").count() == 1
