"""Numbers one slip of the finger away: two signs swapped, one missing, one too many, one wrong."""

from __future__ import annotations

from string import ascii_uppercase, digits

_SIGNS = digits + ascii_uppercase
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
