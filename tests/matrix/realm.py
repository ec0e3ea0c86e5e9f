"""Four buyers who must not see into each other, and what each of them has; told apart by marks no other one carries.

`customer` owns a machine `dealer` services, `other` owns one `far_dealer` services; each dealer also owns a machine.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from types import SimpleNamespace
from typing import Any
from zlib import crc32

import pytest
from django.db import transaction
from graphql_relay import to_global_id

from catalog.models import ImportRun, Part
from orders.models import BankLine, Enquiry, Order, OrderLine, PurchaseRequest, Return, StoreRefusal
from orders.services.banking import statement_read
from orders.services.carts import cart_add
from orders.services.holding import order_hold
from orders.services.quoting import order_quote
from orders.services.requesting import body_data
from orders.services.returning import ReturnLine, return_create
from orders.services.saved_lists import saved_list_make
from orders.services.shipping import shipment_deliver
from orders.types import LineRequest
from portal import clock
from portal.accounts.actor import Actor, actor_for
from portal.accounts.models import Company, Membership, Role, User
from portal.accounts.tokens import token_create
from portal.notices.models import Notice
from portal.promises.models import Promise
from tests import factories as make
from tests.graphql.client import Api, api
from tests.orders.world import World, line, lines_of, request, world_make
from tests.people import ADDRESS
from warranty.models import Equipment
from warranty.services.readings import reading_record
from warranty.services.repair_calls import repair_call_open
from warranty.services.repair_cards import repair_card_open

BUYERS = ("customer", "company_admin", "dealer", "far_dealer")
STAFF = ("parts_manager", "service_desk", "technician", "approver", "accountant", "admin")
ROLES = ("stranger", *BUYERS, *STAFF)
RELATIONS = ("own", "served", "other")
# Which bag a role meets as its own, as that of a machine it shares, and as a foreign one.
MEETS = {
    "customer": ("customer", "dealer_for_customer", "other"),
    "company_admin": ("customer", "dealer_for_customer", "other"),
    "dealer": ("dealer", "customer", "other"),
    "far_dealer": ("far_dealer", "other", "customer"),
}
EACH = Decimal(7)
PRICES = {"customer": "41007", "other": "42011", "dealer": "43013", "far_dealer": "44017"}


@dataclass
class Bag:
    """What one company has: for each kind of thing its id or name as a caller would type it."""

    company: str
    things: dict[str, str] = field(default_factory=dict)

    def __getitem__(self, kind: str) -> str:
        return self.things[kind]


@dataclass
class Realm:
    """`bags` by name, `callers` by role; `marks` by company: texts that nobody else's data carries."""

    world: World
    part: Part
    bags: dict[str, Bag]
    callers: dict[str, Api]
    people: dict[str, Actor | None]
    marks: dict[str, list[str]]

    def met(self, role: str, relation: str) -> Bag:
        """The bag a role meets in this relation; staff and strangers meet the same ones as the customer."""
        return self.bags[MEETS.get(role, MEETS["customer"])[RELATIONS.index(relation)]]


WHOLE = pytest.mark.parametrize("whole", [False, pytest.param(True, marks=pytest.mark.long)])


def cells(name: str, may: Callable[[str, str], bool], *, whole: bool) -> list[tuple[str, str]]:
    """The cells of a row that are tried: all of the buyers'; to the house and to a stranger every company is as near, so one is drawn for each.

    `whole` (`make test-long`): all of them.
    """
    found = []
    for role in ROLES:
        alike = role not in BUYERS and len({may(role, relation) for relation in RELATIONS}) == 1
        one = RELATIONS[crc32(f"{name} {role}".encode()) % len(RELATIONS)]
        found += [(role, relation) for relation in RELATIONS if whole or not alike or relation == one]
    return found


# An id of the right type, a number of the right form, that nothing has.
ABSENT = {
    kind: to_global_id(kind, "987654321")
    for kind in (
        "Order",
        "OrderLine",
        "Shipment",
        "Return",
        "RepairCard",
        "RepairCall",
        "Notice",
        "Company",
        "Quote",
        "ApiToken",
        "StoreRefusal",
        "BankLine",
        "SavedList",
        "PurchaseRequest",
        "Enquiry",
        "Member",
    )
} | {
    "number": "987654",
    "reference": "no-such-reference",
    "serial": "NO-SUCH-987654",
    "card": "RC-987654",
    "paper": "INV-1999-000001",
}


def realm_make(tell: Callable[[Callable[[], datetime]], None]) -> Realm:
    """Make them, with a late paid order, a shipment, a return, a hold, a call, a card and a notice each; `tell` sets the clock."""
    world = world_make()
    tell(lambda: world.now)
    companies = _companies(world)
    part = _part(world, companies)
    machines = _machines(world, part, companies)
    people = _people(world, companies)
    owners = {"customer": "customer", "other": "other", "dealer": "dealer", "far_dealer": "far_dealer"}
    bags = {name: _bag(world, part, name, people[name], machines[owner]) for name, owner in owners.items()}  # type: ignore[arg-type]
    for name, owner in (("dealer", "customer"), ("far_dealer", "other")):
        bags[f"{name}_for_{owner}"] = _bag(world, part, name, people[name], machines[owner], stem="SV")  # type: ignore[arg-type]
    world.days(8)
    for bag in bags.values():
        _ship(world, bag)
    _bank(world, bags)
    marks = {name: _marks(name, company) for name, company in companies.items()}
    callers = {role: api(people[role]) for role in ROLES}
    return Realm(world, part, bags, callers, people, marks)


def _bank(world: World, bags: dict[str, Bag]) -> None:
    """A sum that waits for the accountant; it is nobody's yet."""
    data = b"date,amount,currency,text\n2026-11-20,5,KRW,who knows"
    statement_read(actor=world.people.accountant, data=data, name="bank.csv", now=world.now)
    pk = str(BankLine.objects.get().pk)
    for bag in bags.values():
        bag.things |= {"bank_line": pk, "BankLine": to_global_id("BankLine", pk)}


def _companies(world: World) -> dict[str, Company]:
    people = world.people
    found = {name: Company.objects.get(pk=getattr(people, name).company_id) for name in ("customer", "other", "dealer")}
    found["far_dealer"] = make.make_company("Far dealer", kind="DEALER", market="KR", zone="Asia/Seoul")
    for name, company in found.items():
        company.name, company.discount_class = f"Firm of {name}", name.upper()
        company.address = {**ADDRESS, "street": f"Street of {name} 1", "name": f"Gate of {name}"}
        company.credit_limit = Decimal(10**9)
        company.save()
    return found


def _part(world: World, companies: dict[str, Company]) -> Part:
    part = world.part(home=500)
    for name, company in companies.items():
        prices = make.make_price_list(kind=company.kind, discount_class=company.discount_class)
        make.make_price(prices, part, PRICES[name])
    return part


def _machines(world: World, part: Part, companies: dict[str, Company]) -> dict[str, Equipment]:
    model = make.make_model()
    make.make_callout(make.make_assembly(model), part, label="7", quantity=9)
    machines = {
        name: make.make_equipment(f"SER-{name.upper()}-1", model=model, owner=company, site=f"Site of {name}")
        for name, company in companies.items()
    }
    make.make_dealer_link(machines["customer"], companies["dealer"])
    make.make_dealer_link(machines["other"], companies["far_dealer"])
    for machine in machines.values():
        reading_record(actor=world.people.desk, serial=machine.serial, hours=100, now=world.now)
    return machines


def _people(world: World, companies: dict[str, Company]) -> dict[str, Actor | None]:
    staff = world.people
    people: dict[str, Actor | None] = {name: _person(company, name) for name, company in companies.items()}
    people["company_admin"] = _person(companies["customer"], "company_admin", Role.COMPANY_ADMIN)
    people |= {"stranger": None, "parts_manager": staff.manager, "service_desk": staff.desk}
    people |= {name: getattr(staff, name) for name in ("technician", "approver", "accountant", "admin")}
    return people


def _person(company: Company, name: str, role: str = Role.BUYER) -> Actor:
    user = User.objects.create_user(f"{name}@{name.replace('_', '-')}.example", name=f"Person of {name}")
    return actor_for(Membership.objects.create(user=user, company=company, roles=[role]))


def _bag(world: World, part: Part, name: str, actor: Actor, machine: Equipment, stem: str = "OWN") -> Bag:
    """One order of nine pieces on a card, paid and running late; and all that hangs on it."""
    tag = f"{stem}-of-{name}"
    by = actor if actor.is_dealer else world.people.desk
    call = repair_call_open(actor=actor, serial=machine.serial, fault=f"Fault {tag}", contact="01-555", now=world.now)
    card = repair_card_open(actor=by, serial=machine.serial, fault=f"Fault {tag}", now=world.now)
    wanted = line(part, 9, serial=machine.serial, repair_card=card.number)
    given = {"reference": f"REF-{tag}", "po_number": f"PO-{tag}"}
    order = world.place(wanted, by=actor, **given)
    world.pay(order, reference=f"PAY-{tag}", note=f"Paynote {tag}")
    quote = order_quote(actor=actor, request=request(line(part, 1)), now=world.now)
    ids = SimpleNamespace(Order=order.pk, OrderLine=lines_of(order)[0].pk, RepairCard=card.pk, RepairCall=call.pk)
    ids.Company, ids.Quote = actor.company_id, quote.pk
    ids.ApiToken = token_create(membership=Membership.objects.get(pk=actor.membership_id), name=tag, now=world.now)[
        0
    ].pk
    ids.Notice = Notice.objects.filter(company=actor.company_id).latest("pk").pk
    things = {kind: to_global_id(kind, str(pk)) for kind, pk in vars(ids).items()}
    things |= {"number": order.number, "reference": given["reference"], "serial": machine.serial, "card": card.number}
    things |= {"part": str(part.pk), "notice": str(ids.Notice), "membership": str(actor.membership_id)}
    things["order_line"] = str(ids.OrderLine)
    things["company"] = str(actor.company_id)
    things["import_run"] = str(ImportRun.objects.create(state="DISCARDED", created_at=world.now).pk)
    things["document"] = str(make.make_document(part).pk)
    wish = LineRequest(part_number=part.number, quantity=3, serial=machine.serial)
    things["cart_line"] = str(cart_add(actor=actor, lines=[wish], now=world.now)[0].pk)
    asked = PurchaseRequest.objects.create(
        company_id=actor.company_id, reference=f"ASK-{tag}", requested_by=_colleague(actor, tag), body=body_data(request(line(part, 1)).body()),
        line_count=1, total=EACH, currency="KRW", requested_at=world.now,
    )  # fmt: skip
    things |= {"purchase_request": str(asked.pk), "PurchaseRequest": to_global_id("PurchaseRequest", str(asked.pk))}
    things |= {"Member": to_global_id("Member", str(actor.membership_id)), "token": str(ids.ApiToken)}
    question = Enquiry.objects.create(
        company_id=actor.company_id, asked_by_id=actor.membership_id, words=f"Question {tag}", asked_at=world.now, photo=make.make_photo(),
    )  # fmt: skip
    things |= {"enquiry": str(question.pk), "Enquiry": to_global_id("Enquiry", str(question.pk))}
    kept = saved_list_make(actor=actor, name=f"List {tag}", lines=[wish], now=world.now)
    things |= {"saved_list": str(kept.pk), "SavedList": to_global_id("SavedList", str(kept.pk))}
    return Bag(name, things)


def _colleague(actor: Actor, tag: str) -> Membership:
    """Somebody of the same company, who asks for approval."""
    user = User.objects.create_user(f"{tag.lower()}@colleague.example", name=f"Colleague {tag}")
    return Membership.objects.create(user=user, company_id=actor.company_id, roles=[Role.BUYER])


def _ship(world: World, bag: Bag) -> None:
    """Four pieces go out, two are to come back, the rest is held."""
    order = Order.objects.get(number=bag["number"])
    row = lines_of(order)[0]
    tag = bag["reference"].removeprefix("REF-")
    shipment = world.ship(order, (row, 4), tracking_number=f"TRK-{tag}")[0]
    shipment_deliver(actor=world.people.manager, shipment_id=shipment.pk, now=world.now, received_by=f"Hand {tag}")
    back = [ReturnLine(row.pk, 2, f"Why {tag}")]
    rows: list[Return] = return_create(
        actor=world.people.manager, order_id=order.pk, lines=back, reason="DAMAGED", now=world.now
    )
    order_hold(actor=world.people.desk, order_id=order.pk, reason="BAD_ADDRESS", note=f"Hold {tag}", now=world.now)
    OrderLine.objects.filter(pk=row.pk).update(review="PENDING")  # the approver has something to decide
    bag.things["review"] = str(row.pk)
    refused = StoreRefusal.objects.create(order=order, attempt=1, reason="OTHER", words=f"Store {tag}", at=world.now)
    bag.things |= {"store_refusal": str(refused.pk), "StoreRefusal": to_global_id("StoreRefusal", str(refused.pk))}
    bag.things["paper"] = f"PS-{shipment.number}"
    bag.things |= {
        "Shipment": to_global_id("Shipment", str(shipment.pk)),
        "Return": to_global_id("Return", str(rows[0].pk)),
    }


def _marks(name: str, company: Company) -> list[str]:
    """Texts of this company alone: people, addresses, references, prices and totals, what came late."""
    each = Decimal(PRICES[name])
    late = {f'"{each * 9 * days / 100:.0f}"' for days in range(1, 11)}
    words = [f"@{name.replace('_', '-')}.example", f"Person of {name}", f"Street of {name} 1", f"Gate of {name}"]
    words += [f"{what}-{stem}-of-{name}" for what in ("REF", "PO", "PAY", "TRK") for stem in ("OWN", "SV")]
    words += [
        f"{what} {stem}-of-{name}"
        for what in ("Paynote", "Hand", "Hold", "Why", "List", "Question")
        for stem in ("OWN", "SV")
    ]
    return [*words, f'"{each}"', f'"{each * 9}"', *sorted(late)]


def realm_fixture(blocker: Any) -> Iterator[Realm]:
    """The realm, the program's clock tied to it, in a transaction that never ends well."""
    patch = pytest.MonkeyPatch()
    with blocker.unblock(), transaction.atomic():
        yield realm_make(tell=lambda read: patch.setattr(clock, "now", read))
        transaction.set_rollback(True)
    patch.undo()


def late_enough(realm: Realm) -> bool:
    """Did every order earn something, so that a leak of it would show?"""
    day = date(2026, 11, 23) + timedelta(days=8)
    return (
        realm.world.now.date() == day
        and Promise.objects.filter(policy_code="ship").exclude(broken_at=None).count() >= 6
    )


__all__: list[Any] = [
    "ABSENT",
    "BUYERS",
    "MEETS",
    "RELATIONS",
    "ROLES",
    "STAFF",
    "WHOLE",
    "Realm",
    "cells",
    "late_enough",
    "realm_fixture",
    "realm_make",
]
