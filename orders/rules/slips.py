"""The code on a picking slip: which order, and out of which warehouse. Pure."""

from __future__ import annotations

import re

_APART = re.compile(r"[^0-9A-Za-z]+")


def slip_code(number: str, warehouse: str) -> str:
    """`10023-SEOUL`: it begins with a digit, so that a page may know a scanner by the first key; ASCII alone goes into bars."""
    place = _APART.sub("", warehouse.encode("ascii", "ignore").decode()).upper()
    return f"{number}-{place}" if place else number


def code_read(typed: str) -> tuple[str, str]:
    """(order number, what stands behind it) of what was scanned or typed.

    A scanner that believes in another keyboard sends another sign between the two; both sides are told apart by letters
    and digits alone.
    """
    number, *rest = _APART.split(typed.strip(), maxsplit=1)
    if not number and rest:
        number, *rest = _APART.split(rest[0], maxsplit=1)
    return number.upper(), _APART.sub("", rest[0]).upper() if rest else ""
