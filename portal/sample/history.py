"""What became of parts: old numbers in the dress of their day, successors, other makers' numbers. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

from portal.sample.parts import SamplePart


@dataclass(frozen=True)
class OldPart:
    """A number of former times: it became `quantity` x each of `became` (keys of parts, or of other old parts)."""

    key: str
    number: str
    like: str
    became: tuple[tuple[str, int], ...]
    mode: str = "USE_UP"
    both: bool = False
    days_ago: int = 700
    left: int = 0  # pieces of it still on the shelf


# Chains and several heirs, told by hand: these are the ones worth trying.
TOLD = (
    OldPart("old/oil-filter-2", "BR 117/0345-7", "oil-filter/M", (("old/oil-filter-1", 1),), days_ago=2600),
    OldPart("old/oil-filter-1", "117.20.3457", "oil-filter/M", (("oil-filter/M", 1),), days_ago=1100),
    OldPart("old/pump-3", "BR 240/0071-1", "main-pump/L", (("old/pump-2", 1),), days_ago=3100),
    OldPart("old/pump-2", "240.10.0711", "main-pump/L", (("old/pump-1", 1),), "RUN_IN", days_ago=2000),
    OldPart("old/pump-1", "2110-00711A", "main-pump/L", (("main-pump/L", 1),), "NEVER_MIX", days_ago=800),
    OldPart(
        "old/boom-set",
        "BR 311/8840-0",
        "seal-kit/boom/M",
        (("seal-kit/boom/M", 1), ("bushing/boom/M", 2)),
        "RUN_IN",
        days_ago=900,
    ),
    OldPart(
        "old/filter-set",
        "119.05.0500",
        "service-500/S",
        (("oil-filter/S", 1), ("fuel-filter/S", 1), ("water-separator/S", 1)),
        days_ago=1300,
    ),
    OldPart("old/rollers", "BR 611/2204-8", "track-roller/M", (("track-roller/M", 1),), "NEVER_MIX", days_ago=600),
    OldPart("old/injectors", "141.00.3120", "injector/L", (("injector/L", 1),), "NEVER_MIX", days_ago=450),
    OldPart("old/lamps", "A422-08 900", "work-lamp/M", (("work-lamp/M", 2),), "RUN_IN", days_ago=500),
    OldPart(
        "old/alternator",
        "132.00.3980",
        "alternator/M",
        (("alternator/M", 1),),
        "RUN_IN",
        both=True,
        days_ago=380,
        left=3,
    ),
    OldPart("old/belt", "A121-02 150", "fan-belt/S", (("fan-belt/S", 1),), days_ago=200, left=14),
    OldPart("old/horn", "A421-02 750", "horn/L", (("horn/L", 1),), days_ago=150, left=6),
)
# One plain successor each; the number is drawn in the old dress.
PLAIN = (
    "seal-kit/arm/M", "seal-kit/bucket/L", "fuel-filter/L", "water-pump/M", "starter/S", "thermostat/L", "return-filter/M", "breather/W",
    "solenoid/M", "relay/M", "mirror/S", "seat/M", "tooth/M", "cutting-edge/W", "pressure-hose/L", "coolant-sensor/S",
)  # fmt: skip
_DRESSES = ("BR {a}/{b}-{c}", "{a}.{d}.{b}", "A{a}-{d} {e}")
# Makers beside ours whose numbers people know; some of their numbers stand for two of our parts.
CATALOGUES = ("DELMER", "KITAGEN", "ORVANT")
_TWICE = (("oil-filter/S", "oil-filter/M"), ("fan-belt/M", "fan-belt/W"), ("relay/S", "relay/L"), ("horn/S", "horn/M"))


def old_parts(draw: Random) -> list[OldPart]:
    """Every superseded part."""
    return [*TOLD, *(_plain(key, draw) for key in PLAIN)]


def _plain(key: str, draw: Random) -> OldPart:
    figures = {
        "a": draw.randrange(110, 800), "b": f"{draw.randrange(10_000):04}", "c": draw.randrange(10), "d": f"{draw.randrange(100):02}",
        "e": f"{draw.randrange(1000):03}",
    }  # fmt: skip
    number = draw.choice(_DRESSES).format(**figures)
    return OldPart(
        f"old/{key}", number, key, ((key, 1),), draw.choice(("USE_UP", "RUN_IN")), days_ago=draw.randrange(120, 1500)
    )


def foreign_numbers(parts: list[SamplePart], draw: Random) -> list[tuple[str, str, str]]:
    """(key of our part, catalogue, its number there); the last ones are each two of our parts."""
    known = [
        part for part in parts if part.group in ("FILTERS", "SEALS", "ELECTRICS", "WEAR", "ENGINE") and "/" in part.key
    ]
    rows = [
        (part.key, catalogue, f"{catalogue[0]}{part.kind[0].upper()}-{draw.randrange(1000, 100_000)}")
        for part in draw.sample(known, 130)
        for catalogue in draw.sample(CATALOGUES, draw.choice((1, 1, 2)))
    ]
    for pair in _TWICE:
        number = f"K-{draw.randrange(10_000, 100_000)}/{draw.randrange(10)}"
        rows += [(key, "KITAGEN", number) for key in pair]
    return rows
