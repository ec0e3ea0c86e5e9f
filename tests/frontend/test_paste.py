"""Lists as people copy them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from frontend.paste import pasted_lines


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("HX40-7713\t2", ("HX40-7713", 2)),
        ("HX 40-7713;3", ("HX 40-7713", 3)),
        ("HX 40-7713, 3, boom", ("HX 40-7713", 3)),
        ("HX 40-7713 x 12", ("HX 40-7713", 12)),
        ("HX 40-7713 12 pcs", ("HX 40-7713", 12)),
        ("HX40-7713", ("HX40-7713", 1)),
        ('"HX40-7713","4"', ("HX40-7713", 4)),
        ("품번 12 개", ("품번", 12)),
    ],
)
def test_a_line_is_a_number_and_a_quantity(typed: str, read: tuple[str, int]):
    assert pasted_lines(f"HEAD-1\t1\n{typed}") == ([("HEAD-1", 1), read], [])


def test_column_names_and_empty_lines_are_passed_over():
    assert pasted_lines("Part number\tQty\n\n  \nA-1\t2\n") == ([("A-1", 2)], [])


@pytest.mark.parametrize("typed", ["A-1\tmany", "A-1\t0", "A-1\t-3", "A-1\t12345678", "A" * 61, "A-1\t1.5", "A-1\t٣"])
def test_what_cannot_be_read_is_named_with_its_place(typed: str):
    assert pasted_lines(f"B-2\n{typed}") == ([("B-2", 1)], [(2, typed)])


@given(st.text())
def test_any_text_is_read_or_named(text: str):
    read, bad = pasted_lines(text)
    assert all(number and len(number) <= 60 and 1 <= quantity <= 9_999_999 for number, quantity in read)
    assert len(read) + len(bad) <= len(text.replace("\x00", "").splitlines())
