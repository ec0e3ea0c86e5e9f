"""What a store that counts equal shelves once must be shown, and what is left of shelves."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orders.rules.store_order import Shelf, pieces_free, room_size

SHELVES = st.lists(st.integers(-3, 12), max_size=5)


def counted(pieces: list[int]) -> int:
    """As the store adds shelves up."""
    return sum(set(pieces))


@pytest.mark.parametrize(
    ("pieces", "waiting", "shown"),
    [([5, 5], 0, 6), ([5, 4], 0, 0), ([5, 5, 5], 0, 10), ([5, 0], 5, 6), ([5, 3], 2, 2), ([0, 0], 0, 0), ([], 3, 3)],
)
def test_a_room_beside_equal_shelves(pieces: list[int], waiting: int, shown: int):
    assert room_size([Shelf("", one) for one in pieces], waiting) == shown


@given(pieces=SHELVES, waiting=st.integers(0, 9))
def test_with_the_room_the_store_counts_all_there_is(pieces: list[int], waiting: int):
    size = room_size([Shelf("", one) for one in pieces], waiting)
    assert size >= waiting
    assert counted([*pieces, size]) >= sum(pieces) + waiting


def test_what_was_given_beyond_a_shelf_comes_from_the_others():
    assert pieces_free([Shelf("A", 1, 3), Shelf("B", 4, 0)]) == 2
    assert pieces_free([Shelf("A", 0, 2)]) == 0
