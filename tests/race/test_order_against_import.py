"""People order parts while an import writes those very parts; an import taken back never takes away what was ordered."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any

from django.db import connection

from catalog.imports.run import import_apply, import_revert
from catalog.imports.summary import run_summary
from catalog.models import Part
from orders.models import Order, OrderLine
from orders.services.placing import order_place
from portal.accounts.actor import SYSTEM
from tests.catalog.folder import NOW, applied, prepared, write
from tests.orders.world import World, line, request
from tests.race.conftest import race

PRICES = "part_number,market,kind,currency,amount,valid_from"


def test_an_order_of_a_part_that_an_import_has_just_written_does_not_wait_for_it(world: World, tmp_path: Path) -> None:
    parts = [world.part(home=5) for _ in range(4)]
    write(tmp_path, "parts", "part_number,category", *(f"{part.number},New" for part in parts))
    write(tmp_path, "stock", "part_number,warehouse,place", *(f"{part.number},{world.home.code},B-1" for part in parts))
    run = prepared(tmp_path)
    answers: list[Any] = []

    def meanwhile(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        done = execute(sql, params, many, context)
        if str(sql).startswith("WITH batch") and "catalog_part " in str(sql):  # written, and not yet committed
            answers.extend(
                race(lambda: order_place(actor=world.people.customer, request=request(line(parts[0])), now=world.now))
            )
        return done

    with connection.execute_wrapper(meanwhile):
        import_apply(actor=SYSTEM, run_id=run.pk, now=NOW)
    assert [type(answer) for answer in answers] == [Order]
    assert set(Part.objects.filter(pk__in=[part.pk for part in parts]).values_list("category", flat=True)) == {"New"}


def test_a_part_ordered_while_its_import_is_taken_back_stays(world: World, tmp_path: Path) -> None:
    write(tmp_path, "parts", "part_number", "NEW-1", "NEW-2")
    day = f"{world.prices.valid.lower:%Y-%m-%d}"
    write(tmp_path, "prices", PRICES, *(f"NEW-{n},KR,CUSTOMER,KRW,1000,{day}" for n in (1, 2)))
    write(tmp_path, "stock", "part_number,warehouse,on_hand", *(f"NEW-{n},{world.home.code},9" for n in (1, 2)))
    run = applied(tmp_path)
    wanted = request(line(Part.objects.get(number="NEW-1")))
    gate = threading.Event()

    def order() -> Order:
        gate.wait(timeout=30)
        return order_place(actor=world.people.customer, request=wanted, now=world.now)

    def back() -> None:
        gate.set()
        import_revert(actor=SYSTEM, run_id=run.pk, now=NOW)

    placed, _ = race(order, back)
    ordered = set(OrderLine.objects.values_list("part__number", flat=True))
    run.refresh_from_db()
    assert run.state == "REVERTED"
    assert ordered == ({"NEW-1"} if isinstance(placed, Order) else set())
    assert ordered <= set(Part.objects.values_list("number", flat=True))
    assert set(Part.objects.filter(number__startswith="NEW").values_list("status", flat=True)) <= {"RETIRED"}
    assert run_summary(run).stays.keys() <= {"retired_instead", "moved_since", "changed_since", "in_use"}
