"""Where goods can be sent: what the country's rules refuse is refused by field before an order is placed, for every buyer and store."""

from __future__ import annotations

import pytest

from orders.rules.addresses import address_judge
from tests.orders.test_place_refusals import ask
from tests.orders.world import World, line
from tests.people import ADDRESS
from tests.stories.world import ADDRESS as STORY_ADDRESS

HAMBURG = {"name": "Goods in", "street": "Hafenstr. 1", "city": "Hamburg", "postalCode": "20457", "country": "DE"}


def faults(**given: str) -> list[tuple[str, str]]:
    """(field, why) of every fault of Hamburg's address with these fields instead."""
    return [(one.field, one.why) for one in address_judge({**HAMBURG, **given})[1]]


@pytest.mark.parametrize(
    ("given", "wrong"),
    [
        ({}, []),
        ({"postalCode": "2045"}, [("postalCode", "postal_code")]),
        ({"postalCode": ""}, [("postalCode", "missing")]),
        ({"city": ""}, [("city", "missing")]),
        ({"street": "x" * 257}, [("street", "too_long")]),
        ({"country": "XX"}, [("country", "country")]),
        ({"country": "Germany"}, [("country", "country")]),
        ({"country": "US", "city": "Austin", "postalCode": "78701"}, []),
        ({"country": "US", "city": "Austin", "postalCode": "7870"}, [("postalCode", "postal_code")]),
        ({"country": "US", "city": "Austin", "postalCode": "78701", "region": "NY"}, [("postalCode", "postal_code")]),
        ({"country": "US", "city": "Austin", "postalCode": "78701", "region": "Texico"}, [("region", "region")]),
        ({"country": "HK", "city": "Kowloon Bay", "postalCode": ""}, [("region", "region")]),
        ({"country": "HK", "city": "Kowloon Bay", "postalCode": "", "region": "Kowloon"}, []),
        ({"country": "KR", "city": "Seoul", "postalCode": "12345"}, [("postalCode", "postal_code")]),
        ({"name": "", "street": "", "country": "US", "city": "", "postalCode": ""}, [("name", "missing"), ("street", "missing"), ("city", "missing"), ("region", "region"), ("postalCode", "missing")]),
    ],
)  # fmt: skip
def test_an_address_is_judged_by_its_countrys_rules(given: dict[str, str], wrong: list[tuple[str, str]]) -> None:
    assert faults(**given) == wrong


@pytest.mark.parametrize(
    ("given", "region", "city"),
    [
        ({"country": "kr", "city": "Seoul", "postalCode": "06236"}, "서울특별시", "강남구"),
        ({"country": "KR", "city": "Suwon", "postalCode": "16490"}, "경기도", "수원시"),
        ({"country": "US", "city": "Austin", "postalCode": "78701"}, "TX", "AUSTIN"),
        ({"country": "IT", "city": "Roma", "postalCode": "00144"}, "RM", "ROMA"),
        ({"country": "JP", "city": "Chiyoda", "postalCode": "100-0001"}, "東京都", ""),
        ({"country": "KR", "region": "강원특별자치도", "city": "강릉시", "postalCode": "25534"}, "강원도", "강릉시"),
        ({"country": "KR", "region": "전북특별자치도", "city": "전주시", "postalCode": "54999"}, "전라북도", "전주시"),
    ],
)
def test_a_region_is_found_by_city_or_postal_code_or_by_its_new_name(
    given: dict[str, str], region: str, city: str
) -> None:
    found, _ = address_judge({**HAMBURG, **given})
    assert found is not None
    assert (found.region, found.city) == (region, city)
    assert given["city"].casefold() in (
        found.city.casefold(),
        found.city_typed.casefold(),
    )  # the buyer's word is not lost


def test_a_city_that_no_list_knows_keeps_nobody_from_getting_goods() -> None:
    found, wrong = address_judge(
        {**HAMBURG, "country": "CN", "city": "Xanadu", "region": "北京市", "postalCode": "100096"}
    )
    assert found is not None
    assert (wrong, found.city, found.exact) == ([], "Xanadu", False)


@pytest.mark.parametrize("address", [ADDRESS, STORY_ADDRESS])
def test_the_samples_addresses_can_be_delivered_to(address: dict[str, str]) -> None:
    assert address_judge(address)[1] == []


def test_an_order_to_an_impossible_address_is_refused_by_field_with_what_would_do(world: World) -> None:
    part = world.part(home=5)
    bad = {**HAMBURG, "country": "US", "city": "Austin", "postalCode": "99"}
    assert ask(world, line(part), deliver_to=bad) == [
        ("INVALID", "deliverTo.region"),
        ("INVALID", "deliverTo.postalCode"),
    ]
    assert ask(world, line(part), deliver_to={**bad, "region": "TX"}) == [("INVALID", "deliverTo.postalCode")]
