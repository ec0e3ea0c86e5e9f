"""Ten thousand repair cards and calls: the board, a list and the caller's box ask as much as for ten, and find a number by an index."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from catalog.models import Part
from orders.selectors.callers import _calls
from portal.accounts.models import Company
from tests import factories as make
from tests.frontend.conftest import browser, text
from tests.orders.world import World
from tests.people import company_of
from warranty.models import Equipment, RepairCall, RepairCard

MANY, MACHINES = 10_000, 500
PAGES = (
    "/cards/",
    "/cards/?q=leaks",
    "/cards/?state=OPEN&page=40",
    "/desk/",
    "/desk/?q=031-555-0110",
    "/desk/?q=AA-0001",
)


def filled(world: World, machine: Equipment, many: int) -> None:
    """Cards in every state and a call for each, over many machines."""
    owner = company_of(world.people.customer)
    machines = [
        make.make_equipment(f"AA-{number:05d}", model=machine.model, owner=owner)
        for number in range(min(many, MACHINES))
    ]
    told = {"opened_at": world.now, "fault": "Leaks at the seal"}
    calls = RepairCall.objects.bulk_create(
        RepairCall(
            number=f"CALL-{n:06}",
            voucher=f"V-{n:06}",
            equipment=machines[n % len(machines)],
            contact=f"Site, +82 10-{n:04}-{n:04}",
            **told,
        )
        for n in range(many)
    )
    closed = {"state": "CLOSED", "closed_at": world.now, "minutes": 10}
    states: list[dict[str, Any]] = [{"state": "OPEN"}, {"state": "WORKING"}, {"state": "CONFIRMED"}, closed]
    RepairCard.objects.bulk_create(
        RepairCard(number=f"RC-9{n:06}", equipment=one.equipment, call=one, **told, **states[n % 4])
        for n, one in enumerate(calls)
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def asked(client: Client, address: str) -> int:
    with CaptureQueriesContext(connection) as seen:
        assert client.get(address).status_code == 200
    return len(seen)


@pytest.fixture
def machine(world: World, part: Part) -> Equipment:
    Company.objects.filter(pk=company_of(world.people.customer).pk).update(address={"phone": "+82 31 555 0110"})
    return world.machine(part)


def test_ten_thousand_cards_ask_no_more_than_forty(world: World, machine: Equipment) -> None:
    desk = browser(world.people.desk)
    filled(world, machine, 40)
    few = {address: asked(desk, address) for address in PAGES for _warm in (0, 1)}
    RepairCard.objects.all().delete()
    RepairCall.objects.all().delete()
    Equipment.objects.exclude(pk=machine.pk).delete()
    filled(world, machine, MANY)
    many = {address: asked(desk, address) for address in PAGES for _warm in (0, 1)}
    assert many == few
    assert max(few.values()) <= 26
    assert "2,500" in text(desk.get("/cards/"))
    assert "repair_call_phone" in _calls(world.people.desk, "12341234").explain()
