"""Registering a machine: by the house, by the dealer that hands it over, by its owner."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import partial
from typing import Any

import pytest

from portal.errors import Code, PortalError
from tests import factories as make
from tests.warranty.conftest import NOW, World
from warranty.models import Equipment
from warranty.rules.values import Payer
from warranty.selectors.equipment import equipment_get, equipments_list
from warranty.services.equipment import equipment_register
from warranty.types import CoverVerdict


def register(actor: Any, world: World, serial: str = "HX35-99", **extra: Any) -> Equipment:
    return equipment_register(
        actor=actor, serial=serial, model_code=extra.pop("model_code", world.model.code), now=NOW, **extra
    )


def refusal_of(call: Callable[[], object]) -> tuple[Code, str, str]:
    with pytest.raises(PortalError) as refused:
        call()
    problem = refused.value.problems[0]
    return problem.code, problem.field, problem.why


def test_the_house_registers_a_machine_for_its_owner(world: World) -> None:
    machine = register(
        world.desk, world, " hx35-ninety 00099 ", owner_id=world.owner.pk, in_service_on=date(2026, 11, 1)
    )
    assert (machine.serial, machine.normalised, machine.sequence) == ("hx35-ninety 00099", "HX35NINETY00099", 99)
    assert equipment_get(actor=world.customer, serial="HX35 NINETY-00099") == machine


def test_the_dealer_that_hands_a_machine_over_services_it_and_gets_cover(
    world: World, decide_one: Callable[..., CoverVerdict]
) -> None:
    dealer = make.make_actor(world.dealer)
    make.make_dealer_link(world.machine, world.dealer)
    machine = register(dealer, world, owner_id=world.owner.pk, in_service_on=date(2026, 11, 1))
    assert set(equipments_list(dealer)) == {machine, world.machine}
    assert decide_one(dealer, serial=machine.serial).payer == Payer.WARRANTY


def test_a_dealer_cannot_name_an_owner_it_does_not_serve(world: World) -> None:
    dealer = make.make_actor(world.dealer)
    assert refusal_of(lambda: register(dealer, world, owner_id=world.owner.pk)) == (Code.NOT_FOUND, "owner", "")
    assert refusal_of(lambda: register(dealer, world, owner_id=0)) == (Code.NOT_FOUND, "owner", "")


def test_an_owner_registers_its_machine_without_the_dates_that_would_start_a_warranty(world: World) -> None:
    machine = register(world.customer, world)
    assert (machine.owner_id, machine.in_service_on) == (world.owner.pk, None)
    dated = refusal_of(lambda: register(world.customer, world, "X1", in_service_on=date(2026, 11, 1)))
    assert dated == (Code.NOT_ALLOWED, "inServiceOn", "dates_by_house")


def test_an_owner_cannot_register_for_another_company(world: World) -> None:
    assert refusal_of(lambda: register(world.customer, world, owner_id=world.other.pk))[:2] == (Code.NOT_FOUND, "owner")


def test_a_serial_in_another_dress_is_the_same_machine_and_taken(world: World) -> None:
    for actor in (world.desk, world.stranger, make.make_actor(world.dealer)):
        assert refusal_of(partial(register, actor, world, "hx35 20418")) == (
            Code.INVALID,
            "serial",
            "serial_taken",
        )
    world.machine.refresh_from_db()
    assert world.machine.owner == world.owner


def test_a_machine_on_record_without_an_owner_is_handed_over(world: World) -> None:
    stock = make.make_equipment("ST-1", model=world.model, in_service=None)
    assert refusal_of(lambda: register(world.customer, world, "ST-1")) == (Code.INVALID, "serial", "serial_taken")
    handed = register(world.desk, world, "ST-1", owner_id=world.owner.pk, sold_on=date(2026, 11, 3))
    assert (handed.pk, handed.owner_id, handed.sold_on) == (stock.pk, world.owner.pk, date(2026, 11, 3))


def test_the_same_reference_answers_the_same_machine_and_another_body_is_refused(world: World) -> None:
    first = register(world.desk, world, reference="r-1")
    assert register(world.desk, world, reference="r-1") == first
    assert refusal_of(lambda: register(world.desk, world, "OTHER", reference="r-1"))[0] == Code.REFERENCE_REUSED
    assert Equipment.objects.count() == 2


def test_a_refused_call_uses_no_reference(world: World) -> None:
    refusal_of(lambda: register(world.desk, world, "", reference="r-1"))
    assert register(world.desk, world, reference="r-1").pk


@pytest.mark.parametrize(
    ("extra", "expected"),
    [
        ({"serial": " -- "}, (Code.INVALID, "serial", "serial_empty")),
        ({"serial": "A" * 61}, (Code.INVALID, "serial", "serial_empty")),
        ({"serial": "\x00"}, (Code.INVALID, "serial", "serial_empty")),
        ({"model_code": "NO-SUCH-MODEL"}, (Code.NOT_FOUND, "model", "")),
        ({"model_code": "\x00"}, (Code.NOT_FOUND, "model", "")),
        ({"owner_id": 0}, (Code.NOT_FOUND, "owner", "")),
        ({"sold_on": date.max}, (Code.INVALID, "soldOn", "day")),
        ({"in_service_on": date.min}, (Code.INVALID, "inServiceOn", "day")),
        (
            {"sold_on": date(2026, 11, 2), "in_service_on": date(2026, 11, 1)},
            (Code.INVALID, "inServiceOn", "date_order"),
        ),
    ],
)
def test_bad_input_is_refused_by_field(world: World, extra: dict[str, Any], expected: tuple[Code, str, str]) -> None:
    assert refusal_of(lambda: register(world.desk, world, **extra)) == expected


def test_a_technician_and_a_membership_without_roles_may_not_register(world: World) -> None:
    nobody = make.make_actor(world.owner, "TECHNICIAN")
    for actor in (make.make_actor(world.house, "TECHNICIAN"), nobody):
        assert refusal_of(partial(register, actor, world))[0] == Code.NOT_ALLOWED


def test_a_foreign_machine_does_not_exist(world: World) -> None:
    assert equipment_get(actor=world.stranger, serial=world.machine.serial) is None
    assert list(equipments_list(world.stranger)) == []
    assert equipment_get(actor=world.desk, serial=world.machine.serial) == world.machine
