"""Parts as a page lists them: name, price and stock, with as few questions as possible."""

from __future__ import annotations

from datetime import date

import pytest
from django.forms import model_to_dict
from pytest_django import DjangoAssertNumQueries

from catalog.models import Part
from catalog.selectors.listing import Shopper, parts_listed
from catalog.selectors.parts import part_names
from catalog.selectors.stock import availability_for, market_stock, market_warehouses
from tests import factories as make

pytestmark = pytest.mark.django_db
TODAY = date(2026, 6, 1)
SHOPPER = Shopper("KR", "CUSTOMER", "STANDARD", "ko")


@pytest.fixture
def parts() -> list[Part]:
    """Parts with a price, levels and receipts in two warehouses of the market and in one that does not serve it."""
    prices, found = make.make_price_list(), [make.make_part(name=f"Seal {number}") for number in range(24)]
    places = [make.make_warehouse(market="KR", rank=rank) for rank in (2, 1)] + [make.make_warehouse()]
    for number, part in enumerate(found):
        make.make_price(prices, part)
        make.make_stock(part, places[number % 3], number + 1)
        make.make_expected(part, places[1], 5, date(2026, 6, 20))
        make.make_expected(part, places[1], 4, date(2026, 5, 20))  # overdue: nobody knows when
    return found


@pytest.mark.parametrize("count", [1, 24])
def test_names_prices_and_stock_of_a_page_are_three_questions(
    parts: list[Part], count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(3):
        rows = parts_listed([part.pk for part in parts[:count]], shopper=SHOPPER, on=TODAY)
        assert [row.name for row in rows] == [f"Seal {number}" for number in range(count)]
        assert all(row.tier and row.first_expected == date(2026, 6, 20) for row in rows)
        assert rows[0].part.group is None


@pytest.mark.parametrize("since", [None, TODAY])
@pytest.mark.parametrize("market", ["KR", "JP"])
def test_stock_in_one_question_is_what_it_is_in_three(parts: list[Part], market: str, since: date | None) -> None:
    keys = [part.pk for part in parts]
    apart = availability_for(keys, warehouses=market_warehouses(market), since=since)
    at_once = market_stock(keys, market=market, since=since)
    assert len(apart[keys[0]].places) == (2 if market == "KR" else 3)
    assert {key: _plain(one.places) for key, one in at_once.items()} == {
        key: _plain(one.places) for key, one in apart.items()
    }


def _plain(places: list) -> list:
    return [
        (
            place.warehouse.code,
            place.available,
            place.level and model_to_dict(place.level),
            [model_to_dict(one) | {"made": one.created_at, "key": one.pk} for one in place.expected],
        )
        for place in places
    ]


@pytest.mark.parametrize("language", ["ko", "de", "en"])
def test_a_listed_part_is_named_as_elsewhere(language: str) -> None:
    one, two, three, nameless = (
        make.make_part(name="seal"),
        make.make_part(name="pump"),
        make.make_part(),
        make.make_part(),
    )
    one.names.create(language="ko", name="씰")
    three.names.create(language="ja", name="弁")
    three.names.create(language="fr", name="joint")
    keys = [one.pk, two.pk, three.pk, nameless.pk]
    rows = parts_listed(keys, shopper=Shopper("KR", "CUSTOMER", "STANDARD", language), on=TODAY)
    names = part_names(keys, language)
    assert [row.name for row in rows] == [names.get(key, nameless.number) for key in keys]


def test_nothing_to_list_asks_nothing_of_the_stock() -> None:
    assert parts_listed([], shopper=SHOPPER, on=TODAY) == []
    assert parts_listed([0], shopper=SHOPPER, on=TODAY) == []
