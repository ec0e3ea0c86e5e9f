"""kill -9 after anything a worker writes, and any word with Stripe: the next one ends it, each charge once."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from portal.promises import seed
from portal.promises.models import Calendar, Holiday, Policy
from tests.promises.test_sweep_survives import ROOT, database_url


@pytest.mark.long
@pytest.mark.timeout(3600)
@pytest.mark.django_db(transaction=True)
def test_a_worker_killed_anywhere_charges_nothing_twice_and_loses_nothing(tmp_path: Path) -> None:
    seed.plant(Policy, Calendar, Holiday)
    program = [sys.executable, str(ROOT / "tests/cards/kill_cards.py"), str(tmp_path)]
    environment = os.environ | {"DATABASE_URL": database_url(), "PYTHONPATH": str(ROOT)}
    done = subprocess.run(program, env=environment, capture_output=True, text=True, timeout=3500)
    assert done.returncode == 0, done.stderr[-3000:]
    told = json.loads(done.stdout.splitlines()[-1])
    print(f"killed {told['killed']} times")
    assert told["wrong"] == []
    assert told["killed"] > 60  # it truly died in the middle of every step
