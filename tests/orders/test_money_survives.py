"""Killed after any write, money is moved once: reading the statement again and the next sweep end what was begun."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from importlib import import_module

import pytest
from django.apps import apps

from orders.models import MoneyPolicy
from portal.promises import seed
from portal.promises.models import Calendar, Holiday, Policy
from tests.architecture.source import ROOT
from tests.promises.test_sweep_survives import database_url


@pytest.mark.long
@pytest.mark.timeout(3600)
@pytest.mark.django_db(transaction=True)
def test_money_killed_after_any_write_is_booked_once_and_nothing_is_lost() -> None:
    seed.plant(Policy, Calendar, Holiday)
    if not MoneyPolicy.objects.exists():  # tests with real commits empty the tables afterwards
        import_module("orders.migrations.0005_ledger").plant(apps, None)
    environment = os.environ | {"DATABASE_URL": database_url(), "PYTHONPATH": str(ROOT)}
    program = [sys.executable, "-m", "tests.orders.kill_money"]
    done = subprocess.run(program, env=environment, capture_output=True, text=True, timeout=3000, cwd=ROOT)
    assert done.returncode == 0, done.stderr[-3000:]
    told = json.loads(done.stdout.splitlines()[-1])
    print(f"killed {told['killed']} times")
    assert told["wrong"] == []
    assert told["killed"] > 40  # it died in the middle of each of them
