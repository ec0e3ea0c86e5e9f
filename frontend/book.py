"""A machine's parts book narrowed to what somebody looks for."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from catalog.rules.numbers import normalise

if TYPE_CHECKING:
    from catalog.selectors.models import Figure, FigureLine

Found = tuple["Figure", "Sequence[FigureLine]"]


def figures_matching(figures: Sequence[Figure], typed: str) -> list[Found]:
    """Every figure with the lines to show: none of a figure whose own name or number was typed (or nothing was), else those that match."""
    words, number = typed.casefold(), normalise(typed)
    if not words:
        return [(figure, ()) for figure in figures]
    found: list[Found] = []
    for figure in figures:
        lines = [line for line in figure.lines if _is(line, words, number)]
        called = (figure.assembly.figure, figure.assembly.name, *figure.assembly.names.values())
        named = words in " ".join(called).casefold()
        if lines or named:
            found.append((figure, lines))
    return found


def _is(line: FigureLine, words: str, number: str) -> bool:
    return words in line.name.casefold() or bool(number and number in normalise(line.part.number))
