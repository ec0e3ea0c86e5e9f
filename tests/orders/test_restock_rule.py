"""The restock rule: worked examples a dealer can follow, and what holds whatever was ordered."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from orders.rules.restock import Bought, Horizon, Shelf, lead_days, restock_propose

TODAY = date(2026, 11, 23)
MONTH = Horizon(TODAY, cover_weeks=4, lead_days=7)


def ago(days: int) -> date:
    return TODAY - timedelta(days=days)


def shelf(*bought: tuple[int, int], **more: int) -> Shelf:
    """Orders as (days ago, pieces)."""
    return Shelf([Bought(ago(days), pieces) for days, pieces in bought], **more)


def quantity(known: Shelf, horizon: Horizon = MONTH) -> int:
    found = restock_propose(known, horizon)
    assert found is not None
    return found.quantity


def test_what_lasted_until_the_last_order_is_the_rate() -> None:
    found = restock_propose(shelf((140, 20), (70, 20)), MONTH)
    assert found is not None
    assert (found.before_last, found.lasted_weeks, found.rate) == (20, 10, 2)
    assert (found.used, found.left, found.need) == (40, 0, 10)  # the second twenty lasted the ten weeks since
    assert found.quantity == 10


def test_a_shelf_filled_last_week_needs_nothing() -> None:
    found = restock_propose(shelf((147, 20), (77, 20), (7, 20)), MONTH)
    assert found is not None
    assert (found.left, found.need, found.quantity) == (18, 10, 0)


def test_two_orders_of_one_week_are_no_rush() -> None:
    assert quantity(shelf((3, 12), (0, 12))) == 0


def test_one_order_alone_is_spread_over_a_quarter_at_least() -> None:
    found = restock_propose(shelf((50, 13)), MONTH)
    assert found is not None
    assert (found.lasted_weeks, found.rate, found.quantity) == (0, 1, 0)
    assert quantity(shelf((140, 20))) == 5  # twenty in twenty weeks: five weeks need five


def test_what_is_on_its_way_or_in_the_cart_is_not_ordered_again() -> None:
    assert quantity(shelf((140, 20), (70, 20))) == 10
    assert quantity(shelf((140, 20), (70, 20), on_order=4)) == 6
    assert quantity(shelf((140, 20), (70, 20), in_cart=10)) == 0


def test_packs_and_smallest_orders_round_up() -> None:
    assert quantity(shelf((140, 20), (70, 20)), replace(MONTH, pack=6)) == 12
    assert quantity(shelf((140, 20), (70, 20)), replace(MONTH, minimum=25)) == 25


def test_nothing_ordered_proposes_nothing() -> None:
    assert restock_propose(Shelf([]), MONTH) is None
    assert restock_propose(shelf((-3, 5)), MONTH) is None


def test_three_of_four_deliveries_took_no_longer() -> None:
    assert lead_days([2, 9, 4, 3], otherwise=10) == 4
    assert lead_days([9], otherwise=10) == 9
    assert lead_days([], otherwise=10) == 10


histories = st.lists(st.tuples(st.integers(0, 182), st.integers(1, 500)), min_size=1, max_size=12)
horizons = st.builds(
    Horizon, st.just(TODAY), st.integers(1, 26), st.integers(0, 60), st.integers(1, 50), st.integers(1, 50)
)
pieces = st.integers(0, 2000)


@given(histories, pieces, pieces, horizons)
def test_a_proposal_is_in_packs_covers_the_need_and_no_pack_more(
    history: list[tuple[int, int]], on_order: int, in_cart: int, horizon: Horizon
) -> None:
    found = restock_propose(shelf(*history, on_order=on_order, in_cart=in_cart), horizon)
    assert found is not None
    there = found.left + on_order + in_cart
    assert found.quantity % horizon.pack == 0
    if found.need <= there:
        assert found.quantity == 0
    else:
        assert found.quantity >= max(1, horizon.minimum)
        assert there + found.quantity >= found.need
        packs_less = found.quantity - horizon.pack
        assert there + packs_less < found.need or packs_less < horizon.minimum


@given(histories, pieces, horizons)
def test_longer_cover_never_asks_for_less_and_goods_on_their_way_never_for_more(
    history: list[tuple[int, int]], on_order: int, horizon: Horizon
) -> None:
    known = shelf(*history, on_order=on_order)
    assert quantity(known, replace(horizon, cover_weeks=horizon.cover_weeks + 1)) >= quantity(known, horizon)
    assert quantity(replace(known, in_cart=50), horizon) <= quantity(known, horizon)
    assert quantity(replace(known, on_order=on_order + 50), horizon) <= quantity(known, horizon)


@given(histories, horizons, st.randoms())
def test_the_rate_is_within_what_was_ordered_and_the_order_of_rows_is_no_matter(
    history: list[tuple[int, int]], horizon: Horizon, chance: object
) -> None:
    found = restock_propose(shelf(*history), horizon)
    assert found is not None
    assert 0 < found.rate <= Decimal(found.total) / 13 or found.rate * 13 - found.total < Decimal("1e-20")
    assert 0 <= found.used <= found.total
    chance.shuffle(history)
    assert restock_propose(shelf(*history), horizon) == found
