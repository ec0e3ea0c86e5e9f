"""Columns drawn by the server as SVG: every value stands on its column, so that nothing depends on colour, and a table stands beside them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

HEIGHT, TOP, FOOT, WIDTH, EDGE = 150, 18, 20, 480, 12


@dataclass(frozen=True)
class Column:
    """A column at `x`, `wide` across and `high`, with its words above and below; `tone` only underlines what they say."""

    x: float
    y: float
    wide: float
    high: float
    middle: float
    said: str
    label: str
    tone: str = ""


@dataclass(frozen=True)
class Columns:
    """A drawing; `title` tells in a sentence what is to be seen, `line` is a level drawn across, which the title tells."""

    title: str
    columns: tuple[Column, ...]
    line: float | None = None
    width: int = WIDTH
    height: int = HEIGHT

    @property
    def floor(self) -> int:
        """Where the columns stand."""
        return self.height - FOOT


def columns(
    title: str,
    labels: Sequence[str],
    values: Sequence[float | None],
    said: Sequence[str],
    *,
    most: float | None = None,
    line: float | None = None,
    tones: Sequence[str] = (),
) -> Columns:
    """A column for every value with what is `said` above it, nothing where there is nothing to tell; heights up to `most`, or the highest value and line."""
    top = most or max([one for one in values if one] + ([line] if line else []), default=0) or 1
    step = (WIDTH - 2 * EDGE) / max(len(values), 1)  # the outer words have room
    room = HEIGHT - TOP - FOOT
    every = -(-len(labels) // 8)  # so that the words below do not meet
    drawn = []
    for place, value in enumerate(values):
        high = round(room * min(value or 0, top) / top, 1)
        shown = labels[place] if (len(labels) - 1 - place) % every == 0 else ""
        drawn.append(
            Column(
                round(EDGE + place * step + step * 0.15, 1), round(HEIGHT - FOOT - high, 1), round(step * 0.7, 1), high,
                round(EDGE + place * step + step / 2, 1), said[place] if value is not None else "", shown,
                tones[place] if place < len(tones) else "",
            )
        )  # fmt: skip
    level = round(HEIGHT - FOOT - room * min(line, top) / top, 1) if line else None
    return Columns(title, tuple(drawn), level)
