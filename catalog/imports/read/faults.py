"""What can be wrong with a file as a whole, and with one row of it; reasons as in reasons.py."""

from __future__ import annotations

from typing import NamedTuple


class UnreadableError(Exception):
    """The file cannot be read as a table at all; `reason` as in reasons.py, `value` what was found."""

    def __init__(self, reason: str, value: str = "") -> None:
        self.reason, self.value = reason, value
        super().__init__(reason, value)


class Fault(NamedTuple):
    """Why one row cannot be read; the others can."""

    reason: str
    column: str = ""
    value: str = ""
