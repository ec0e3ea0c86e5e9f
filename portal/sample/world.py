"""What the orders of the sample are made with: who acts, on which machine, with which part."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from orders.models import Order
from portal.accounts.actor import Actor, actor_for
from portal.accounts.models import Company
from portal.sample.catalogue import Catalogue
from portal.sample.machines import SampleMachine
from portal.sample.people import PEOPLE, People
from warranty.models import RepairCard


@dataclass
class World:
    """The sample while its past is acted out; `now` is the moment all of it leads up to."""

    now: datetime
    people: People
    catalogue: Catalogue
    machines: list[SampleMachine]
    orders: dict[str, Order] = field(default_factory=dict)
    cards: dict[str, RepairCard] = field(default_factory=dict)

    def house(self, person: str) -> Actor:
        """Somebody of the house."""
        return actor_for(self.people.memberships["baramsan", person])

    def buyer(self, company: str) -> Actor:
        """The first person of a company."""
        person = next(one for one in PEOPLE if one.company == company)
        return actor_for(self.people.memberships[company, person.key])

    def company(self, key: str) -> Company:
        """A company by its key."""
        return self.people.companies[key]

    def number(self, key: str) -> str:
        """The part number of a key."""
        return self.catalogue.parts[key].number

    def machine(self, owner: str, state: str) -> SampleMachine:
        """The first machine of an owner in this state of cover, or of this model."""
        return next(one for one in self.machines if one.owner == owner and state in (one.state.name, one.model.code))

    def fitting(self, machine: SampleMachine, kind: str) -> str:
        """The key of the part of a kind that sits on this machine, on its side of the serial break."""
        key = f"{kind}/{machine.model.size}"
        revised = f"{key}/2"
        sequence = machine.row.sequence or 0
        return revised if revised in self.catalogue.parts and sequence >= machine.model.revised_from else key
