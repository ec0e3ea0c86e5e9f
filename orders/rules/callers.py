"""What somebody at the telephone typed: pure."""

from __future__ import annotations

import re

_PHONE = re.compile(r"[+(\d][\d\s()./-]*")
LEAST, TAIL = 6, 8


def phone_tail(text: str) -> str:
    """The last digits of a telephone number, however it is written; empty when the text is none.

    "+82 31 555 0110" and "031-555-0110" are one telephone: they differ only where country and trunk code stand.
    """
    if not _PHONE.fullmatch(text.strip()):
        return ""
    digits = re.sub(r"\D", "", text)
    return digits[-TAIL:] if len(digits) >= LEAST else ""
