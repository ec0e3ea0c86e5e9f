"""A listing of 24 parts with price, stock and cover: how many queries, beside the same listing of one part."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import connection
from django.test.utils import CaptureQueriesContext

from bench.measure import Row
from bench.world import Shop
from catalog.models import Part
from catalog.selectors.listing import Shopper, parts_listed
from portal import clock
from portal.money import line_total
from warranty.services.coverage import coverage_decide_many
from warranty.types import CoverRequest

MOST = 8


def run(shop: Shop, url: str) -> list[Row]:
    """Counted, not timed: name, price, stock in every warehouse; then who would pay on the customer's machine as well."""
    parts = [shop.world.part(home=3, name=f"Bolt {number}") for number in range(24)]
    machine = shop.world.machine(*parts)
    rows = []
    for name, cover in (("price and stock", False), ("price, stock and cover", True)):
        serial = machine.serial if cover else ""
        many, one = (_queries(shop, chosen, serial) for chosen in (parts, parts[:1]))
        rows.append(
            Row(f"listing of 24 parts, {name}", f"{many} queries", f"{one} for one part", many / one,
                wanted=f"at most {MOST} queries", good=many <= MOST)
        )  # fmt: skip
    return rows


def _queries(shop: Shop, parts: Sequence[Part], serial: str) -> int:
    now, people = clock.now(), shop.world.people
    with CaptureQueriesContext(connection) as seen:
        shopper = Shopper("KR", "CUSTOMER", "STANDARD", "en")
        listed = parts_listed([part.pk for part in parts], shopper=shopper, on=now.date())
        if serial:
            asked = [
                CoverRequest(
                    key=str(one.part.pk), serial=serial, part_id=one.part.pk, quantity=1, failed_on=now.date(), hours=None,
                    value=line_total(one.tier.amount, per_quantity=one.tier.per_quantity, quantity=1, currency="KRW"),
                    currency="KRW", intent="CUSTOMER", market="KR", buyer_kind="CUSTOMER", company_id=people.customer.company_id,
                )
                for one in listed
                if one.tier
            ]  # fmt: skip
            coverage_decide_many(actor=people.customer, requests=asked, now=now)
    return len(seen)
