"""A sheet of the parts book: pieces in the order of their callouts along the lines they come apart on, each with a balloon."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from portal.sample.drawings.pen import Pen, Point
from portal.sample.drawings.solids import draw_piece

_PER_LINE = 4
_STEP = 147.0, 84.87  # from one piece to the next on a line
_LINE = -76.0, 178.0  # from one line to the next
_AWAY = 30.0  # of a balloon, beyond its piece
_MARGIN = 30.0


@dataclass(frozen=True)
class Spot:
    """A balloon: its label, its middle, and the point of the piece it names."""

    label: str
    x: int
    y: int
    to_x: int
    to_y: int


@dataclass(frozen=True)
class Sheet:
    """A drawing: size, SVG elements, balloons. Lengths in drawing units from the upper left corner."""

    width: int
    height: int
    shapes: str
    spots: tuple[Spot, ...]


def sheet_draw(pieces: Sequence[tuple[str, str]]) -> Sheet:
    """Draw pieces (label, kind)."""
    drawn = [_drawn(kind) for _, kind in pieces]
    places = [_place(number) for number in range(len(pieces))]
    marks = [f'<path class="axis" d="{line}"/>' for line in _axes(places)]
    spots = []
    for (label, _), pen, place in zip(pieces, drawn, places, strict=True):
        marks.append(
            f'<g class="piece" data-callout="{label}" transform="translate({place[0]:g} {place[1]:g})">{"".join(pen.marks)}</g>'
        )
        spots.append(_balloon(label, pen, place))
    return _framed(marks, spots, drawn, places)


def _drawn(kind: str) -> Pen:
    pen = Pen()
    draw_piece(pen, kind)
    return pen


def _place(number: int) -> Point:
    line, turn = divmod(number, _PER_LINE)
    return turn * _STEP[0] + line * _LINE[0], turn * _STEP[1] + line * _LINE[1]


def _axes(places: Sequence[Point]) -> list[str]:
    """The chain lines through the pieces of each line, reaching out at both ends."""
    lines = [places[at : at + _PER_LINE] for at in range(0, len(places), _PER_LINE)]
    return [
        f"M{line[0][0] - 78:g} {line[0][1] - 45:g}L{line[-1][0] + 78:g} {line[-1][1] + 45:g}"
        for line in lines
        if len(line) > 1
    ]


def _balloon(label: str, pen: Pen, place: Point) -> Spot:
    """Above the piece, to the right; the leader ends inside its outline."""
    left, top, right, bottom = pen.bounds()
    return Spot(
        label,
        round(place[0] + (left + right) / 2 + 34),
        round(place[1] + top - _AWAY),
        round(place[0] + (left + right) / 2 + 4),
        round(place[1] + top + (bottom - top) * 0.3),
    )


def _framed(marks: Sequence[str], spots: Sequence[Spot], drawn: Sequence[Pen], places: Sequence[Point]) -> Sheet:
    """Move everything so that the sheet begins at 0, 0 with a margin all round."""
    boxes = [
        (x + one[0], y + one[1], x + one[2], y + one[3])
        for (x, y), one in zip(places, (pen.bounds() for pen in drawn), strict=True)
    ]
    left = min([box[0] for box in boxes] + [spot.x - 14 for spot in spots]) - _MARGIN
    top = min([box[1] for box in boxes] + [spot.y - 14 for spot in spots]) - _MARGIN
    right, bottom = max(box[2] for box in boxes) + _MARGIN, max(box[3] for box in boxes) + _MARGIN
    shapes = f'<g transform="translate({-left:.0f} {-top:.0f})">{"".join(marks)}</g>'
    moved = tuple(
        Spot(spot.label, round(spot.x - left), round(spot.y - top), round(spot.to_x - left), round(spot.to_y - top))
        for spot in spots
    )
    return Sheet(round(right - left), round(bottom - top), shapes, moved)
