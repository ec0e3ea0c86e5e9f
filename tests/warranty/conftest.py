"""A world for cover: a customer with a machine in warranty, a dealer, the house, a seal kit that fits."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from catalog.models import EquipmentModel, Part, PartGroup
from portal.accounts.actor import Actor
from portal.accounts.models import Company
from tests import factories as make
from warranty.models import Equipment
from warranty.services.coverage import coverage_decide_many
from warranty.types import CoverRequest, CoverVerdict

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)


@dataclass
class World:
    """One customer's machine and everybody around it."""

    model: EquipmentModel
    seals: PartGroup
    part: Part
    owner: Company
    other: Company
    dealer: Company
    house: Company
    machine: Equipment
    customer: Actor
    stranger: Actor
    desk: Actor

    def ask(self, part: Part | None = None, **extra: Any) -> CoverRequest:
        """A request of the owner for one piece on its machine."""
        values: dict[str, Any] = {
            "key": "a",
            "serial": self.machine.serial,
            "part_id": (part or self.part).pk,
            "quantity": 1,
            "failed_on": date(2026, 11, 20),
            "hours": None,
            "value": Decimal("100"),
            "currency": "EUR",
            "intent": "CUSTOMER",
            "market": "EU",
            "buyer_kind": "CUSTOMER",
            "company_id": self.owner.pk,
        }
        return CoverRequest(**{**values, **extra})


@pytest.fixture
def world(db: None) -> World:
    model, seals = make.make_model(), PartGroup.objects.create(code="SEALS", name="Seals")
    part = make.make_part(group=seals)
    make.make_callout(make.make_assembly(model), part, quantity=4)
    make.make_warranty_term(months=12, max_hours=2000)
    owner, other, dealer = make.make_company(), make.make_company(), make.make_company(kind="DEALER")
    house = make.make_company(kind="HOUSE")
    return World(
        model=model,
        seals=seals,
        part=part,
        owner=owner,
        other=other,
        dealer=dealer,
        house=house,
        machine=make.make_equipment("HX35-20418", model=model, owner=owner),
        customer=make.make_actor(owner),
        stranger=make.make_actor(other),
        desk=make.make_actor(house, "SERVICE_DESK"),
    )


@pytest.fixture
def decide_one(world: World) -> Callable[..., CoverVerdict]:
    """Decide a single line of the owner's machine, by the owner unless another actor is given."""

    def decide(actor: Actor | None = None, part: Part | None = None, **extra: Any) -> CoverVerdict:
        asker = actor or world.customer
        request = world.ask(part, **{"company_id": asker.company_id, **extra})
        return coverage_decide_many(actor=asker, requests=[request], now=NOW)["a"]

    return decide
