"""Part and serial numbers as people type them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.rules.numbers import normalise, serial_sequence


@pytest.mark.parametrize("typed", ["ab-12/3", " AB 12.3 ", "ＡＢ－１２３", "ab_12#3", "Ab\u00a0123", "ab\x00123"])
def test_dress_does_not_matter(typed: str):
    assert normalise(typed) == "AB123"


def test_letters_of_every_script_stay():
    assert normalise("株-12 ｶﾞ") == "株12ガ"
    assert normalise("씰-3") == "씰3"


def test_nothing_but_signs_is_nothing():
    assert normalise(" -/.#") == ""


@given(st.text(max_size=40))
def test_normalising_twice_changes_nothing(text: str):
    once = normalise(text)
    assert normalise(once) == once
    assert once.isalnum() or once == ""


@given(
    st.text(alphabet="AB12", min_size=1, max_size=10),
    st.lists(st.sampled_from(" -./_#"), max_size=5),
    st.integers(0, 9),
)
def test_punctuation_anywhere_gives_the_same_number(number: str, signs: list[str], at: int):
    dressed = number[:at] + "".join(signs) + number[at:].lower()
    assert normalise(dressed) == number


@pytest.mark.parametrize(
    ("serial", "sequence"),
    [
        ("HX35-20418", 20418),
        ("HX35 20418A", 20418),
        ("hx35ー００4 18", 18),
        ("20418", 20418),
        ("HX", None),
        ("", None),
        ("X" + "9" * 19, None),
        ("HX35-00000", 0),
    ],
)
def test_the_last_digits_of_a_serial_count(serial: str, sequence: int | None):
    assert serial_sequence(serial) == sequence


@given(st.text(max_size=60))
def test_a_sequence_always_fits_the_database(serial: str):
    sequence = serial_sequence(serial)
    assert sequence is None or 0 <= sequence < 2**63
