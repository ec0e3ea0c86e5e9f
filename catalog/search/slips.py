"""Numbers one slip of the finger away: two signs swapped, one missing, one too many, one wrong."""

from __future__ import annotations

import re
from string import ascii_uppercase, digits

_SIGNS = digits + ascii_uppercase
_DIGITS_READ = str.maketrans("OQILZSB", "0011258")
_LETTERS_READ = str.maketrans("01258", "OIZSB")
_LONGEST = 24  # beyond, the slips become too many to look up


def one_slip(number: str) -> set[str]:
    """Every normalised number at one slip from `number` (Damerau's distance 1); empty when it is too short or too long to guess."""
    if not 3 <= len(number) <= _LONGEST:
        return set()
    cuts = [(number[:at], number[at:]) for at in range(len(number) + 1)]
    swapped = {head + tail[1] + tail[0] + tail[2:] for head, tail in cuts if len(tail) > 1}
    missing = {head + tail[1:] for head, tail in cuts if tail}
    wrong = {head + sign + tail[1:] for head, tail in cuts if tail for sign in _SIGNS}
    added = {head + sign + tail for head, tail in cuts for sign in _SIGNS}
    return (swapped | missing | wrong | added) - {number}


def look_alikes(number: str) -> set[str]:
    """The number with every letter read as the digit it looks like, those of O and I alone, and every digit as a letter."""
    if not 3 <= len(number) <= _LONGEST:
        return set()
    common = number.translate(str.maketrans("OI", "01"))
    return {common, number.translate(_DIGITS_READ), number.translate(_LETTERS_READ), _turned(number)} - {number}


def slips_of_beginning(typed: str) -> set[str]:
    """What may have been meant by the beginning of a number that nothing begins with: two signs swapped, one too many, look-alikes."""
    at = range(len(typed))
    swapped = {typed[:one] + typed[one + 1] + typed[one] + typed[one + 2 :] for one in at[:-1]}
    fewer = {
        typed[:one] + typed[one + 1 :] for one in at[1:-1]
    }  # a first sign is seldom wrong, the last may be the next one's
    return (swapped | fewer | look_alikes(typed)) - {typed}


def undoubled(number: str) -> str:
    """The number with signs that stand twice or more in a row taken once."""
    return re.sub(r"(.)\1+", r"\1", number)


def _turned(number: str) -> str:
    """Noughts and ones read as letters."""
    return number.translate(str.maketrans("01", "OI"))
