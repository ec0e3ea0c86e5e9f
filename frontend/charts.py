"""Columns drawn by the server as SVG: every value stands on its column, so that nothing depends on colour, and a table stands beside them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

HEIGHT, TOP, FOOT, WIDTH, EDGE = 150, 18, 20, 480, 12
LINE, SIGN = 18, 11  # a line of words, and a digit of one, where they are largest: on a phone


@dataclass(frozen=True)
class Column:
    """A column at `x`, `wide` across and `high`, with its words above (at `words`) and below; `tone` only underlines what they say."""

    x: float
    y: float
    wide: float
    high: float
    middle: float
    said: str
    label: str
    words: float
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
    shown = [said[place] if value is not None else "" for place, value in enumerate(values)]
    for above in (TOP, TOP + LINE):  # words that would meet stand on two lines, which need more room
        room = HEIGHT - above - FOOT
        highs = [round(room * min(value or 0, top) / top, 1) for value in values]
        words = _words(shown, [HEIGHT - FOOT - high for high in highs], step)
        if all(one >= TOP - 6 for one in words):
            break
    every = -(-len(labels) // 8)  # so that the words below do not meet
    drawn = [
        Column(
            round(EDGE + place * step + step * 0.15, 1), round(HEIGHT - FOOT - high, 1), round(step * 0.7, 1), high,
            round(EDGE + place * step + step / 2, 1), shown[place], labels[place] if (len(labels) - 1 - place) % every == 0 else "",
            round(words[place], 1), tones[place] if place < len(tones) else "",
        )
        for place, high in enumerate(highs)
    ]  # fmt: skip
    level = round(HEIGHT - FOOT - room * min(line, top) / top, 1) if line else None
    return Columns(title, tuple(drawn), level)


def _words(shown: Sequence[str], tops: Sequence[float], step: float) -> list[float]:
    """Where the words of each column stand: over it, a line higher where they would touch those before them."""
    placed: list[float] = []
    for place, word in enumerate(shown):
        at = tops[place] - 4
        near = [
            placed[other]
            for other in range(max(place - 3, 0), place)
            if shown[other] and word and (place - other) * step < SIGN * (len(word) + len(shown[other]) + 1) / 2
        ]
        if any(abs(at - one) < LINE for one in near):
            at -= LINE
        placed.append(at)
    return placed
