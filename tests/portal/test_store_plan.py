"""The plan of the store made out of our markets, companies and warehouses."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from portal.errors import PortalError
from portal.management.store_plan import shop_plan
from tests.factories import make_company, make_price_list, make_warehouse

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 5, 4, 9, tzinfo=UTC)


def test_a_market_and_kind_with_prices_or_companies_is_a_channel():
    make_warehouse("DUI", market="EU", rank=1, country="DE")
    make_warehouse("ICN", market="EU", rank=2)
    make_price_list(market="EU", kind="DEALER", currency="EUR")
    make_company(kind="HOUSE", market="EU")
    make_company(kind="CUSTOMER", market="KR")  # no price there: no channel
    plan = shop_plan(now=NOW)
    assert [(one.slug, one.currency, one.country, one.warehouses) for one in plan.channels] == [
        ("eu-dealer", "EUR", "DE", ("DUI", "ICN", "portal.expected")),
        ("eu-house", "EUR", "DE", ("DUI", "ICN", "portal.expected")),
    ]


def test_a_warehouse_gets_an_address_of_its_country_that_a_store_takes():
    make_warehouse("ICN", name="Incheon central", country="KR")
    make_price_list(market="KR")
    [plan, _] = shop_plan(now=NOW).warehouses  # and that of goods on their way
    assert plan.address["country"] == "KR"
    assert {"countryArea", "city", "postalCode", "streetAddress1"} <= plan.address.keys()


def test_without_warehouses_or_prices_there_is_nothing_to_plan():
    with pytest.raises(PortalError):
        shop_plan(now=NOW)
