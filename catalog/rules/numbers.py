"""Part numbers and serial numbers as people type them."""

from __future__ import annotations

import re
import unicodedata

_DIGITS = re.compile(r"[0-9]+")
_MOST_DIGITS = 18  # what a bigint always holds


def normalise(text: str) -> str:
    """A number without its dress: width, case and punctuation gone, letters and digits of every script stay.

    `"ab-12/3 "`, `"ＡＢ１２３"` and `"AB 123"` all become `"AB123"`. Idempotent.
    """
    bare = _undressed(text)
    while (again := _undressed(bare)) != bare:  # dropping a sign can bring letters together that compose
        bare = again
    return bare


def _undressed(text: str) -> str:
    return "".join(sign for sign in unicodedata.normalize("NFKC", text).upper() if sign.isalnum())


def serial_sequence(serial: str) -> int | None:
    """The counting part of a serial: its last group of digits (`HX35-20418` and `HX35 20418A` are both 20418).

    None when it has no digits, or more than a machine maker ever counted.
    """
    groups = _DIGITS.findall(unicodedata.normalize("NFKC", serial))
    return int(groups[-1]) if groups and len(groups[-1]) <= _MOST_DIGITS else None
