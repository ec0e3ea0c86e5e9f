"""The parts list, composed of words and sizes of machine. Pure: the same seed gives the same parts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from random import Random

from portal.sample import words
from portal.sample.words import Kind, Words, kinds, of_cylinder

MAKER = "Baramsan"
MINI, MIDI, HEAVY, LOADER = "S", "M", "L", "W"
_PRICE = {MINI: 0.55, MIDI: 1.0, HEAVY: 1.85, LOADER: 1.35}
_WEIGHT = {MINI: 0.45, MIDI: 1.0, HEAVY: 2.1, LOADER: 1.5}
_CYLINDERS = {
    MINI: ("boom", "arm", "bucket", "swing", "blade"),
    MIDI: ("boom", "arm", "bucket", "swing", "blade"),
    HEAVY: ("boom", "arm", "bucket"),
    LOADER: ("lift", "tilt", "steering"),
}
_EXCAVATOR_ONLY = {"swing-motor", "swing-motor-kit", "travel-motor", "travel-motor-kit", "swivel-kit"}
_CATEGORIES: dict[str, Words] = {
    "11": ("Filters", "필터", "フィルター"), "31": ("Cylinders", "실린더", "シリンダー"), "1": ("Engine", "엔진", "エンジン"),
    "2": ("Hydraulics", "유압", "油圧"), "4": ("Electrics", "전장", "電装"), "5": ("Cab", "캡", "キャブ"), "6": ("Undercarriage", "하부 주행체", "足回り"),
    "7": ("Attachment", "작업 장치", "作業機"), "8": ("Consumables", "소모품", "消耗品"), "9": ("Hardware", "체결 부품", "締結部品"),
}  # fmt: skip
CATEGORIES = tuple(_CATEGORIES.values())
_HS = {
    "SEALS": "401693", "FILTERS": "842123", "HYDRAULICS": "841290", "ENGINE": "840999", "ELECTRICS": "851290", "BATTERIES": "850710",
    "GLASS": "700721", "PAINT": "320890", "FLUIDS": "271019", "HARDWARE": "731815", "HOSES": "400922",
}  # fmt: skip
_HAZARD = {
    "battery": "UN 2794, class 8", "paint-blue": "UN 1263, class 3", "paint-grey": "UN 1263, class 3",
    "paint-spray": "UN 1950, class 2.1", "cleaner": "UN 1950, class 2.1", "gas-spring": "UN 3164, class 2.2",
}  # fmt: skip
_SHELF_LIFE = {"SEALS": 1825, "FLUIDS": 1095, "PAINT": 730, "BATTERIES": 365, "HOSES": 2190}
_PACKS = {
    "HARDWARE": 10,
    "tooth": 5,
    "tooth-pin": 5,
    "o-ring-p12": 10,
    "o-ring-p20": 10,
    "o-ring-g45": 5,
    "cable-tie": 100,
    "grease": 12,
}
_MINIMUM = {"cable-tie": 100, "washer-m8": 50, "washer-m10": 50, "nut-m8": 50}
_CORE = {
    "starter": 45000,
    "alternator": 40000,
    "turbocharger": 150000,
    "main-pump": 520000,
    "injector": 30000,
    "compressor": 60000,
}
_UNITS = {
    "engine-oil": "CAN",
    "hydraulic-oil": "CAN",
    "hydraulic-drum": "DRM",
    "gear-oil": "CAN",
    "coolant": "CAN",
    "track": "SET",
}
# What the maker changed in the life of its machines: from the serial break on, another part sits at the same callout.
REVISED = (
    "seal-kit/boom",
    "seal-kit/lift",
    "main-pump-kit",
    "monitor",
    "air-filter-outer",
    "track-roller",
    "controller",
)
_KITS: dict[str, tuple[str, Words, tuple[str, ...]]] = {
    "service-500": (
        "1910",
        ("Service kit, 500 h", "500시간 정비 키트", "500時間整備キット"),
        ("oil-filter", "fuel-filter", "water-separator"),
    ),
    "service-1000": (
        "1920",
        ("Service kit, 1000 h", "1000시간 정비 키트", "1000時間整備キット"),
        ("oil-filter", "fuel-filter", "water-separator", "air-filter-outer", "return-filter", "cab-filter"),
    ),
}


@dataclass(frozen=True)
class SamplePart:
    """A part to be made. `key` names it in this package (`seal-kit/boom/M`); `won` is the Korean list price of one piece."""

    key: str
    number: str
    group: str
    names: Words
    grams: int
    won: int
    kind: str
    holds: tuple[str, ...] = ()

    @property
    def category(self) -> str:
        """The chapter of the parts book."""
        return (_CATEGORIES.get(self.number[:2]) or _CATEGORIES[self.number[0]])[0]

    @property
    def hs_code(self) -> str:
        """The customs number of its group."""
        return _HS.get(self.group, "843149")

    @property
    def hazard(self) -> str:
        """UN number and class; empty when harmless."""
        return _HAZARD.get(self.kind, "")

    @property
    def shelf_life_days(self) -> int | None:
        """Days it may lie on the shelf; None: for ever."""
        return _SHELF_LIFE.get(self.group)

    @property
    def pack(self) -> int:
        """Sold in multiples of this."""
        return _PACKS.get(self.kind) or _PACKS.get(self.group, 1)

    @property
    def minimum(self) -> int:
        """Not sold in fewer pieces."""
        return _MINIMUM.get(self.kind, 1)

    @property
    def core_charge(self) -> int:
        """The deposit on the old unit, in won."""
        return _CORE.get(self.kind, 0)

    @property
    def unit(self) -> str:
        """The unit it is counted in."""
        return _UNITS.get(self.kind, "PCE")


def sample_parts(draw: Random) -> list[SamplePart]:
    """Every current part: of each size of machine, its revisions, its service kits, and what all machines share."""
    numbers: set[str] = set()
    made = [_numbered(part, numbers, draw) for size in (MINI, MIDI, HEAVY, LOADER) for part in _of_size(size)]
    made += [_numbered(_part(kind, "", kind.names), numbers, draw) for kind in kinds(words.COMMON)]
    # Two numbers that are one when their dress is gone: whoever types it bare must be asked which one is meant.
    twins = {"hose-clamp": "9510-12460", "grease-nipple": "95101-2460"}
    return [replace(part, number=twins.get(part.key, part.number)) for part in made]


def _of_size(size: str) -> Iterator[SamplePart]:
    for kind in kinds(words.ON_CYLINDERS):
        for cylinder in _CYLINDERS[size]:
            yield from _revisions(_part(kind, size, of_cylinder(kind, words.CYLINDERS[cylinder]), place=cylinder))
    tables = [words.ENGINE, words.HYDRAULICS, words.ELECTRICS, words.CAB, words.ATTACHMENT]
    for kind in [
        kind for table in [*tables, words.WHEELS if size == LOADER else words.TRACKS] for kind in kinds(table)
    ]:
        if size != LOADER or kind.key not in _EXCAVATOR_ONLY:
            yield from _revisions(_part(kind, size, kind.names))
    for key, (prefix, names, holds) in _KITS.items():
        won = 52000 + 31000 * len(holds)
        kit = Kind(key, prefix, "FILTERS", names, 900 * len(holds), won)
        yield replace(_part(kit, size, names), holds=tuple(f"{held}/{size}" for held in holds))


def _part(kind: Kind, size: str, names: Words, *, place: str = "") -> SamplePart:
    """A part without its running number yet: `number` holds the prefix alone."""
    key = "/".join(name for name in (kind.key, place, size) if name)
    won = _round_won(kind.won * _PRICE.get(size, 1))
    return SamplePart(
        key, kind.prefix, kind.group, names, max(1, round(kind.grams * _WEIGHT.get(size, 1))), won, kind.key
    )


def _revisions(part: SamplePart) -> Iterator[SamplePart]:
    """The part, and what took its callout from the serial break on."""
    yield part
    if part.key.rpartition("/")[0] in REVISED:
        yield replace(part, key=f"{part.key}/2", won=_round_won(part.won * 1.06))


def _numbered(part: SamplePart, numbers: set[str], draw: Random) -> SamplePart:
    number = ""
    while not number or number in numbers:
        number = f"{part.number}-{draw.randrange(10_000, 100_000)}"
    numbers.add(number)
    return replace(part, number=number)


def _round_won(won: float) -> int:
    """List prices in won end on a round figure; what costs a few won keeps it."""
    step = 500 if won >= 20_000 else 100 if won >= 2_000 else 5
    return max(step, round(won / step) * step)
