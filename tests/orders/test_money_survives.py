"""Killed after any statement, money is moved once: reading the statement again and the next sweep end what was begun."""

from __future__ import annotations

import os
import subprocess
import sys
from collections import Counter

import pytest
from django.conf import settings

from orders.models import BankLine, LedgerEntry, Order, OrderEvent, Payment
from orders.selectors.ledger_check import ledger_disagreements
from portal.promises.models import Promise
from tests.architecture.source import ROOT
from tests.orders.world import World, line, seoul
from tests.promises.test_sweep_survives import database_url
from tests.race.conftest import world

__all__ = ["world"]
STEP = int(os.environ.get("KILL_STEP", "1"))  # 1: after every statement


@pytest.mark.long
@pytest.mark.timeout(3600)
@pytest.mark.django_db(transaction=True)
def test_money_killed_after_any_statement_is_booked_once_and_nothing_is_lost(world: World) -> None:
    assert settings.DATABASES
    paid = [world.place(line(world.part(home=1))) for _ in range(2)]
    late = world.place(line(world.part(home=1)))
    owing = world.place(line(world.part(home=1)), by=world.people.dealer, payment="ACCOUNT")
    world.ship(owing)
    now = seoul("12-24 09:00")
    program = [sys.executable, "-m", "tests.orders.kill_money", str(world.people.accountant.membership_id)]
    environment = os.environ | {"DATABASE_URL": database_url(), "PYTHONPATH": str(ROOT)}
    arguments = [",".join(order.number for order in paid), now.isoformat(), str(STEP)]
    done = subprocess.run(program + arguments, env=environment, capture_output=True, text=True, timeout=3000, cwd=ROOT)
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) > 60 // STEP  # it died in the middle of each of them
    assert Payment.objects.count() == 2
    assert Counter(LedgerEntry.objects.values_list("kind", flat=True)) == {"BILLED": 1, "PAID": 2, "MONEY_IN": 1}
    assert sorted(BankLine.objects.values_list("state", flat=True)) == ["BOOKED", "BOOKED", "WAITING"]
    late.refresh_from_db()
    assert (late.state, OrderEvent.objects.filter(order=owing, kind="dunned").count()) == ("CANCELLED", 1)
    for order in Order.objects.filter(pk__in=[one.pk for one in paid]):
        assert (order.payment_state, Promise.objects.filter(subject=order.number, state="RUNNING").count()) == (
            "PAID",
            1,
        )
    assert ledger_disagreements() == []
