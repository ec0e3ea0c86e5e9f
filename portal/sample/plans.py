"""The orders of the sample: who ordered what, how long ago, and what became of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

Step = tuple[float, str, Any]  # days after placing, a verb of `portal.sample.acts`, what it needs


@dataclass(frozen=True)
class Plan:
    """An order: placed `days` ago; lines of (part, quantity); `machine` is (owner, state of cover or model)."""

    name: str
    buyer: str
    days: float
    lines: tuple[tuple[str, int], ...]
    steps: tuple[Step, ...] = ()
    payment: str = "TRANSFER"
    type: str = "CUSTOMER"
    machine: tuple[str, str] | None = None
    card: bool = False
    fault: str = "Found at the daily check."
    substitute: bool = False
    deliver_in: int | None = None
    accept: int | None = None  # the expected day the buyer agreed to, in days from today


def _done(paid: float | None, shipped: float, delivered: float, *more: Step) -> tuple[Step, ...]:
    """Paid in advance (or on account: None), shipped, delivered, and what came after."""
    begun: tuple[Step, ...] = () if paid is None else ((paid, "pay", None),)
    return (*begun, (shipped, "ship", None), (delivered, "deliver", None), *more)


_RESTOCK = (
    ("oil-filter/S", 12), ("oil-filter/M", 12), ("fuel-filter/S", 10), ("fuel-filter/M", 10), ("air-filter-inner/M", 6), ("return-filter/M", 6),
    ("fan-belt/M", 4), ("tooth/M", 20), ("tooth-pin/M", 20), ("cab-filter/M", 4), ("bolt-m12", 200), ("washer-m12", 200),
)  # fmt: skip

KEPT = (
    Plan("filters", "hangyeol", 95, (("oil-filter/S", 4), ("fuel-filter/S", 4)), _done(0.1, 1, 2.5)),
    Plan(
        "pump-free", "hangyeol", 76, (("@water-pump", 1),),
        _done(None, 0.8, 2, (2.5, "use", 0), (2.6, "confirm", None), (2.8, "close", 140), (15, "take back", "As told on the card")),
        payment="NONE", type="WARRANTY", machine=("hangyeol", "in warranty"), card=True, fault="Coolant drips at the water pump.",
    ),
    Plan("teeth", "duru", 70, (("tooth/M", 20), ("tooth-pin/M", 20)), _done(None, 0.7, 2, (28, "pay", None)), payment="ACCOUNT"),
    Plan("service", "solgae", 66, (("service-500/S", 2), ("engine-oil", 4)), _done(1, 2.2, 4)),
    Plan("rollers", "hamanaka", 60, (("carrier-roller/M", 2), ("bolt-m16", 10)), _done(0.4, 1.3, 3.5)),
    Plan("oil", "lindental", 58, (("return-filter/L", 3), ("hydraulic-oil", 6)), _done(None, 1, 2.2, (25, "pay", None)), payment="ACCOUNT"),
    Plan("batteries", "veenrijk", 55, (("battery/S", 2), ("relay/S", 4)), _done(0.5, 1.5, 4)),
    Plan("namdo-spring", "namdo", 50, _RESTOCK, _done(None, 1, 4, (30, "pay", None)), payment="ACCOUNT", type="STOCK"),
    Plan("yeongdong-stock", "yeongdong", 45, _RESTOCK[:8], _done(None, 1.1, 6, (30, "pay", None)), payment="ACCOUNT", type="STOCK"),
    Plan("kitakanto-stock", "kitakanto", 44, _RESTOCK[2:9], _done(None, 0.9, 5, (29, "pay", None)), payment="ACCOUNT", type="STOCK"),
    Plan("ruhrbau-stock", "ruhrbau", 42, (("bushing/boom/M", 4), ("pin/boom/M", 4), ("mirror/M", 3)), _done(None, 1, 3.2), payment="ACCOUNT", type="STOCK"),
    Plan("agreed", "hangyeol", 33, (("side-cutter/S", 2), ("cutting-edge/S", 1)), _done(0.2, 1.2, 6.5), deliver_in=9),
    Plan(
        "dealer-free", "namdo", 30, (("@thermostat", 1),), _done(None, 0.6, 3, (4, "use", 0), (4.2, "confirm", None), (4.5, "close", 75)),
        payment="NONE", type="WARRANTY", machine=("hangyeol", "in warranty"), card=True, fault="Engine runs cold, thermostat stays open.",
    ),
    Plan(
        "contract", "hangyeol", 24, (("@alternator", 1),),
        _done(0.1, 1, 2.4, (3, "use", 0), (3.1, "confirm", None), (3.4, "close", 95)),
        type="CUSTOMER", machine=("hangyeol", "under full contract"), card=True, fault="Charge lamp on.",
    ),
    Plan(
        "pause-over", "lindental", 27, (("seat/S", 1),),
        ((0.1, "pay", None), (0.3, "hold", ("CUSTOMER_ASKED", "Site closed until next week.")), (6, "release", None), (6.8, "ship", None), (9, "deliver", None)),
    ),
    Plan("old-lasts", "veenrijk", 19, (("#a421 02 750", 2),), _done(0.3, 1.4, 4.5)),
    Plan("successor", "hangyeol", 17, (("#br117-0345/7", 3),), _done(0.2, 1, 2), substitute=True),
    Plan(
        "receipt-came", "lindental", 28, (("shaft/W", 1),), ((0.2, "pay", None), (9, "ship", None), (11, "deliver", None)), accept=-18,
    ),
    Plan(
        "review-free", "solgae", 21, (("@starter", 1),),
        ((0.2, "review", "WARRANTY"), *_done(None, 1, 3, (4, "use", 0), (4.1, "confirm", None), (4.3, "close", 60), (12, "take back", "Burnt armature"))),
        payment="NONE", type="WARRANTY", machine=("solgae", "non-genuine part found"), card=True, fault="Starter turns slowly.",
    ),
    Plan(
        "review-paid", "solgae", 15, (("@water-pump", 1),), ((0.2, "review", "PAID"), *_done(1.5, 2.2, 4, (5, "use", 0))),
        type="WARRANTY", machine=("solgae", "misuse recorded"), card=True, fault="Pump bearing noisy.",
    ),
    Plan(
        "approved", "duru", 26, (("starter/L", 4), ("alternator/M", 6), ("seat/M", 6), ("track/S", 2)),
        ((0.4, "approve", "Long-standing account, new site."), *_done(None, 1.2, 3, (20, "pay", None))), payment="ACCOUNT",
    ),
    Plan(
        "unused", "duru", 23, (("@relief-valve", 2),),
        _done(0.1, 0.9, 2, (3, "use", 1), (3.5, "unused", 1), (3.6, "confirm", None), (3.7, "close", 120)),
        machine=("duru", "warranty ended"), card=True, fault="Boom sinks under load.",
    ),
    Plan("inspection", "baramsan", 20, (("grease", 12), ("cleaner", 2)), _done(None, 0.2, 0.3), payment="NONE", type="INTERNAL"),
    Plan(
        "campaign", "veenrijk", 14, (("harness/S", 1),), _done(None, 1, 3, (4, "use", 0), (4.5, "confirm", None), (4.8, "close", 180)),
        payment="NONE", type="CAMPAIGN", machine=("veenrijk", "BX35"), card=True, fault="Campaign: cab harness.",
    ),
    Plan("surplus", "yeongdong", 22, (("fan-belt/S", 6), ("thermostat/S", 3)), _done(None, 1, 3, (10, "give back", ("CHANGE_OF_MIND", 2)), (14, "take back", "Unopened")), payment="ACCOUNT"),
    Plan("wrong-part", "lindental", 12, (("side-glass/L", 1), ("wiper-blade/L", 2)), _done(0.1, 1, 2.5, (5, "give back", ("WRONG_PART", 1)))),
    Plan("half-cancelled", "hamanaka", 13, (("oil-filter/M", 2), ("monitor/M", 1)), ((0.1, "cancel", 1), *_done(0.3, 1.2, 4))),
)  # fmt: skip

LATE = (
    Plan("late", "duru", 40, (("joystick/S", 2), ("pilot-filter/S", 4)), _done(0.2, 13, 15)),
    Plan(
        "late-on-the-road",
        "namdo",
        38,
        (("radiator/S", 1), ("coolant-hose/S", 4)),
        _done(None, 1, 19, (30, "pay", None)),
        payment="ACCOUNT",
    ),
    Plan("late-to-the-cap", "hamanaka", 36, (("oil-cooler/M", 1),), _done(0.3, 19, 21)),
    Plan(
        "proved-in-time",
        "lindental",
        34,
        (("wiper-motor/M", 1), ("wiper-blade/M", 2)),
        _done(0.1, 12, 14, (15, "correct", 11.0)),
    ),
    Plan(
        "broken",
        "hangyeol",
        16,
        (("compressor/S", 1),),
        ((0.5, "pay", None), (1, "hold", ("OUT_OF_STOCK", "The shelf was empty: count under way."))),
    ),
    Plan(
        "broken-half",
        "namdo",
        13,
        (("injector/M", 4), ("glow-plug/M", 8)),
        ((0.8, "ship", 1), (3, "deliver", None)),
        payment="ACCOUNT",
    ),
    Plan("broken-days", "veenrijk", 9, (("door-lock/M", 2),), ((0.2, "pay", None),)),
)

HELD = (
    Plan("bad-address", "duru", 5, (("horn/M", 2),), ((0.1, "pay", None), (0.5, "hold", ("BAD_ADDRESS", "The driver found no such street.")))),
    Plan("asked-to-wait", "hamanaka", 6, (("seat-belt/M", 1),), ((0.2, "pay", None), (0.4, "hold", ("CUSTOMER_ASKED", "Wait for the crane.")))),
    Plan("customs", "kitakanto", 4, (("track-roller/S", 4),), ((0.6, "hold", ("CUSTOMS", "Inspection notice 20-118 of the customs office.")),), payment="ACCOUNT"),
)  # fmt: skip

OPEN = (
    Plan("ready", "hangyeol", 0.3, (("track-roller/S", 2), ("bolt-m20", 20)), ((0.1, "pay", None),)),
    Plan("ready-account", "duru", 0.2, (("return-filter/L", 2), ("breather/L", 1)), payment="ACCOUNT"),
    Plan("ready-dealer", "yeongdong", 0.15, _RESTOCK[3:9], payment="ACCOUNT", type="STOCK"),
    Plan(
        "machine-down", "hangyeol", 0.1, (("@solenoid", 1),), payment="ACCOUNT", type="MACHINE_DOWN", machine=("hangyeol", "warranty ended"), card=True,
        fault="No swing: machine stands.",
    ),
    Plan("ready-eu", "veenrijk", 0.4, (("work-lamp/S", 3),), ((0.1, "pay", None),)),
    Plan("agreed-ahead", "lindental", 0.5, (("cutting-edge/L", 2),), ((0.1, "pay", None),), deliver_in=12),
    Plan("unpaid", "hangyeol", 2, (("pressure-hose/S", 2),)),
    Plan("unpaid-eu", "lindental", 1, (("oil-filter/L", 6), ("fuel-filter/L", 6))),
    Plan("partly-paid", "solgae", 3, (("brake-disc/W", 2),), ((1, "pay", 0.4),)),
    Plan("over-limit", "hangyeol", 1, (("travel-motor/M", 2),), payment="ACCOUNT"),
    Plan("over-limit-dealer", "yeongdong", 0.5, (("control-valve/S", 3), ("main-pump/S", 3), ("travel-motor/L", 3), ("track/L", 3), ("control-valve/M", 3)), payment="ACCOUNT"),
    Plan("review", "hangyeol", 0.3, (("@alternator", 1),), payment="NONE", type="WARRANTY", machine=("hangyeol", "misuse recorded"), card=True, fault="Charge lamp on."),
    Plan("review-overdue", "solgae", 1.2, (("@water-pump", 1),), payment="NONE", type="WARRANTY", machine=("solgae", "service overdue"), card=True, fault="Coolant loss."),
    Plan("review-repeat", "solgae", 0.6, (("@water-pump", 1),), payment="NONE", type="WARRANTY", machine=("solgae", "repaired a month ago"), card=True, fault="Water pump leaks again."),
    Plan("on-the-road", "hangyeol", 3, (("front-glass/S", 1),), ((0.2, "pay", None), (0.8, "ship", None))),
    Plan("on-the-road-jp", "kitakanto", 2, (("pin/arm/M", 2), ("bushing/arm/M", 4)), ((0.9, "ship", None),), payment="ACCOUNT"),
    Plan("on-the-road-dealer", "namdo", 3.2, _RESTOCK[5:11], ((0.9, "ship", None),), payment="ACCOUNT", type="STOCK"),
    Plan("half", "yeongdong", 1, (("gland/arm/M", 1), ("piston/arm/M", 1)), ((0.5, "ship", 1),), payment="ACCOUNT"),
    Plan("cancelled", "hangyeol", 12, (("idler/M", 1),), ((0.4, "cancel", None),)),
    Plan("cancelled-paid", "duru", 11, (("rim/W", 1),), ((0.2, "pay", None), (0.9, "cancel", None))),
    Plan("waits-for-receipt", "hangyeol", 4, (("injector/S", 4),), ((0.2, "pay", None),), accept=6),
    Plan("waits-machine-down", "veenrijk", 1.5, (("swing-motor/L", 1),), ((0.1, "pay", None),), type="CUSTOMER", accept=12),
    Plan(
        "repair-under-way", "duru", 1.4, (("@solenoid", 1),), ((0.3, "ship", None), (1.2, "deliver", None)),
        payment="NONE", type="WARRANTY", machine=("duru", "in warranty"), card=True, fault="Travel speed does not change.",
    ),
)  # fmt: skip

PLANS = (*KEPT, *LATE, *HELD, *OPEN)
