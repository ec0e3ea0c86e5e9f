"""Lines as people paste them: a part number and a quantity, from a spreadsheet, a mail or a note. Pure."""

from __future__ import annotations

import re

_CELLS = re.compile(r"\s*[\t;,|]\s*")
# "HX 40-7713  x 12", "HX 40-7713 12 pcs": the last number of its own is the quantity
_TAIL = re.compile(
    r"^(?P<number>.*?\S)\s+(?:[x×*]\s*)?(?P<quantity>\d{1,7})\s*(?:pcs?|pce|ea|st|개|個)?\.?$", re.IGNORECASE
)
_HEADS = {"part", "part number", "partnumber", "number", "품번", "品番"}


def pasted_lines(text: str) -> tuple[list[tuple[str, int]], list[tuple[int, str]]]:
    """(number, quantity) of every line, and (place, line) of those that cannot be read; places count from 1.

    A number alone means one piece. A first line of column names is passed over.
    """
    read: list[tuple[str, int]] = []
    bad: list[tuple[int, str]] = []
    for place, raw in enumerate(text.replace("\x00", "").splitlines(), start=1):
        line = raw.strip()
        if not line or (not read and _CELLS.split(line)[0].lower() in _HEADS):
            continue
        found = _line(line)
        if found is None:
            bad.append((place, line))
        else:
            read.append(found)
    return read, bad


def _line(line: str) -> tuple[str, int] | None:
    cells = [cell.strip("\"' ") for cell in _CELLS.split(line)]
    if len(cells) > 1:
        number, quantity = cells[0], cells[1] or "1"
    elif tail := _TAIL.match(line):
        number, quantity = tail["number"], tail["quantity"]
    else:
        number, quantity = line, "1"
    if not 1 <= len(number) <= 60 or not re.fullmatch(r"[0-9]{1,7}", quantity) or int(quantity) < 1:
        return None
    return number, int(quantity)


def listed_lines(text: str) -> tuple[list[tuple[str, int, str]], list[tuple[int, str]]]:
    """As `pasted_lines`, with a machine's serial as a third cell where there is one."""
    read: list[tuple[str, int, str]] = []
    bad: list[tuple[int, str]] = []
    for place, raw in enumerate(text.replace("\x00", "").splitlines(), start=1):
        line = raw.strip()
        if not line:
            continue
        cells, found = _CELLS.split(line), _line(line)
        serial = cells[2].strip("\"' ") if len(cells) > 2 else ""
        if found is None or len(serial) > 60:
            bad.append((place, line))
        else:
            read.append((*found, serial))
    return read, bad
