"""Code 128 as bars: which modules are black. Pages and papers draw them, each in its own way."""

from __future__ import annotations

from itertools import groupby

from barcode.codex import Code128

QUIET = 10  # modules of white that a scanner needs on both sides


def code_bars(text: str) -> tuple[list[tuple[int, int]], int]:
    """(left, width) of every bar and the width of the whole, quiet zones included, in modules. Raises ValueError beyond ASCII."""
    bars, at = [], QUIET
    for black, run in groupby(Code128(text).build()[0]):
        width = len(list(run))
        if black == "1":
            bars.append((at, width))
        at += width
    return bars, at + QUIET
