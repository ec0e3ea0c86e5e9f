"""Numbers and words one slip of the finger away: two signs swapped, one missing, one too many, one wrong."""

from __future__ import annotations

import re
from string import ascii_lowercase, ascii_uppercase, digits

_SIGNS = digits + ascii_uppercase
_DIGITS_READ = str.maketrans("OQILZSB", "0011258")
_LETTERS_READ = str.maketrans("01258", "OIZSB")
_LONGEST = 24  # beyond, the slips become too many to look up
_WORD = re.compile("[a-z]{4,16}")  # shorter ones are all one slip from another; a measure is no slip of another


def one_slip(number: str) -> set[str]:
    """Every normalised number at one slip from `number` (Damerau's distance 1); empty when it is too short or too long to guess."""
    if not 3 <= len(number) <= _LONGEST:
        return set()
    return swaps(number) | _others(number, _SIGNS)


def word_slips(word: str) -> tuple[set[str], set[str]]:
    """Every word at one slip from `word`: those with two letters swapped, the likeliest, and the others; none of a short one or a measure.

    Trigrams do not see them in a short word: "sael" has but one in common with "seal".
    """
    if not _WORD.fullmatch(word):
        return set(), set()
    swapped = swaps(word)
    return swapped, _others(word, ascii_lowercase) - swapped


def swaps(text: str) -> set[str]:
    """The text with two neighbours swapped, each pair in turn."""
    pairs = range(len(text) - 1)
    return {text[:at] + text[at + 1] + text[at] + text[at + 2 :] for at in pairs} - {text}


def _others(text: str, signs: str) -> set[str]:
    """One sign missing, wrong or too many."""
    cuts = [(text[:at], text[at:]) for at in range(len(text) + 1)]
    missing = {head + tail[1:] for head, tail in cuts if tail}
    wrong = {head + sign + tail[1:] for head, tail in cuts if tail for sign in signs}
    added = {head + sign + tail for head, tail in cuts for sign in signs}
    return (missing | wrong | added) - {text}


def look_alikes(number: str) -> set[str]:
    """The number with every letter read as the digit it looks like, those of O and I alone, and every digit as a letter."""
    if not 3 <= len(number) <= _LONGEST:
        return set()
    common = number.translate(str.maketrans("OI", "01"))
    return {common, number.translate(_DIGITS_READ), number.translate(_LETTERS_READ), _turned(number)} - {number}


def slips_of_beginning(typed: str) -> set[str]:
    """What may have been meant by the beginning of a number that nothing begins with: two signs swapped, one too many, look-alikes."""
    fewer = {
        typed[:one] + typed[one + 1 :] for one in range(1, len(typed) - 1)
    }  # a first sign is seldom wrong, the last may be the next one's
    return (swaps(typed) | fewer | look_alikes(typed)) - {typed}


def undoubled(number: str) -> str:
    """The number with signs that stand twice or more in a row taken once."""
    return re.sub(r"(.)\1+", r"\1", number)


def _turned(number: str) -> str:
    """Noughts and ones read as letters."""
    return number.translate(str.maketrans("01", "OI"))
