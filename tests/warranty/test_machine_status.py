"""What a machine's page shows: its warranty, contract, campaigns."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from pytest_django import DjangoAssertNumQueries

from tests import factories as make
from tests.warranty.conftest import World
from warranty.models import Reading, WarrantyTerm
from warranty.selectors.equipment import (
    WarrantyStatus,
    campaigns_open,
    contracts_now,
    warranty_status,
    warranty_statuses,
)

START, LAST = date(2026, 5, 4), date(2027, 5, 3)


@pytest.mark.parametrize(
    ("on", "status"),
    [(date(2026, 5, 3), "NOT_STARTED"), (START, "ACTIVE"), (LAST, "ACTIVE"), (date(2027, 5, 4), "EXPIRED")],
)
def test_a_warranty_is_active_from_its_first_to_its_last_day(world: World, on: date, status: str) -> None:
    assert warranty_status(world.machine, on=on) == WarrantyStatus(status, START, LAST, 2000)


def test_a_warranty_ends_with_its_hours(world: World) -> None:
    Reading.objects.create(equipment=world.machine, hours=2001, read_at=datetime(2026, 10, 1, tzinfo=UTC))
    assert warranty_status(world.machine, on=date(2026, 11, 1)).status == "EXPIRED"


def test_a_machine_not_handed_over_has_not_started(world: World) -> None:
    machine = make.make_equipment(model=world.model, in_service=None)
    assert warranty_status(machine) == WarrantyStatus("NOT_STARTED", hours_limit=2000)


def test_a_machine_sold_but_not_in_service_runs_from_the_sale(world: World) -> None:
    machine = make.make_equipment(model=world.model, in_service=None, sold_on=date(2026, 2, 1))
    assert warranty_status(machine, on=START).ends_on == date(2027, 1, 31)


def test_without_terms_there_is_no_warranty(world: World) -> None:
    WarrantyTerm.objects.all().delete()
    assert warranty_status(world.machine).status == "NONE"


def test_many_machines_take_two_queries(world: World, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    machines = [make.make_equipment(model=world.model) for _ in range(5)]
    with django_assert_num_queries(2):
        assert len(warranty_statuses(machines, on=START)) == 5


def test_the_contract_that_runs_and_the_campaigns_for_the_serial_are_shown(world: World) -> None:
    contract = make.make_contract(world.machine)
    make.make_contract(world.machine, start=date(2025, 1, 1), end=date(2026, 1, 1))
    campaign = make.make_campaign(world.model, world.part, serial_to=30000)
    make.make_campaign(world.model, world.part, serial_from=30001)
    make.make_campaign(world.model, world.part, ends_on=date(2026, 2, 1))
    make.make_campaign(make.make_model(), world.part)
    assert contracts_now([world.machine], on=START) == {world.machine.pk: contract}
    assert campaigns_open(world.machine, on=START) == [campaign]
