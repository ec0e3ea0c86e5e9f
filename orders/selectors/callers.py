"""Who calls, and which machines they have: by telephone number, company, person or serial, with cover, open cards and open orders."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.db.models.fields.json import KeyTextTransform

from catalog.rules.numbers import normalise
from orders.rules.callers import phone_tail
from orders.selectors.related import RelatedLine, open_lines_by_machine
from portal.accounts.actor import Actor
from portal.accounts.models import Company
from portal.accounts.selectors import companies_for
from portal.digits import digits
from warranty.models import Equipment, MaintenanceContract, RepairCall, RepairCard
from warranty.selectors.cards import OPEN_STATES, calls_list, open_cards_of_machines
from warranty.selectors.equipment import WarrantyStatus, contracts_now, equipments_list, hours_of, warranty_statuses

MOST, MOST_COMPANIES, LEAST_SERIAL = 12, 8, 3


@dataclass(frozen=True)
class CallerMachine:
    """A machine as the service desk needs it at the telephone."""

    machine: Equipment
    warranty: WarrantyStatus
    contract: MaintenanceContract | None
    hours: int | None
    cards: list[RepairCard]
    lines: list[RelatedLine]


@dataclass(frozen=True)
class Caller:
    """What a word may mean: companies, and their machines or those of that serial; of `total` machines those after the first `skipped`."""

    companies: list[Company] = field(default_factory=list)
    machines: list[CallerMachine] = field(default_factory=list)
    total: int = 0
    skipped: int = 0

    @property
    def last(self) -> int:
        """The place of the last machine shown."""
        return self.skipped + len(self.machines)

    @property
    def more(self) -> int:
        """Machines after these."""
        return self.total - self.last


def caller_find(actor: Actor, text: str, *, on: date, skip: int = 0) -> Caller:
    """Whoever `text` may mean, of what the actor may see; machines with open cards first, without the first `skip`. A constant number of queries."""
    word = text.replace("\x00", "").strip()[:100]
    bare = normalise(word)
    if not bare:
        return Caller()
    tail = phone_tail(word)
    companies = list(_companies(actor, word, tail)[:MOST_COMPANIES])
    asked = Q(owner__in=[one.pk for one in companies])
    if len(bare) >= LEAST_SERIAL:
        asked |= Q(normalised__startswith=bare)
    if tail:
        asked |= Q(pk__in=_calls(actor, tail).values("equipment"))
    found = equipments_list(actor).filter(asked).select_related("model", "owner__contact")
    shown = list(_busy_first(found)[skip : skip + MOST])
    if skip and not shown:  # all of them are before
        return caller_find(actor, text, on=on)
    whole = not skip and len(shown) < MOST
    return Caller(companies, _told(actor, shown, on), len(shown) if whole else found.count(), skip)


def _companies(actor: Actor, word: str, tail: str) -> QuerySet[Company]:
    people = Q(memberships__is_active=True, memberships__user__name__icontains=word) | Q(
        memberships__user__email__iexact=word
    )
    asked = Q(name__icontains=word) | people
    rows = companies_for(actor).exclude(kind="HOUSE")
    if tail:
        phones = Company.objects.annotate(phone=digits(KeyTextTransform("phone", "address")))
        asked |= Q(pk__in=phones.filter(phone__endswith=tail).values("pk"))
    return rows.filter(asked).select_related("contact").distinct()


def _calls(actor: Actor, tail: str) -> QuerySet[RepairCall]:
    """Calls in which this number was left."""
    return calls_list(actor=actor).order_by().annotate(phone=digits(F("contact"))).filter(phone__contains=tail)


def _busy_first(machines: QuerySet[Equipment]) -> QuerySet[Equipment]:
    busy = RepairCard.objects.filter(equipment=OuterRef("pk"), state__in=OPEN_STATES)
    return machines.annotate(busy=Exists(busy)).order_by("-busy", "serial", "pk")


def _told(actor: Actor, machines: list[Equipment], on: date) -> list[CallerMachine]:
    keys = [one.pk for one in machines]
    states, contracts, hours = warranty_statuses(machines, on=on), contracts_now(machines, on=on), hours_of(machines)
    cards, lines = open_cards_of_machines(actor, machines), open_lines_by_machine(actor, keys)
    return [
        CallerMachine(
            one, states[one.pk], contracts.get(one.pk), hours.get(one.pk), cards[one.pk], lines.get(one.pk, [])
        )
        for one in machines
    ]
