"""What to order again: at the reorder point, below safety stock, or because buyers wait; in whole packs."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.rules.reorder import AHEAD, Shelf, Why, reorder


def shelf(**given: Any) -> Shelf:
    told: dict[str, Any] = {"available": 20, "coming": 0, "waiting": 0, "safety": 3, "point": 8, "weekly": [0] * 12}
    return Shelf(**(told | given))


def test_a_shelf_with_enough_asks_for_nothing() -> None:
    assert reorder(shelf()) is None


def test_what_comes_counts_as_there() -> None:
    assert reorder(shelf(available=2, coming=10)) is None


@pytest.mark.parametrize(
    ("told", "quantity", "whys"),
    [
        ({"available": 8}, 1, (Why.POINT,)),
        ({"available": 5}, 3, (Why.POINT,)),
        ({"available": 2}, 6, (Why.SAFETY, Why.POINT)),
        ({"available": 0, "waiting": 4}, 12, (Why.WAITING, Why.SAFETY, Why.POINT)),
        ({"available": 0, "waiting": 4, "point": 0, "safety": 0}, 4, (Why.WAITING,)),
        ({"available": 5, "weekly": [3] * 12}, 15, (Why.POINT,)),  # and four weeks further
        ({"available": 5, "weekly": [0] * 11 + [1]}, 4, (Why.POINT,)),  # a third of a piece is a piece
        ({"available": 5, "pack": 10}, 10, (Why.POINT,)),
        ({"available": 5, "minimum": 25}, 25, (Why.POINT,)),
    ],
)
def test_how_much_and_why(told: dict[str, Any], quantity: int, whys: tuple[Why, ...]) -> None:
    found = reorder(shelf(**told))
    assert found is not None
    assert (found.quantity, found.whys) == (quantity, whys)


def test_who_waits_for_what_is_on_its_way_needs_no_order() -> None:
    assert reorder(shelf(available=0, coming=30, waiting=4)) is None


@given(
    st.integers(0, 50), st.integers(0, 50), st.integers(0, 50), st.integers(0, 30), st.integers(0, 30),
    st.lists(st.integers(0, 40), min_size=12, max_size=12), st.integers(1, 12),
)  # fmt: skip
def test_what_is_ordered_is_enough_and_then_nothing_more_is(
    available: int, coming: int, waiting: int, safety: int, point: int, weekly: list[int], pack: int
) -> None:
    told = Shelf(available, coming, waiting, safety, point, weekly, pack)
    found = reorder(told)
    if found is None:
        return
    after = Shelf(available, coming + found.quantity, waiting, safety, point, weekly, pack)
    assert found.quantity % pack == 0
    assert after.position >= max(point, safety) + told.mean * AHEAD
    assert found.whys
