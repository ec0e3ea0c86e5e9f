"""Packs round up; prices go by tiers, some below half a cent a piece."""

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from catalog.rules.packs import sellable_quantity
from catalog.rules.prices import Tier, tier_at
from portal.money import line_total

positive = st.integers(1, 10_000)
TIERS = (Tier(1, Decimal("10.00"), 1), Tier(10, Decimal("9.00"), 1), Tier(100, Decimal("800.00"), 100))


def test_a_quantity_goes_up_to_whole_packs_and_the_minimum():
    assert sellable_quantity(7, 5, 1) == 10
    assert sellable_quantity(1, 1, 4) == 4
    assert sellable_quantity(1, 3, 4) == 6
    assert sellable_quantity(10, 5, 10) == 10


@given(positive, positive, positive)
def test_the_sellable_quantity_is_the_smallest_that_serves(wanted: int, pack: int, minimum: int):
    quantity = sellable_quantity(wanted, pack, minimum)
    assert quantity % pack == 0
    assert quantity >= max(wanted, minimum) > quantity - pack


def test_the_highest_tier_reached_counts():
    assert [tier_at(TIERS, quantity).from_quantity for quantity in (1, 9, 10, 99, 100, 5000)] == [
        1,
        1,
        10,
        10,
        100,
        100,
    ]


def test_below_all_tiers_the_lowest_counts():
    assert tier_at(TIERS[1:], 3) == TIERS[1]


@given(st.lists(positive, min_size=1, max_size=6, unique=True), positive)
def test_the_order_of_tiers_does_not_matter(starts: list[int], quantity: int):
    tiers = [Tier(start, Decimal(start), 1) for start in starts]
    assert tier_at(tiers, quantity) == tier_at(tiers[::-1], quantity)


def test_prices_below_half_a_cent_keep_their_worth():
    tier = Tier(1, Decimal("0.320"), 100)
    assert line_total(tier.amount, per_quantity=tier.per_quantity, quantity=1, currency="EUR") == Decimal("0.00")
    assert line_total(tier.amount, per_quantity=tier.per_quantity, quantity=1000, currency="EUR") == Decimal("3.20")
