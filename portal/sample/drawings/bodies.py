"""Shapes that are not turned: boxes, panes, cables, tracks, teeth. Sizes in drawing units, round the origin."""

from __future__ import annotations

from math import cos, pi, sin

from portal.sample.drawings.pen import Pen, Point, along, iso
from portal.sample.drawings.shapes import Draw


def case(x: float, y: float, z: float, *, plugs: int = 0, posts: bool = False) -> Draw:
    """A box of electronics: plugs on its side, or posts on its top."""

    def draw(pen: Pen) -> None:
        at = iso((0, 0), -x / 2, -y / 2, -z / 2)
        pen.box(at, x, y, z)
        for number in range(plugs):
            pen.box(iso(at, x=x, y=y * (number + 0.2) / plugs, z=z * 0.25), 7, y * 0.6 / plugs, z * 0.5)
        if posts:
            for place in (0.2, 0.8):
                pen.turned(iso(at, x=x * place, y=y * 0.3, z=z), ((5, 8),), "z")

    return draw


def screen(x: float, z: float) -> Draw:
    """A display or a core of fins: a flat box with lines on its face."""

    def draw(pen: Pen) -> None:
        at = iso((0, 0), -6, -x / 2, -z / 2)
        pen.box(at, 12, x, z)
        pen.polygon(
            [iso(at, 12, x * u, z * v) for u, v in ((0.1, 0.15), (0.1, 0.85), (0.9, 0.85), (0.9, 0.15))], "fine"
        )

    return draw


def cooler(x: float, z: float, fins: int) -> Draw:
    """A core of fins with its ports."""

    def draw(pen: Pen) -> None:
        at = iso((0, 0), -9, -x / 2, -z / 2)
        pen.box(at, 18, x, z)
        for number in range(1, fins):
            pen.line([iso(at, 18, x * number / fins, z * 0.1), iso(at, 18, x * number / fins, z * 0.9)])
        for level in (0.1, 0.9):
            pen.line([iso(at, 18, 0, z * level), iso(at, 18, x, z * level)])
        pen.turned(iso(at, 9, x * 0.8, z), ((7, 12),), "z", bore=5)
        pen.turned(iso(at, 18, x * 0.85, z * 0.2), ((6, 14),), "x", bore=4)

    return draw


def pane(x: float, z: float, lean: float = 0) -> Draw:
    """Glass: a thin sheet with two strokes of light."""

    def draw(pen: Pen) -> None:
        corners = [(-x / 2, -z / 2), (x / 2, -z / 2), (x / 2 - lean, z / 2), (-x / 2 + lean * 0.4, z / 2)]
        pen.polygon([iso((0, 0), y=u, z=v) for u, v in corners])
        pen.polygon([iso((3, 2), y=u, z=v) for u, v in corners])
        for shift in (0.0, 9.0):
            pen.line([iso((0, 0), y=shift - 8, z=-z * 0.2), iso((0, 0), y=shift + 10, z=z * 0.2)])

    return draw


def gasket(x: float, y: float, holes: int) -> Draw:
    """A flat gasket, lying, with its bores."""

    def draw(pen: Pen) -> None:
        at = iso((0, 0), -x / 2, -y / 2)
        pen.box(at, x, y, 3)
        for number in range(holes):
            pen.ring(iso(at, x=x * (number + 0.5) / holes, y=y / 2, z=3), min(y, x / holes) * 0.34, "z", "hole")
        for u in (0.06, 0.94):
            for v in (0.12, 0.88):
                pen.ring(iso(at, x * u, y * v, 3), 2.2, "z", "hole")

    return draw


def hose(width: float, *points: Point) -> Draw:
    """A hose with a fitting at each end."""

    def draw(pen: Pen) -> None:
        pen.tube(points, width)
        pen.turned(points[-1], ((width * 0.62, 7), (width * 0.8, 8)), "x", bore=width * 0.3)
        pen.turned(points[0], ((width * 0.62, 8),), "x", bore=width * 0.35)

    return draw


def belt(pen: Pen) -> None:
    """A belt, lying open."""
    for size in (46, 38):
        pen.ring((0, 0), size, kind="ink" if size == 46 else "hole")
    for size in (44, 41):
        pen.ring((0, 0), size, kind="fine")


def fan(pen: Pen) -> None:
    """Six blades and a hub."""
    for number in range(6):
        pen.extruded((0, 0), _rotated([(6, -5), (44, -13), (48, 9), (8, 6)], number * pi / 3), 6)
    pen.turned((-4, -2), ((12, 10), (8, 6)), bore=4)


def _rotated(points: list[tuple[float, float]], turn: float) -> list[tuple[float, float]]:
    return [(u * cos(turn) - v * sin(turn), u * sin(turn) + v * cos(turn)) for u, v in points]


def clamp(pen: Pen) -> None:
    """A band with its screw."""
    pen.turned((-3, -2), ((22, 8),), bore=19)
    pen.box(iso((0, 0), x=-4, y=-6, z=22), 12, 12, 7)
    pen.turned(iso((0, 0), x=8, y=0, z=25), ((3.5, 10),), "x")


def valve(blocks: int) -> Draw:
    """A sectional valve: blocks side by side, spool caps in front, ports on top."""

    def draw(pen: Pen) -> None:
        for number in range(blocks):
            at = iso((0, 0), x=-22, y=(number - blocks / 2) * 15, z=-26)
            pen.box(at, 44, 14, 52)
            pen.turned(iso(at, x=44, y=7, z=34), ((6, 8), (4, 6)), "x")
            pen.turned(iso(at, x=14, y=7, z=52), ((5, 6),), "z", bore=3)
            pen.turned(iso(at, x=31, y=7, z=52), ((5, 6),), "z", bore=3)

    return draw


def cartridge(pen: Pen) -> None:
    """A screw-in valve."""
    at = along("x", -34)
    at = pen.turned(at, ((7, 10), (9, 6), (7, 8), (10, 12)))
    at = pen.prism(at, 6, 15, 10)
    pen.turned(at, ((11, 22), (8, 4)))


def joystick(pen: Pen) -> None:
    """A lever on its base."""
    pen.box(iso((0, 0), -20, -20, -40), 40, 40, 8)
    pen.turned(iso((0, 0), z=-32), ((17, 6), (13, 6), (9, 6), (5, 14)), "z")
    pen.turned(iso((0, 0), z=0), ((9, 6), (11, 24), (9, 8)), "z")
    pen.turned(iso((0, 0), z=38), ((3, 3),), "z")


def lamp(pen: Pen) -> None:
    """A lamp on its foot."""
    at = pen.turned(along("x", -20), ((10, 8), (24, 14), (28, 6)))
    pen.ring(at, 22, kind="fine")
    pen.ring(at, 8, kind="fine")
    pen.box(iso((0, 0), -6, -4, -44), 10, 8, 18)


def harness(pen: Pen) -> None:
    """Cables that part, a plug at each end."""
    pen.tube(((-62, -20), (-20, 10), (24, -6), (60, 22)), 7)
    pen.tube(((-20, 10), (6, 34), (30, 40)), 5)
    pen.tube(((24, -6), (40, -30), (58, -34)), 5)
    for at in ((60, 22), (30, 40), (58, -34), (-70, -24)):
        pen.box((at[0], at[1] + 4), 14, 10, 10)


def tie(pen: Pen) -> None:
    """A cable tie."""
    pen.tube(((-40, 12), (-10, -10), (28, -4), (44, 14)), 5)
    pen.box((40, 20), 9, 9, 9)


def seat(pen: Pen) -> None:
    """A seat with its head rest."""
    pen.box(iso((0, 0), -26, -26, -40), 52, 52, 8)
    pen.box(iso((0, 0), -30, -30, -30), 60, 60, 16)
    pen.box(iso((0, 0), -32, -30, -14), 16, 60, 66)
    pen.box(iso((0, 0), -30, -16, 54), 12, 32, 18)


def buckle(pen: Pen) -> None:
    """A belt with its buckle."""
    pen.tube(((-58, -14), (-14, 12), (30, 4)), 10)
    pen.box((26, 14), 26, 18, 8)
    pen.turned((-62, -16), ((13, 9),), "x", bore=6)


def blade(pen: Pen) -> None:
    """A wiper blade on its arm."""
    pen.tube(((-56, -36), (0, -6), (56, 30)), 6)
    pen.tube(((-30, -26), (-6, -24), (4, -8)), 5)
    pen.turned((-34, -28), ((6, 8),), "x", bore=2.5)


def mirror(pen: Pen) -> None:
    """A mirror on its arm."""
    pen.tube(((-44, 34), (-40, -10), (-10, -14)), 6)
    pen.box(iso((8, 12), -5, -22, -10), 9, 44, 46)
    pen.polygon([iso((8, 12), 4, u, v) for u, v in ((-18, -6), (-18, 32), (18, 32), (18, -6))], "fine")


def track(pen: Pen) -> None:
    """A piece of track, shoe by shoe."""
    for number in range(9):
        pen.box(iso((0, 0), x=-58 + number * 13, y=-26, z=-6), 11, 52, 7)
        pen.box(iso((0, 0), x=-56 + number * 13, y=-6, z=1), 8, 12, 6)


def sprocket(pen: Pen) -> None:
    """A toothed wheel with bolt holes."""
    at = pen.gear((-6, -4), 15, 48, 8, 12)
    pen.ring(at, 30, kind="fine")
    pen.ring(at, 18, kind="hole")
    for across, up in ((20, 14), (-20, 14), (20, -14), (-20, -14)):
        pen.ring(iso(at, y=across, z=up), 3, kind="hole")


def tyre(pen: Pen) -> None:
    """A tyre with its tread."""
    at = pen.turned(along("x", -22), ((46, 6), (54, 32), (46, 6)), bore=26)
    for number in range(1, 6):
        pen.rib(iso(along("x", -16), x=number * 5.4), 54)
    pen.ring(at, 32, kind="fine")


def disc(pen: Pen) -> None:
    """A brake disc with its hub."""
    at = pen.turned((-4, -2), ((46, 6), (22, 10)), bore=12)
    for across, up in ((0, 17), (0, -17), (17, 0), (-17, 0)):
        pen.ring(iso(at, y=across, z=up), 2.4, kind="hole")


def tooth(pen: Pen) -> None:
    """A bucket's tooth."""
    pen.polygon([(-46, -30), (-22, -46), (40, 6), (44, 22), (10, 8), (-40, -6)])
    pen.polygon([(-46, -30), (-40, -6), (10, 8), (44, 22), (34, 26), (-4, 22), (-52, -2)])
    pen.ring((-30, -22), 7, "y", "hole")


def adapter(pen: Pen) -> None:
    """What a tooth is pinned to."""
    pen.polygon([(-54, -34), (-16, -46), (14, -20), (40, 4), (30, 16), (-10, -4), (-50, -12)])
    pen.polygon([(-54, -34), (-50, -12), (-10, -4), (30, 16), (26, 28), (-14, 12), (-58, -4)])
    pen.ring((8, -6), 6, "y", "hole")


def cutter(pen: Pen) -> None:
    """A side cutter, two bolt holes."""
    pen.extruded((-8, -4), [(-40, -14), (28, -20), (44, 0), (20, 26), (-34, 22)], 12)
    for across, up in ((-18, 0), (4, 2)):
        pen.ring(iso((2, 2), y=-across, z=up), 4, kind="hole")


def edge(pen: Pen) -> None:
    """A cutting edge, five bolt holes."""
    pen.box(iso((0, 0), -14, -60, -4), 28, 120, 9)
    for number in range(5):
        pen.ring(iso((0, 0), 0, -48 + number * 24, 5), 4, "z", "hole")


def link(pen: Pen) -> None:
    """A link with an eye at each end."""
    pen.box(iso((0, 0), -50, -9, -10), 100, 18, 20)
    for place in (-50, 50):
        pen.turned(iso((0, 0), place, -15, 0), ((17, 30),), "y", bore=9)


def lock(pen: Pen) -> None:
    """A lock with its handle."""
    pen.box(iso((0, 0), -14, -24, -24), 22, 44, 46)
    pen.tube(((10, 8), (34, 4), (40, 26)), 8)
    pen.ring(iso((0, 0), 8, 4, 8), 6, kind="hole")


def turbo(pen: Pen) -> None:
    """A turbocharger: turbine, shaft, compressor."""
    pen.turned(along("x", -48), ((16, 10), (40, 16), (36, 6)))
    pen.turned(along("x", -22), ((16, 16),))
    at = pen.turned(along("x", -6), ((34, 6), (38, 14), (18, 14)), bore=12)
    pen.turned(iso(at, x=-20, y=10, z=30), ((11, 14), (15, 4)), "z", bore=8)


def thermostat(pen: Pen) -> None:
    """A thermostat."""
    at = pen.turned(along("x", -30), ((8, 14), (12, 10), (28, 4)))
    pen.turned(at, ((20, 5), (9, 8), (4, 8)))


def mount(pen: Pen) -> None:
    """A rubber mount on its plate."""
    pen.box(iso((0, 0), -26, -26, -24), 52, 52, 6)
    pen.turned(iso((0, 0), z=-18), ((20, 8), (23, 10), (18, 8), (26, 4), (5, 18)), "z")
