"""Shapes that kinds of part share, and those that only one has: a few strokes of the pen, round the origin. Sizes in drawing units."""

from __future__ import annotations

from collections.abc import Callable

from portal.sample.drawings.pen import Pen, along, iso

Draw = Callable[[Pen], None]


def turned(*profile: tuple[float, float], bore: float = 0, axis: str = "x") -> Draw:
    """A part from a lathe, its middle at the origin."""

    def draw(pen: Pen) -> None:
        half = along(axis, -sum(length for _, length in profile) / 2)
        pen.turned(half, profile, axis, bore=bore)

    return draw


def rings(*radii: float, apart: float = 11, thick: float = 4) -> Draw:
    """Seals side by side on one axis."""

    def draw(pen: Pen) -> None:
        for number, radius in enumerate(radii):
            at = along("x", (number - (len(radii) - 1) / 2) * apart)
            pen.turned(at, ((radius, thick),), bore=radius * 0.78)

    return draw


def bolt(head: float, shank: float, length: float) -> Draw:
    """A hexagon bolt with its washer; the thread is shown by fine rings."""

    def draw(pen: Pen) -> None:
        at = along("x", -length / 2 - 8)
        for number in range(int(length / 5)):
            at = pen.turned(at, ((shank * (1 if number % 2 else 0.92), 5),))
        at = pen.turned(at, ((head * 1.25, 2.5),))
        pen.prism(at, 6, head, 9)

    return draw


def nut(pen: Pen) -> None:
    """A hexagon nut on its washer."""
    at = pen.turned((-10, -6), ((17, 3),))
    at = pen.prism(at, 6, 14, 12)
    pen.ring(at, 8, kind="hole")


def spin_on(radius: float, length: float) -> Draw:
    """A spin-on cartridge: crimped rim, ribs at its foot."""

    def draw(pen: Pen) -> None:
        at = along("z", -length / 2)
        top = pen.turned(
            at,
            ((radius * 0.94, length * 0.16), (radius, length * 0.72), (radius * 1.05, length * 0.12)),
            "z",
            bore=radius * 0.3,
        )
        pen.ring(top, radius * 0.7, "z", "fine")
        for level in (0.3, 0.42, 0.54):
            pen.rib(iso(at, z=length * level), radius, "z")

    return draw


def element(radius: float, length: float) -> Draw:
    """A pleated element: end caps, pleats between."""

    def draw(pen: Pen) -> None:
        at = along("x", -length / 2)
        pen.turned(at, ((radius * 1.06, 7), (radius, length - 14), (radius * 1.06, 7)), bore=radius * 0.55)
        for number in range(1, 9):
            pen.rib(iso(at, x=7 + (length - 14) * number / 9), radius)

    return draw


def motor(radius: float, length: float) -> Draw:
    """An electric machine: bell, slotted shell, shaft with pulley."""

    def draw(pen: Pen) -> None:
        at = along("x", -length / 2)
        at = pen.turned(
            at,
            (
                (radius * 0.7, length * 0.12),
                (radius, length * 0.6),
                (radius * 0.92, length * 0.1),
                (radius * 0.3, length * 0.1),
            ),
        )
        pen.turned(at, ((radius * 0.55, 5), (radius * 0.4, 4), (radius * 0.55, 5), (radius * 0.16, 8)))
        pen.turned(along("z", radius * 0.98), ((radius * 0.22, length * 0.3),), "x")

    return draw


def pump(size: float) -> Draw:
    """A hydraulic machine: flange with bolt holes, housing, port block, splined shaft."""

    def draw(pen: Pen) -> None:
        at = along("x", -size * 1.1)
        at = pen.turned(at, ((size * 0.5, size * 0.25), (size * 0.72, size * 0.75)))
        pen.box(iso(at, x=-size * 0.55, y=-size * 0.25, z=size * 0.55), size * 0.5, size * 0.5, size * 0.3)
        at = pen.prism(at, 8, size * 0.98, size * 0.14, turn=0.39)
        for across, up in ((0.72, 0), (-0.72, 0)):
            pen.ring(iso(at, y=across * size * 0.9, z=up), size * 0.09, kind="hole")
        pen.turned(at, ((size * 0.5, size * 0.12), (size * 0.2, size * 0.5)), bore=size * 0.06)

    return draw


def kit(size: float) -> Draw:
    """A kit: shaft, plate, rings."""

    def draw(pen: Pen) -> None:
        pen.turned(along("x", -size), ((size * 0.6, size * 0.12),), bore=size * 0.4)
        at = pen.turned(along("x", -size * 0.62), ((size * 0.5, size * 0.4), (size * 0.28, size * 0.25)))
        pen.turned(iso(at, x=size * 0.12), ((size * 0.55, size * 0.1),), bore=size * 0.3)
        pen.turned(iso(at, x=size * 0.42), ((size * 0.42, size * 0.08),), bore=size * 0.28)

    return draw


def sensor(radius: float, length: float) -> Draw:
    """A screwed sensor: thread, hexagon, plug."""

    def draw(pen: Pen) -> None:
        at = along("x", -length / 2)
        for number in range(3):
            at = pen.turned(at, ((radius * (0.55 if number % 2 else 0.5), length * 0.1),))
        at = pen.prism(at, 6, radius, length * 0.2)
        pen.turned(at, ((radius * 0.6, length * 0.34), (radius * 0.7, length * 0.12)), bore=radius * 0.35)

    return draw


def nozzle(length: float) -> Draw:
    """An injector or glow plug, slender and stepped."""
    return turned(
        (2.5, length * 0.2), (5, length * 0.25), (8, length * 0.22), (11, length * 0.18), (6, length * 0.15), bore=2.5
    )
