"""Warehouses, published prices, freight and opening stock."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import ROUND_HALF_UP, Decimal
from random import Random

from django.db.backends.postgresql.psycopg_any import DateRange

from catalog.models import FreightRate, MarketWarehouse, Part, Price, PriceList, StockLevel, StockReason, Warehouse
from catalog.services.stock import Movement, stock_post
from portal.sample.catalogue import Catalogue
from portal.sample.parts import SamplePart
from portal.sample.words import named

INCHEON, CHANGWON, DUISBURG = "ICN", "CHW", "DUI"
_WAREHOUSES = (
    (
        INCHEON,
        ("Incheon central warehouse", "인천 중앙 창고", "仁川中央倉庫"),
        "KR",
        "Asia/Seoul",
        "KR",
        (time(11, 0), time(17, 30)),
        time(15, 0),
    ),
    (CHANGWON, ("Changwon warehouse", "창원 창고", "昌原倉庫"), "KR", "Asia/Seoul", "KR", (time(16, 0),), time(13, 30)),
    (
        DUISBURG,
        ("Duisburg warehouse", "뒤스부르크 창고", "デュースブルク倉庫"),
        "DE",
        "Europe/Berlin",
        "DE",
        (time(12, 30), time(17, 0)),
        time(14, 0),
    ),
)
_SERVED_BY = {"KR": (INCHEON, CHANGWON, DUISBURG), "JP": (CHANGWON, INCHEON), "EU": (DUISBURG, INCHEON)}


@dataclass(frozen=True)
class Market:
    """`rate`: what a won is worth there, freight and duty included; prices are whole `step`s."""

    currency: str
    rate: Decimal
    step: Decimal


_MARKETS = {
    "KR": Market("KRW", Decimal(1), Decimal(10)),
    "JP": Market("JPY", Decimal("0.115"), Decimal(1)),
    "EU": Market("EUR", Decimal("0.00074"), Decimal("0.01")),
}
# Kind and class of buyer: the share of the list price, and the first quantity of each tier with its own share.
_TIERS = ((1, Decimal(1)), (10, Decimal("0.95")), (100, Decimal("0.90")))
_CLASSES = {
    ("CUSTOMER", "STANDARD"): Decimal(1),
    ("CUSTOMER", "FLEET"): Decimal("0.93"),
    ("DEALER", "STANDARD"): Decimal("0.76"),
    ("DEALER", "PREMIUM"): Decimal("0.71"),
}
_LAST_YEAR = Decimal("0.96")
_TIERS_BELOW = 150_000  # won; dearer parts are not bought by the dozen
_BY_THE_HUNDRED = 3_000  # won; what costs less is priced for a hundred pieces
_FREIGHT = {  # up to so many grams: KRW, JPY, EUR
    2_000: ("4000", "900", "9.90"),
    10_000: ("7000", "1600", "17.50"),
    30_000: ("14000", "3200", "32"),
    150_000: ("48000", "11500", "95"),
    None: ("160000", "38000", "310"),
}

# Dear and slow: one piece in the whole house.
LAST_PIECES = (
    "main-pump/M", "control-valve/L", "swing-motor/M", "travel-motor/W", "turbocharger/L", "controller/L", "monitor/W", "radiator/L", "seat/L",
    "compressor/L", "idler/L", "joystick/W", "harness/W", "tyre/W",
)  # fmt: skip
# Nothing on the shelf: expected on a known day, or (no days) not to be had.
AWAITED = {
    "swing-motor/L": ((2, 12),), "main-pump/W": ((1, 9), (2, 40)), "monitor/S": ((6, 5),), "track/M": ((4, 18),), "radiator/W": ((3, 7),),
    "fan/L": ((10, 4),), "injector/S": ((24, 6),), "seal-kit/tilt/W": ((30, 3),), "harness/M": ((2, 25),), "shaft/W": ((2, 14),),
    "idler/S": ((6, 8),), "door-glass/L": ((5, 11),), "water-pump/L": ((12, 10), (12, 38)), "pilot-pump/S": ((3, 21),),
}  # fmt: skip
# Kept in Changwon alone, so that a dealer's big order leaves from two places.
ONLY_CHANGWON = (
    "gear-oil", "sealant", "nut-m16", "washer-m16", "pan-gasket/S", "engine-mount/S", "pin/blade/S", "bushing/blade/S", "gland/blade/M", "link/S",
    "sprocket/S", "idler/M", "adjuster-kit/M", "fuse-set/L", "horn/W", "seat-belt/W", "rim/W", "axle-kit/W",
)  # fmt: skip
NOT_TO_BE_HAD = ("control-valve/W", "oil-cooler/S", "turbocharger/S")


def warehouses_load() -> dict[str, Warehouse]:
    """Three warehouses in two time zones, and which market they serve in which order."""
    made = {
        code: Warehouse.objects.create(
            code=code,
            **named(names),
            country=country,
            zone=zone,
            calendar=calendar,
            collections=list(collections),
            same_day_cutoff=cutoff,
        )
        for code, names, country, zone, calendar, collections, cutoff in _WAREHOUSES
    }
    MarketWarehouse.objects.bulk_create(
        MarketWarehouse(market=market, warehouse=made[code], rank=rank)
        for market, codes in _SERVED_BY.items()
        for rank, code in enumerate(codes, 1)
    )
    return made


def prices_load(catalogue: Catalogue, today: date) -> None:
    """This year's lists for every market, kind and class of buyer, last year's standard ones, and freight."""
    year = date(today.year, 1, 1) if today.month > 6 else date(today.year - 1, 7, 1)
    before = year - timedelta(days=365)
    prices: list[Price] = []
    priced = catalogue.priced()
    for code, market in _MARKETS.items():
        for (kind, discount_class), share in _CLASSES.items():
            periods: list[tuple[date, date | None, Decimal]] = [(year, None, share)]
            if discount_class == "STANDARD":
                periods.append((before, year, share * _LAST_YEAR))
            for start, end, part_of in periods:
                row = PriceList.objects.create(
                    market=code,
                    kind=kind,
                    discount_class=discount_class,
                    currency=market.currency,
                    name=f"{code} {kind} {discount_class} {start:%Y-%m}",
                    valid=DateRange(start, end),
                )
                prices += [
                    price
                    for key, plan in priced.items()
                    for price in _tiers(row, catalogue.parts[key], plan, market, part_of)
                ]
        _freight(code, market, before)
    Price.objects.bulk_create(prices, batch_size=4000)


def _tiers(price_list: PriceList, part: Part, plan: SamplePart, market: Market, share: Decimal) -> list[Price]:
    """One price, or for what is bought by the dozen one a tier."""
    per = 100 if plan.won < _BY_THE_HUNDRED else 1
    tiers = _TIERS if plan.won < _TIERS_BELOW else _TIERS[:1]
    return [
        Price(
            price_list=price_list,
            part=part,
            from_quantity=start,
            amount=_amount(plan.won * per, market, share * less),
            per_quantity=per,
        )
        for start, less in tiers
    ]


def _amount(won: int, market: Market, share: Decimal) -> Decimal:
    """Never nothing: the smallest price is one step."""
    steps = (won * market.rate * share / market.step).quantize(Decimal(1), rounding=ROUND_HALF_UP)
    return max(steps, Decimal(1)) * market.step


def _freight(market_code: str, market: Market, start: date) -> None:
    column = list(_MARKETS).index(market_code)
    FreightRate.objects.bulk_create(
        FreightRate(
            market=market_code,
            currency=market.currency,
            up_to_g=up_to,
            amount=Decimal(amounts[column]),
            valid=DateRange(start, None),
        )
        for up_to, amounts in _FREIGHT.items()
    )


def stock_load(catalogue: Catalogue, places: dict[str, Warehouse], at: datetime, draw: Random) -> None:
    """Opening stock, through the ledger; shelves and reorder points beside it."""
    wanted = {
        (key, place): pieces for key, plan in catalogue.plans.items() for place, pieces in _opening(plan, draw).items()
    }
    StockLevel.objects.bulk_create(
        StockLevel(
            part=catalogue.parts[key],
            warehouse=places[place],
            safety_stock=pieces // 5,
            reorder_point=pieces // 3,
            place=f"{draw.choice('ABCDEF')}{draw.randrange(1, 40):02}-{draw.randrange(1, 7)}",
        )
        for (key, place), pieces in wanted.items()
    )
    last = {(old.key, INCHEON): old.left for old in catalogue.olds.values()}
    movements = [
        Movement(
            catalogue.parts[key].pk,
            places[place].pk,
            pieces,
            StockReason.OPENING,
            f"opening:{place}:{catalogue.parts[key].pk}",
        )
        for (key, place), pieces in (wanted | last).items()
        if pieces
    ]
    stock_post(movements=movements, now=at, actor="system")


def _opening(plan: SamplePart, draw: Random) -> dict[str, int]:
    """Pieces per warehouse: many of what is cheap, a few of what is dear."""
    if plan.key in AWAITED or plan.key in NOT_TO_BE_HAD:
        return {INCHEON: 0}
    if plan.key in LAST_PIECES:
        return {draw.choice((INCHEON, CHANGWON)) if not plan.key.endswith("/W") else INCHEON: 1}
    most = _most(plan.won)
    if plan.key in ONLY_CHANGWON:
        return {CHANGWON: -(-most // plan.pack) * plan.pack}
    pieces = {INCHEON: draw.randint(most // 2 + 1, most)}
    if draw.random() < 0.7:
        pieces[CHANGWON] = draw.randint(1, max(2, most // 3))
    if draw.random() < 0.75:
        pieces[DUISBURG] = draw.randint(1, max(2, most // 2))
    return {place: -(-count // plan.pack) * plan.pack for place, count in pieces.items()}


def _most(won: int) -> int:
    for below, pieces in ((500, 20_000), (3_000, 4_000), (30_000, 160), (150_000, 48), (600_000, 16)):
        if won < below:
            return pieces
    return 6
