"""The list of parts for a machine, with price, stock, fit and who pays: at most eight questions about goods and cover."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from pytest_django import DjangoAssertNumQueries

from catalog.models import Callout, Part
from catalog.selectors.fit import fits_for
from catalog.selectors.listing import ListedPart, Shopper, parts_listed
from frontend.views import search
from portal.accounts.actor import Actor
from tests import factories as make
from tests.frontend.conftest import browser, text
from tests.orders.world import World
from tests.people import company_of
from warranty.models import Equipment
from warranty.services.coverage import Given, coverage_decide_many
from warranty.types import CoverRequest

MOST = 8


@pytest.fixture
def machine(world: World) -> Equipment:
    """A customer's machine in warranty, with a contract, a reading and a dealer; 200 parts that fit it, some only other serials."""
    make.make_warranty_term(months=24, max_hours=2000)
    found = world.machine(world.part(home=1, name="Seal 0"))
    make.make_dealer_link(found, company_of(world.people.dealer))
    make.make_contract(found)
    figure = make.make_assembly(found.model)
    seals = world.parts([(f"Seal {number}", number % 3) for number in range(1, 200)])
    rings = iter(world.parts([(f"Ring {number}", 1) for number in range(5, 200, 5)]))
    callouts = []
    for number, part in enumerate(seals, 1):
        late = number % 5 == 0
        callouts.append(Callout(assembly=figure, part=part, label=str(number), serial_from=10**9 if late else None))
        if late:
            callouts.append(Callout(assembly=figure, part=next(rings), label=str(number)))
    Callout.objects.bulk_create(callouts)
    return found


def asked(actor: Actor, address: str) -> tuple[list[str], str]:
    """The SQL about goods, machines and cover behind a page, and the page."""
    client = browser(actor)
    client.get("/search/")  # what a first visit alone asks
    with CaptureQueriesContext(connection) as seen:
        answer = client.get(address)
    assert answer.status_code == 200
    return [one["sql"] for one in seen.captured_queries if "catalog_" in one["sql"] or "warranty_" in one["sql"]], text(
        answer
    )


@pytest.mark.parametrize("who", ["customer", "manager", "dealer"])
@pytest.mark.parametrize("count", [24, 100])  # a search gives at most a hundred
def test_a_page_of_parts_for_a_machine(
    world: World, machine: Equipment, monkeypatch: pytest.MonkeyPatch, who: str, count: int
) -> None:
    monkeypatch.setattr(search, "PER_PAGE", count)
    sqls, page = asked(getattr(world.people, who), f"/search/?serial={machine.serial}")
    assert page.count("/parts/") >= count
    assert "fits" in page
    assert len(sqls) <= MOST, sqls


@pytest.mark.parametrize(("who", "most"), [("customer", 6), ("manager", 6), ("dealer", 7)])
@pytest.mark.parametrize("count", [24, 200])
def test_parts_that_search_found_with_misfits_named_and_cover(
    world: World, machine: Equipment, django_assert_num_queries: DjangoAssertNumQueries, who: str, most: int, count: int
) -> None:
    actor: Actor = getattr(world.people, who)
    shopper, day = (
        Shopper(actor.market, "DEALER" if who == "dealer" else "CUSTOMER", "STANDARD", "en"),
        world.now.date(),
    )
    keys = list(Part.objects.filter(names__name__startswith="Seal").order_by("pk").values_list("pk", flat=True)[:count])
    with django_assert_num_queries(most):
        listed = parts_listed(keys, shopper=shopper, on=day)
        fits = fits_for([(key, machine.model_id, machine.sequence) for key in keys], day)
        cover = coverage_decide_many(
            actor=actor,
            requests=[_request(actor, one, machine) for one in listed],
            now=world.now,
            given=Given({one.part.pk: one.part for one in listed}, [machine], fits),
        )
    assert len(cover) == len(listed) == count
    assert all(one.tier for one in listed)
    assert {fit.verdict for fit in fits.values()} == {"FITS", "DOES_NOT_FIT"}
    assert all(fit.instead_use for fit in fits.values() if fit.verdict == "DOES_NOT_FIT")
    assert all(verdict.equipment_id == machine.pk for verdict in cover.values())


def _request(actor: Actor, listed: ListedPart, machine: Equipment) -> CoverRequest:
    return CoverRequest(
        key=str(listed.part.pk),
        serial=machine.serial,
        part_id=listed.part.pk,
        quantity=1,
        failed_on=None,
        hours=None,
        value=Decimal(1000),
        currency="KRW",
        intent="CUSTOMER",
        market=actor.market,
        buyer_kind="CUSTOMER",
        company_id=actor.company_id,
    )
