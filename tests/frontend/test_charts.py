"""Columns: the words on neighbours do not touch, where they are largest."""

from __future__ import annotations

import itertools
from decimal import Decimal

import pytest
from django.utils import translation

from frontend.charts import LINE, SIGN, columns
from frontend.formats import short


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ([1.0] * 13, ["100"] * 13),
        ([0.8, 0.75, 1.0, 1.0, 0.71], ["80", "75", "100", "100", "71"]),
        ([4284.0, 4284.0, 19236.0, 44884.0, 18843.0] * 2, ["4.3K", "4.3K", "19K", "45K", "19K"] * 2),
    ],
)
def test_words_on_neighbours_do_not_touch(values: list[float], said: list[str]) -> None:
    drawn = columns("title", [""] * len(values), values, said).columns
    for one, other in itertools.pairwise(drawn):
        apart = other.middle - one.middle >= SIGN * (len(one.said) + len(other.said)) / 2 + 3
        assert apart or abs(one.words - other.words) >= LINE - 0.1
    assert all(one.words >= LINE - 6 for one in drawn)  # nothing is cut off above


def test_words_that_have_room_stand_on_their_columns() -> None:
    drawn = columns("title", ["", ""], [1.0, 0.5], ["100", "50"]).columns
    assert [round(one.y - one.words) for one in drawn] == [4, 4]


def test_a_sum_on_a_column_is_short_and_not_cut() -> None:
    with translation.override("en"):
        assert [short(Decimal(one)) for one in ("7.60", "4284", "44884", "134414")] == ["7.6", "4.3K", "45K", "134K"]
    with translation.override("ko"):
        assert short(Decimal(44884)) == "4.5만"
