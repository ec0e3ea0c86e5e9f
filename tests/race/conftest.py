"""Real commits, real threads: everybody starts at one moment; `unlocked` takes the locks away to show what they are for."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import Any

import pytest
from django.db import Error, connection, models
from django.db.models import Sum

from catalog.models import ExpectedReceipt, StockLedger, StockLevel
from catalog.services import stock
from orders.models import LineHold
from orders.selectors import orders as order_reads
from orders.services import advancing, ledger, requesting
from portal import clock
from portal.errors import PortalError
from portal.promises import seed
from portal.promises.models import Calendar, Holiday, Policy
from tests.orders.world import World, world_make

LOCKING = (stock, advancing, ledger, order_reads, requesting)


@pytest.fixture
def world(transactional_db: None, monkeypatch: pytest.MonkeyPatch) -> World:
    """Tests with real commits empty the tables afterwards, so the seeds are planted anew."""
    seed.plant(Policy, Calendar, Holiday)
    made = world_make()
    monkeypatch.setattr(clock, "now", lambda: made.now)
    return made


def race(*acts: Callable[[], Any]) -> list[Any]:
    """Run all at one moment, each with a connection of its own; answers what each answered, or the error it met."""
    gate = threading.Barrier(len(acts))
    results: list[Any] = [None] * len(acts)

    def run(place: int, act: Callable[[], Any]) -> None:
        try:
            connection.ensure_connection()
            gate.wait(timeout=30)
            results[place] = act()
        except (PortalError, Error, LookupError) as error:
            results[place] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=one) for one in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert not any(thread.is_alive() for thread in threads), "somebody waits for ever"
    return results


def codes(results: Sequence[Any]) -> list[str]:
    """The refusals among them, by code; what is no refusal is `done`, an accident its name."""
    return sorted(
        one.code.value if isinstance(one, PortalError) else type(one).__name__ if isinstance(one, Exception) else "done"
        for one in results
    )


@contextmanager
def unlocked(monkeypatch: pytest.MonkeyPatch, readers: int, at: type[models.Model] = StockLevel) -> Iterator[None]:
    """`lock_rows` only reads, and nobody goes on before `readers` have read rows of `at`: the interleaving that locks prevent."""
    gate = threading.Barrier(readers)
    waited = threading.local()

    def only_read(queryset: models.QuerySet[Any], timeout: float = 0) -> list[Any]:
        rows = list(queryset.order_by("pk"))
        if queryset.model is at and not getattr(waited, "done", False):
            waited.done = True
            with suppress(threading.BrokenBarrierError):
                gate.wait(timeout=5)
        return rows

    with monkeypatch.context() as patch:
        for module in LOCKING:
            patch.setattr(module, "lock_rows", only_read)
        yield


def books_agree() -> bool:
    """Is every level the sum of its ledger, and every held piece held by a line?"""
    for level in StockLevel.objects.all():
        place = {"part": level.part_id, "warehouse": level.warehouse_id}
        moved = StockLedger.objects.filter(**place).aggregate(sum=Sum("change"))["sum"] or 0
        holds = LineHold.objects.filter(line__part=level.part_id, warehouse=level.warehouse_id, receipt=None)
        if (level.on_hand, level.held) != (moved, holds.aggregate(sum=Sum("quantity"))["sum"] or 0):
            return False
    return all(
        one.held == (LineHold.objects.filter(receipt=one).aggregate(sum=Sum("quantity"))["sum"] or 0)
        for one in ExpectedReceipt.objects.all()
    )
