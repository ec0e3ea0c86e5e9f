"""Published prices: the list of a buyer on a day, its tiers, its freight."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import IntegrityError, connection
from django.db.backends.postgresql.psycopg_any import DateRange
from django.test.utils import CaptureQueriesContext

from catalog.models import FreightRate, PriceList
from catalog.selectors.prices import freight_for, price_list_for, prices_for
from tests.factories import make_part, make_price, make_price_list

pytestmark = pytest.mark.django_db
TODAY = date(2026, 6, 1)


def list_of(discount_class: str, *, market: str = "KR", kind: str = "CUSTOMER", on: date = TODAY) -> PriceList | None:
    return price_list_for(market=market, kind=kind, discount_class=discount_class, on=on)


def test_a_class_without_a_list_of_its_own_gets_the_standard_one():
    standard, gold = make_price_list(), make_price_list(discount_class="GOLD")
    assert list_of("GOLD") == gold
    assert list_of("SILVER") == standard
    assert list_of("GOLD", market="JP") is None
    assert list_of("GOLD", kind="DEALER") is None


def test_a_list_ends_the_day_before_the_next_begins():
    old = make_price_list(end=date(2026, 6, 1))
    new = make_price_list(start=date(2026, 6, 1))
    assert list_of("STANDARD") == new
    assert list_of("STANDARD", on=date(2026, 5, 31)) == old


def test_two_lists_of_one_market_kind_and_class_never_overlap():
    make_price_list()
    with pytest.raises(IntegrityError):
        make_price_list(start=date(2026, 1, 1))


def test_prices_come_with_their_tiers_in_one_query():
    part, dear, unpriced = make_part(), make_part(), make_part()
    prices = make_price_list(currency="EUR")
    make_price(prices, part, "80", from_quantity=100, per_quantity=100)
    make_price(prices, part, "1.00")
    make_price(prices, dear, "5000")
    with CaptureQueriesContext(connection) as queries:
        found = prices_for(
            [part.pk, dear.pk, unpriced.pk], market="KR", kind="CUSTOMER", discount_class="STANDARD", on=TODAY
        )
    assert len(queries) == 1
    assert found.keys() == {part.pk, dear.pk}
    price = found[part.pk]
    assert (price.currency, price.kind, price.valid_from) == ("EUR", "CUSTOMER", date(2020, 1, 1))
    assert [(price.at(quantity).amount, price.at(quantity).per_quantity) for quantity in (99, 100)] == [
        (Decimal("1.000"), 1),
        (Decimal("80.000"), 100),
    ]


def test_a_part_that_is_not_on_the_class_own_list_has_no_price_although_the_standard_list_has_one():
    part = make_part()
    make_price(make_price_list(), part, "1.00")
    make_price_list(discount_class="GOLD")
    found = {
        name: prices_for([part.pk], market="KR", kind="CUSTOMER", discount_class=name, on=TODAY)
        for name in ("GOLD", "SILVER")
    }
    assert (part.pk in found["GOLD"], part.pk in found["SILVER"]) == (False, True)


def test_freight_is_the_smallest_bound_that_holds_the_weight():
    for bound, amount in ((1000, 5), (10_000, 12), (None, 40)):
        FreightRate.objects.create(
            market="KR", currency="EUR", up_to_g=bound, amount=amount, valid=DateRange(date(2020, 1, 1), None)
        )
    asked = [freight_for(market="KR", currency="EUR", weight_g=weight, on=TODAY) for weight in (0, 1000, 1001, 10_001)]
    assert asked == [Decimal(5), Decimal(5), Decimal(12), Decimal(40)]
    assert freight_for(market="KR", currency="USD", weight_g=1, on=TODAY) is None
    assert freight_for(market="KR", currency="EUR", weight_g=1, on=date(2019, 12, 31)) is None
