"""Peak memory of the real commands, each a process of its own: a push of our parts into the Saleor of SALEOR_API_URL, a pull of all it has, and a
push that compares all that. What is sent goes by the hundred and what is compared by five hundred, so that the number of parts must not show.
"""

from __future__ import annotations

import os
import subprocess
import sys

from bench.measure import Row
from bench.store_shop import SALEOR, set_up
from bench.world import Shop
from catalog.models import Part, StorePart
from tests import store


def run(shop: Shop, url: str) -> list[Row]:
    """Nothing without a Saleor to ask."""
    if not store.named():
        print(f"    left out: {store.MISSING}")
        return []
    with store.app_made() as app:
        set_up(store.connect(store.API_URL, app.token, app.id))
        bare = _peak("saleor_connect", "--help")
        sent, pushed = Part.objects.count(), _peak("saleor_push")
        pulled = _peak("saleor_pull", "--anew")
        again = _peak("saleor_pull", "--anew")
        known = StorePart.objects.count()
        compared = _peak("saleor_push", "--dry-run")
    beside = f"{bare:.0f} MB, the program alone"
    return [
        Row(f"memory of a push of {sent} parts", f"{pushed:.0f} MB", beside),
        Row(f"memory of a pull of {known} parts, new here", f"{pulled:.0f} MB", beside),
        Row(f"memory of a pull of {known} parts, as they were", f"{again:.0f} MB", beside),
        Row(f"memory of comparing {known} parts for a push", f"{compared:.0f} MB", beside),
    ]


def _peak(*command: str) -> float:
    """Resident memory at its highest, in MB (Linux counts in KB)."""
    made = subprocess.Popen([sys.executable, "-m", "portal", *command], env=os.environ | {"COMMERCE_ENGINE": SALEOR}, stdout=subprocess.DEVNULL)  # fmt: skip
    _, status, used = os.wait4(made.pid, 0)
    made.returncode = os.waitstatus_to_exitcode(status)
    if made.returncode:
        raise RuntimeError(f"{command} ended with {made.returncode}")
    return used.ru_maxrss / 1024
