"""How a file is to be read where it does not say so itself; a saved mapping or the caller fills it in."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class ReadOptions:
    """`encoding` answers for text that is not Unicode (Python's name), `separator` "" finds it, `header_row` counts from 1, `sheet` "" is the first."""

    encoding: str = ""
    separator: str = ""
    header_row: int = 1
    sheet: str = ""


USUAL = ReadOptions()
