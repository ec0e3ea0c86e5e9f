"""Everybody the tests need, each with a fixed role: two customers, a dealer under contract, and the house's staff."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from portal.accounts.actor import Actor
from portal.accounts.models import Company
from tests.factories import make_actors, make_company, make_tax_rate

ADDRESS = {"name": "Goods in", "street": "Teheran-ro 1", "city": "Seoul", "postalCode": "06000", "country": "KR"}


@dataclass(frozen=True)
class People:
    """`customer` and `other` buy in Korea and pay in advance; `dealer` is under contract and has an account."""

    customer: Actor
    other: Actor
    dealer: Actor
    manager: Actor
    desk: Actor
    approver: Actor
    accountant: Actor
    technician: Actor
    admin: Actor


def company_of(actor: Actor) -> Company:
    """The company somebody acts for."""
    return Company.objects.get(pk=actor.company_id or 0)


def everybody() -> People:
    """Make them all; they work in Seoul, in a Korea whose tax table says 0: sums stay easy to read. Tests of tax plant other rows."""
    make_tax_rate("KR", "0")
    place: dict[str, Any] = {"market": "KR", "zone": "Asia/Seoul", "calendar": "KR", "address": ADDRESS}
    house = make_company("House", kind="HOUSE", **place)
    dealer = make_company(
        "Dealer", kind="DEALER", credit_limit=Decimal(1_000_000), contract_signed_on=date(2025, 1, 1), **place
    )
    customer, other = make_company("Customer", **place), make_company("Other", **place)
    return People(
        *make_actors(
            (customer, ("BUYER",)),
            (other, ("BUYER",)),
            (dealer, ("BUYER",)),
            (house, ("PARTS_MANAGER",)),
            (house, ("SERVICE_DESK",)),
            (house, ("APPROVER",)),
            (house, ("ACCOUNTANT",)),
            (house, ("TECHNICIAN",)),
            (house, ("ADMIN",)),
        )
    )
