"""The models, their serial breaks and the figures of their parts books. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from portal.sample.parts import HEAVY, LOADER, MIDI, MINI, SamplePart
from portal.sample.words import CYLINDERS, Words

FIRST_SERIAL = 10_001


@dataclass(frozen=True)
class SampleModel:
    """A model; `breaks` are the first serials of versions B, C ...; parts are revised at the first of them."""

    code: str
    names: Words
    family: str
    size: str
    year: int
    breaks: tuple[int, ...]

    @property
    def revised_from(self) -> int:
        """The first serial that holds the revised parts."""
        return self.breaks[0]


@dataclass(frozen=True)
class SampleCallout:
    """A line of a figure's bill; serial bounds inclusive."""

    label: str
    part: str
    quantity: int
    first: int | None = None
    last: int | None = None


MODELS = (
    SampleModel(
        "BX14",
        ("BX14 mini excavator", "BX14 미니 굴착기", "BX14ミニショベル"),
        "Mini excavators",
        MINI,
        2016,
        (14_001, 18_501),
    ),
    SampleModel(
        "BX18",
        ("BX18 mini excavator", "BX18 미니 굴착기", "BX18ミニショベル"),
        "Mini excavators",
        MINI,
        2018,
        (15_001,),
    ),
    SampleModel(
        "BX35",
        ("BX35 mini excavator", "BX35 미니 굴착기", "BX35ミニショベル"),
        "Mini excavators",
        MINI,
        2015,
        (20_001, 24_001),
    ),
    SampleModel(
        "BX60",
        ("BX60 midi excavator", "BX60 중형 굴착기", "BX60ミディショベル"),
        "Midi excavators",
        MIDI,
        2017,
        (16_001,),
    ),
    SampleModel(
        "BX85",
        ("BX85 midi excavator", "BX85 중형 굴착기", "BX85ミディショベル"),
        "Midi excavators",
        MIDI,
        2014,
        (17_501, 22_001),
    ),
    SampleModel(
        "BX140",
        ("BX140 crawler excavator", "BX140 크롤러 굴착기", "BX140クローラーショベル"),
        "Crawler excavators",
        HEAVY,
        2016,
        (13_001,),
    ),
    SampleModel(
        "BX220",
        ("BX220 crawler excavator", "BX220 크롤러 굴착기", "BX220クローラーショベル"),
        "Crawler excavators",
        HEAVY,
        2013,
        (19_001, 23_001),
    ),
    SampleModel(
        "BX300",
        ("BX300LC crawler excavator", "BX300LC 크롤러 굴착기", "BX300LCクローラーショベル"),
        "Crawler excavators",
        HEAVY,
        2019,
        (12_501,),
    ),
    SampleModel(
        "BL25", ("BL25 wheel loader", "BL25 휠 로더", "BL25ホイールローダー"), "Wheel loaders", LOADER, 2017, (13_501,)
    ),
    SampleModel(
        "BL55",
        ("BL55 wheel loader", "BL55 휠 로더", "BL55ホイールローダー"),
        "Wheel loaders",
        LOADER,
        2014,
        (16_501, 21_001),
    ),
)
LAST_SERIAL = 26_000

# Figure: its names, then the kinds of parts on it in the order of their callouts.
_ENGINE_SERVICE = (
    "oil-filter",
    "fuel-filter",
    "water-separator",
    "air-filter-outer",
    "air-filter-inner",
    "fan-belt",
    "oil-switch",
)
_FIGURES = {
    "E10": (("Engine, service parts", "엔진, 정비 부품", "エンジン、整備部品"), _ENGINE_SERVICE),
    "E20": (
        ("Engine, fuel and air", "엔진, 연료 및 흡기", "エンジン、燃料・吸気"),
        ("injector", "glow-plug", "feed-pump", "turbocharger", "starter", "alternator"),
    ),
    "E30": (
        ("Engine, cooling and sealing", "엔진, 냉각 및 밀봉", "エンジン、冷却・シール"),
        ("radiator", "fan", "coolant-hose", "thermostat", "water-pump", "head-gasket", "pan-gasket", "engine-mount"),
    ),
    "H10": (
        ("Main pump", "메인 펌프", "メインポンプ"),
        ("main-pump", "main-pump-kit", "pilot-pump", "pressure-hose", "bolt-m12", "o-ring-g45"),
    ),
    "H20": (
        ("Control valve and pilot line", "컨트롤 밸브 및 파일럿 라인", "コントロールバルブ・パイロットライン"),
        ("control-valve", "relief-valve", "solenoid", "joystick", "pilot-filter", "pressure-sensor"),
    ),
    "H30": (
        ("Hydraulic tank and cooler", "작동유 탱크 및 쿨러", "作動油タンク・クーラー"),
        ("return-filter", "suction-strainer", "breather", "oil-cooler", "return-hose", "hose-clamp"),
    ),
    "H40": (
        ("Swing and travel drive", "선회 및 주행 구동", "旋回・走行駆動"),
        ("swing-motor", "swing-motor-kit", "travel-motor", "travel-motor-kit", "swivel-kit", "bolt-m16"),
    ),
    "C10": (
        ("Electrics", "전장", "電装"),
        ("battery", "relay", "fuse-set", "start-switch", "horn", "work-lamp", "harness", "cable-tie"),
    ),
    "C20": (
        ("Monitor and sensors", "모니터 및 센서", "モニター・センサー"),
        ("monitor", "controller", "coolant-sensor", "fuel-sensor"),
    ),
    "C30": (
        ("Cab", "캡", "キャブ"),
        (
            "front-glass",
            "side-glass",
            "door-glass",
            "mirror",
            "seat",
            "seat-belt",
            "wiper-motor",
            "wiper-blade",
            "cab-filter",
            "door-lock",
        ),
    ),
    "U10": (
        ("Undercarriage", "하부 주행체", "足回り"),
        ("track", "track-roller", "carrier-roller", "sprocket", "idler", "adjuster-kit", "bolt-m20", "nut-m20"),
    ),
    "U20": (
        ("Wheels and axles", "휠 및 액슬", "ホイール・アクスル"),
        ("tyre", "rim", "axle-kit", "brake-disc", "shaft"),
    ),
    "A10": (("Bucket", "버킷", "バケット"), ("tooth", "adapter", "tooth-pin", "side-cutter", "cutting-edge", "link")),
}
_CYLINDER = ("seal-kit", "piston", "rod", "gland", "bushing", "pin")
_PIECES = {
    "injector": 4, "glow-plug": 4, "engine-mount": 4, "relay": 6, "work-lamp": 3, "solenoid": 5, "joystick": 2, "battery": 1, "relief-valve": 2,
    "bushing": 2, "pin": 2, "tooth": 5, "adapter": 5, "tooth-pin": 5, "side-cutter": 2, "track": 2, "track-roller": 10, "carrier-roller": 2,
    "sprocket": 2, "idler": 2, "adjuster-kit": 2, "travel-motor": 2, "travel-motor-kit": 2, "tyre": 4, "rim": 4, "axle-kit": 2, "brake-disc": 4,
    "bolt-m12": 8, "bolt-m16": 12, "bolt-m20": 160, "nut-m20": 160, "o-ring-g45": 2, "hose-clamp": 6, "cable-tie": 40, "mirror": 2, "side-glass": 2,
    "door-lock": 1, "wiper-blade": 2, "pressure-sensor": 3, "seat-belt": 1,
}  # fmt: skip
_TWO_CYLINDERS = {("boom", HEAVY), ("lift", LOADER), ("steering", LOADER)}


def figures(
    model: SampleModel, parts: Mapping[str, SamplePart]
) -> Iterator[tuple[str, Words, int, list[SampleCallout]]]:
    """The model's figures: code, names, how often the machine holds it, bill. Kinds its size does not have are left out."""
    for code, (names, keys) in _FIGURES.items():
        found = [f"{key}/{model.size}" if f"{key}/{model.size}" in parts else key for key in keys]
        bill = _bill(model, [key for key in found if key in parts], parts)
        if len(bill) > 2:
            yield code, names, 1, bill
    places = dict.fromkeys(
        key.split("/")[1] for key in parts if key.startswith("seal-kit/") and key.split("/")[2] == model.size
    )
    for number, place in enumerate(places, 1):
        keys = tuple(f"{kind}/{place}/{model.size}" for kind in _CYLINDER)
        times = 2 if (place, model.size) in _TWO_CYLINDERS else 1
        english, korean, japanese = CYLINDERS[place]
        names = (english.capitalize(), korean, japanese)
        yield f"Y{number}0", names, times, _bill(model, list(keys), parts)


def _bill(model: SampleModel, keys: list[str], parts: Mapping[str, SamplePart]) -> list[SampleCallout]:
    """Numbered callouts; a revised kind stands twice at its callout, before and from the serial break."""
    bill = []
    for number, key in enumerate(keys, 1):
        pieces = _PIECES.get(parts[key].kind, 1)
        if f"{key}/2" in parts:
            bill.append(SampleCallout(str(number), key, pieces, last=model.revised_from - 1))
            bill.append(SampleCallout(str(number), f"{key}/2", pieces, first=model.revised_from))
        else:
            bill.append(SampleCallout(str(number), key, pieces))
    return bill
