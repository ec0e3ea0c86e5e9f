"""What the bench measures of imports: one import, and searches."""

from __future__ import annotations

import random
import resource
import statistics
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any
from unittest.mock import patch

from catalog.imports import run
from catalog.models import Part, PartName
from catalog.search import search_parts
from portal import clock
from portal.accounts.actor import SYSTEM

SEARCHES = 150


def bring_in(folder: str) -> dict[str, float]:
    """Import a folder; seconds of each part of it, and the memory this process took at most, in MB."""
    counted = [0.0]

    def counting(*parts: Any) -> int:
        began = time.perf_counter()
        words = plainly(*parts)
        counted[0] += time.perf_counter() - began
        return words

    plainly: Callable[..., int] = run.terms_count
    began = time.perf_counter()
    prepared = run.import_prepare(actor=SYSTEM, folder=Path(folder), now=clock.now())
    judged = time.perf_counter()
    with patch.object(run, "terms_count", counting):
        run.import_apply(actor=SYSTEM, run_id=prepared.pk, now=clock.now(), confirmed=True)
    done = time.perf_counter()
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {"judging": judged - began, "applying": done - judged - counted[0], "counting": counted[0], "memory": memory}


def search() -> dict[str, float]:
    """Searches by number and by words, half and half; the 95th percentile of their milliseconds."""
    draw = random.Random(7)
    numbers = draw.sample(list(Part.objects.order_by("pk").values_list("number", flat=True)), SEARCHES // 2)
    names = draw.sample(list(PartName.objects.order_by("pk").values_list("name", flat=True)), SEARCHES // 2)
    took = []
    for query in [*numbers, *(" ".join(name.split()[:3]) for name in names)]:
        began = time.perf_counter()
        search_parts(query, actor_market=None)
        took.append(1000 * (time.perf_counter() - began))
    return {"p95": statistics.quantiles(took, n=20)[-1]}
