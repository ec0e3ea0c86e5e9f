"""How each kind of part looks."""

from __future__ import annotations

from portal.sample.drawings import bodies as b
from portal.sample.drawings import shapes as s
from portal.sample.drawings.pen import Pen

SOLIDS: dict[str, s.Draw] = {
    "oil-filter": s.spin_on(30, 74), "fuel-filter": s.spin_on(24, 70), "water-separator": s.spin_on(26, 84), "pilot-filter": s.spin_on(20, 54),
    "air-filter-outer": s.element(38, 96), "air-filter-inner": s.element(24, 92), "return-filter": s.element(30, 74), "cab-filter": b.cooler(84, 54, 12),
    "suction-strainer": s.element(26, 64), "breather": s.spin_on(22, 34), "fan-belt": b.belt, "fan": b.fan, "oil-switch": s.sensor(13, 44),
    "injector": s.nozzle(92), "glow-plug": s.nozzle(76), "feed-pump": s.pump(26), "turbocharger": b.turbo, "starter": s.motor(30, 96),
    "alternator": s.motor(38, 70), "radiator": b.cooler(110, 92, 16), "oil-cooler": b.cooler(96, 72, 14),
    "coolant-hose": b.hose(22, (-54, -30), (-14, 14), (24, -6), (48, 22)), "pressure-hose": b.hose(14, (-60, 4), (-20, -30), (24, 22), (54, 20)),
    "return-hose": b.hose(20, (-56, -18), (-10, 22), (20, 4), (46, 28)), "thermostat": b.thermostat, "water-pump": s.pump(32),
    "head-gasket": b.gasket(118, 52, 4), "pan-gasket": b.gasket(112, 60, 1), "engine-mount": b.mount, "main-pump": s.pump(46),
    "main-pump-kit": s.kit(46), "pilot-pump": s.pump(28), "bolt-m12": s.bolt(14, 6, 44), "bolt-m16": s.bolt(17, 8, 54), "bolt-m20": s.bolt(19, 10, 46),
    "nut-m20": s.nut, "o-ring-g45": s.rings(26, 26), "control-valve": b.valve(6), "relief-valve": b.cartridge, "solenoid": s.sensor(18, 74),
    "joystick": b.joystick, "pressure-sensor": s.sensor(13, 52), "hose-clamp": b.clamp, "swing-motor": s.pump(46), "swing-motor-kit": s.kit(40),
    "travel-motor": s.motor(48, 104), "travel-motor-kit": s.kit(44), "swivel-kit": s.rings(30, 30, 30, 30, 30), "battery": b.case(84, 50, 52, posts=True),
    "relay": b.case(24, 24, 28, plugs=1), "fuse-set": b.case(56, 40, 16, plugs=3), "start-switch": s.turned((9, 18), (16, 8), (13, 8), (4, 16), bore=1.5),
    "horn": s.turned((9, 14), (16, 6), (27, 8), (30, 5), bore=6), "work-lamp": b.lamp, "harness": b.harness, "cable-tie": b.tie, "monitor": b.screen(92, 62),
    "controller": b.case(80, 60, 22, plugs=3), "coolant-sensor": s.sensor(12, 46), "fuel-sensor": s.turned((3, 60), (4, 4), (24, 5), (9, 12), bore=4),
    "front-glass": b.pane(88, 104, 14), "side-glass": b.pane(70, 84), "door-glass": b.pane(64, 96, 20), "mirror": b.mirror, "seat": b.seat,
    "seat-belt": b.buckle, "wiper-motor": s.motor(22, 62), "wiper-blade": b.blade, "door-lock": b.lock, "track": b.track,
    "track-roller": s.turned((12, 8), (26, 10), (20, 34), (26, 10), (12, 8), bore=6), "carrier-roller": s.turned((9, 10), (22, 34), (26, 6), (12, 8), bore=5),
    "sprocket": b.sprocket, "idler": s.turned((30, 8), (42, 22), (30, 8), (12, 10), bore=6), "adjuster-kit": s.turned((8, 30), (13, 44), (17, 8), bore=7),
    "tyre": b.tyre, "rim": s.turned((40, 5), (34, 26), (40, 5), bore=18), "axle-kit": s.rings(34, 34, 28, 22), "brake-disc": b.disc,
    "shaft": s.turned((10, 12), (7, 70), (12, 10), (16, 6), bore=3), "tooth": b.tooth, "adapter": b.adapter, "tooth-pin": s.turned((7, 60), (9, 6)),
    "side-cutter": b.cutter, "cutting-edge": b.edge, "link": b.link, "seal-kit": s.rings(24, 30, 30, 26, 18), "piston": s.turned((32, 8), (29, 5), (32, 12), (29, 5), (32, 10), bore=12),
    "rod": s.turned((10, 18), (13, 108), (20, 6), (24, 22), bore=10), "gland": s.turned((30, 26), (36, 8), (24, 8), bore=14),
    "bushing": s.turned((24, 44), bore=16), "pin": s.turned((15, 92), (22, 5), bore=4),
}  # fmt: skip


def draw_piece(pen: Pen, kind: str) -> None:
    """Draw a kind of part round the origin; what nobody drew is a plain box."""
    SOLIDS.get(kind, b.case(50, 40, 36))(pen)
