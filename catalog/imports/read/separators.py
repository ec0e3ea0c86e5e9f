"""What stands between the cells of a text table."""

from __future__ import annotations

import csv
import itertools

from catalog.imports.read.faults import UnreadableError

SEPARATORS = (",", ";", "\t", "|")
_LOOKED_AT = 30  # rows


def separator_of(sample: list[str]) -> str:
    """The separator of a sample that begins with the heading. Raises UnreadableError when two are equally good; one column alone counts as comma separated."""
    counted = {mark: _widths(sample, mark) for mark in SEPARATORS}
    possible = [mark for mark, widths in counted.items() if widths and widths[0] > 1]
    if len(possible) < 2:
        return possible[0] if possible else ","
    # The rows have as many cells as the heading: a comma inside the heading's words does not come again in every row.
    even = [mark for mark in possible if all(width == counted[mark][0] for width in counted[mark])] or possible
    widest = max(counted[mark][0] for mark in even)
    best = [mark for mark in even if counted[mark][0] == widest]
    if len(best) > 1:
        raise UnreadableError("separator_unclear", " ".join(repr(mark) for mark in best))
    return best[0]


def _widths(sample: list[str], mark: str) -> list[int]:
    """Cells of the heading and of the rows after it."""
    try:
        rows = [row for row in csv.reader(sample, delimiter=mark) if row]
    except csv.Error:
        return []
    return [len(row) for row in itertools.islice(rows, _LOOKED_AT)]
