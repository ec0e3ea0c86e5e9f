"""A pen that draws solids in isometric projection as SVG. Pure: lengths in drawing units, colours are the page's (classes).

Axes on paper: x goes right and down, y left and down, z up; a length along an axis shows 0.816 long, a circle square to an axis
is an ellipse 0.577 as wide along it. Whoever draws goes from what is far to what is near: the near covers the far.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from math import cos, pi, radians, sin

Point = tuple[float, float]
Profile = Sequence[tuple[float, float]]

SHORT = 0.8165  # of a length along an axis
FLAT = 0.577  # of a circle, along the axis it stands square to
ANGLES = {"x": 30.0, "y": 150.0, "z": -90.0}


def along(axis: str, length: float) -> Point:
    """Where `length` along an axis leads on paper."""
    angle = radians(ANGLES[axis])
    return cos(angle) * length * SHORT, sin(angle) * length * SHORT


def iso(at: Point, x: float = 0, y: float = 0, z: float = 0) -> Point:
    """A point in space, from the corner `at`."""
    steps = (along("x", x), along("y", y), along("z", z))
    return at[0] + sum(step[0] for step in steps), at[1] + sum(step[1] for step in steps)


@dataclass
class Pen:
    """What has been drawn, as SVG elements, and how far it reaches."""

    marks: list[str] = field(default_factory=list)
    reach: list[Point] = field(default_factory=list)

    def path(self, steps: str, kind: str = "ink") -> None:
        """A path as SVG writes it."""
        self.marks.append(f'<path class="{kind}" d="{steps}"/>')

    def polygon(self, points: Iterable[Point], kind: str = "ink") -> None:
        """A closed face."""
        corners = list(points)
        self.reach += corners
        self.path("M" + "L".join(_at(corner) for corner in corners) + "Z", kind)

    def line(self, points: Iterable[Point], kind: str = "fine") -> None:
        """An open line."""
        self.path("M" + "L".join(_at(point) for point in points), kind)

    def ring(self, at: Point, radius: float, axis: str = "x", kind: str = "ink") -> None:
        """A circle square to an axis."""
        across, angle = _across(axis, radius), ANGLES[axis]
        self.reach += [(at[0] + across[0], at[1] + across[1]), (at[0] - across[0], at[1] - across[1])]
        self.marks.append(
            f'<ellipse class="{kind}" cx="{_n(at[0])}" cy="{_n(at[1])}" rx="{_n(radius * FLAT)}" ry="{_n(radius)}"'
            f' transform="rotate({angle:g} {_at(at)})"/>'
        )

    def rib(self, at: Point, radius: float, axis: str = "x") -> None:
        """The half of a circle that one sees on a turned part."""
        one, other = _sum(at, _across(axis, radius)), _sum(at, _across(axis, radius), -1)
        self.path(f"M{_at(one)}A{_n(radius * FLAT)} {_n(radius)} {ANGLES[axis]:g} 0 0 {_at(other)}", "fine")

    def turned(self, at: Point, profile: Profile, axis: str = "x", *, bore: float = 0) -> Point:
        """A part from a lathe: (radius, length) from far to near. Answers the middle of its near face; `bore` is a hole in it."""
        for radius, length in profile:
            step, across = along(axis, length), _across(axis, radius)
            end = at[0] + step[0], at[1] + step[1]
            arc = f"A{_n(radius * FLAT)} {_n(radius)} {ANGLES[axis]:g} 0 "
            one, other = _sum(at, across), _sum(at, across, -1)
            self.path(
                f"M{_at(one)}L{_at(_sum(end, across))}{arc}0 {_at(_sum(end, across, -1))}L{_at(other)}{arc}0 {_at(one)}Z"
            )
            self.ring(end, radius, axis)
            self.reach += [one, other]
            at = end
        if bore:
            self.ring(at, bore, axis, "hole")
        return at

    def prism(self, at: Point, sides: int, radius: float, length: float, axis: str = "x", *, turn: float = 0) -> Point:
        """A bar of so many sides: a bolt's head, a sprocket. Answers the middle of its near face."""
        return self.extruded(at, [(radius * cos(a), radius * sin(a)) for a in _turns(sides, turn)], length, axis)

    def gear(self, at: Point, teeth: int, radius: float, depth: float, length: float, axis: str = "x") -> Point:
        """A toothed wheel."""
        outline = []
        for number in range(teeth):
            for share, level in ((0.1, radius), (0.4, radius), (0.6, radius - depth), (0.9, radius - depth)):
                angle = 2 * pi * (number + share) / teeth
                outline.append((level * cos(angle), level * sin(angle)))
        return self.extruded(at, outline, length, axis)

    def extruded(self, at: Point, outline: Sequence[tuple[float, float]], length: float, axis: str = "x") -> Point:
        """An outline (across, along the short way of a circle), drawn out along an axis."""
        across, step = _across(axis, 1), along(axis, length)
        flat = along(axis, FLAT / SHORT)
        far = [(at[0] + u * across[0] + v * flat[0], at[1] + u * across[1] + v * flat[1]) for u, v in outline]
        near = [_sum(point, step) for point in far]
        faces = [(far[i - 1], far[i], near[i], near[i - 1]) for i in range(len(far))]
        for face in faces:
            if _area(face) < 0:
                self.polygon(face)
        self.polygon(near)
        return at[0] + step[0], at[1] + step[1]

    def box(self, at: Point, x: float, y: float, z: float) -> None:
        """A box whose far lower corner is `at`: its top and the two sides one sees."""
        self.polygon([iso(at, 0, 0, z), iso(at, x, 0, z), iso(at, x, y, z), iso(at, 0, y, z)])
        self.polygon([iso(at, x, 0, 0), iso(at, x, 0, z), iso(at, x, y, z), iso(at, x, y, 0)])
        self.polygon([iso(at, 0, y, 0), iso(at, 0, y, z), iso(at, x, y, z), iso(at, x, y, 0)])

    def tube(self, points: Sequence[Point], width: float) -> None:
        """A hose or cable along a smooth line through the points."""
        steps = f"M{_at(points[0])}"
        for i in range(1, len(points)):
            before, here = points[i - 1], points[i]
            middle = (before[0] + here[0]) / 2
            steps += f"C{_n(middle)} {_n(before[1])} {_n(middle)} {_n(here[1])} {_at(here)}"
        self.reach += list(points)
        self.marks.append(f'<path class="tube" stroke-width="{_n(width)}" d="{steps}"/>')
        self.marks.append(f'<path class="inside" stroke-width="{_n(width - 2.6)}" d="{steps}"/>')

    def bounds(self) -> tuple[float, float, float, float]:
        """Left, top, right, bottom of what was drawn."""
        across, down = [x for x, _ in self.reach], [y for _, y in self.reach]
        return min(across), min(down), max(across), max(down)


def _turns(sides: int, turn: float) -> list[float]:
    return [2 * pi * number / sides + turn for number in range(sides)]


def _across(axis: str, radius: float) -> Point:
    angle = radians(ANGLES[axis])
    return -sin(angle) * radius, cos(angle) * radius


def _sum(one: Point, other: Point, sign: int = 1) -> Point:
    return one[0] + sign * other[0], one[1] + sign * other[1]


def _area(face: Sequence[Point]) -> float:
    return sum(face[i - 1][0] * face[i][1] - face[i][0] * face[i - 1][1] for i in range(len(face)))


def _n(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")


def _at(point: Point) -> str:
    return f"{_n(point[0])} {_n(point[1])}"
