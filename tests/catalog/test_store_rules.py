"""Keys, numbers and prices of a part in the store, and whose pieces are allocated there."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.rules.store import (
    channel_slug,
    elsewhere,
    part_of_key,
    shown_price,
    store_key,
    store_sku,
    store_slug,
)

counts = st.dictionaries(st.sampled_from("ABC"), st.integers(0, 9))


@given(st.text(max_size=20), st.text(min_size=1, max_size=20))
def test_a_key_gives_maker_and_number_back(maker: str, number: str):
    assert part_of_key(store_key(maker, number)) == (maker, number)


def test_two_parts_never_share_a_key():
    assert store_key("A", "B/C") != store_key("A/B", "C")
    assert store_key("A%2F", "B") != store_key("A/", "B")
    assert part_of_key("no key") is None


def test_the_first_part_of_a_number_has_it_alone():
    assert store_sku("Acme", "123-4", first=True) == "123-4"
    assert store_sku("Bolt", "123-4", first=False) == "123-4 (Bolt)"


def test_numbers_that_read_alike_have_addresses_of_their_own():
    assert store_slug("", "A-1") != store_slug("", "A/1")
    assert store_slug("", "밸브").startswith("part-")


@pytest.mark.parametrize(
    ("amount", "per", "currency", "shown"),
    [
        ("12.345", 1, "EUR", "12.35"),
        ("0.04", 100, "EUR", "0.01"),
        ("1234.5", 1, "KRW", "1235"),
        ("9.99", 10, "EUR", "1.00"),
    ],
)
def test_a_price_is_shown_rounded_and_never_as_nothing(amount: str, per: int, currency: str, shown: str):
    assert shown_price(Decimal(amount), per, currency) == Decimal(shown)


def test_a_channel_is_called_what_orders_say():
    assert channel_slug("KR", "DEALER") == "kr-dealer"


def test_what_the_store_took_from_another_shelf_than_we_is_still_ours():
    assert elsewhere({"A": 1, "B": 0}, {"B": 1}) == {"A": 0, "B": 0}
    assert elsewhere({"A": 3, "B": 2}, {"A": 1, "B": 1}) == {"A": 2, "B": 1}


def test_what_arrived_here_and_the_store_still_calls_expected_is_no_strangers():
    assert elsewhere({"A": 13}, {"A": 12}, beside=2) == {"A": 3}  # ours there: ten on the shelf, two expected


def test_what_waits_here_and_the_store_gave_from_a_shelf_is_no_strangers():
    assert elsewhere({"A": 12}, {"A": 10}, beside=-2) == {"A": 0}


@given(counts, counts)
def test_never_more_is_held_back_than_others_have(allocated: dict[str, int], ours: dict[str, int]):
    found = elsewhere(allocated, ours)
    assert sum(found.values()) <= max(0, sum(allocated.values()) - sum(ours.values()))
    assert all(0 <= many <= allocated[warehouse] for warehouse, many in found.items())


@given(counts, counts, st.integers(0, 9), st.data())
def test_what_strangers_have_is_held_back_to_the_piece_whatever_shelf_the_store_took_ours_from(
    strangers: dict[str, int], ours: dict[str, int], waiting: int, data: st.DataObject
):
    """Ours may be allocated at any shelf, or as expected, whether it lies here by now or is still waited for."""
    total = sum(ours.values()) + waiting
    expected = data.draw(st.integers(0, total))
    allocated = {**dict.fromkeys("ABC", 0), **strangers}
    for _ in range(total - expected):
        allocated[data.draw(st.sampled_from("ABC"))] += 1
    found = elsewhere(allocated, ours, expected - waiting)
    assert sum(found.values()) == sum(strangers.values())
