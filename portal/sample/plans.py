"""What is told of an order of the sample: who ordered what, how long ago, and what became of it."""

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


def done(paid: float | None, shipped: float, delivered: float, *more: Step) -> tuple[Step, ...]:
    """Paid in advance (or on account: None), shipped, delivered, and what came after."""
    begun: tuple[Step, ...] = () if paid is None else ((paid, "pay", None),)
    return (*begun, (shipped, "ship", None), (delivered, "deliver", None), *more)


# What a dealer orders for the shelf; slices of it serve several.
RESTOCK = (
    ("oil-filter/S", 12),
    ("oil-filter/M", 12),
    ("fuel-filter/S", 10),
    ("fuel-filter/M", 10),
    ("air-filter-inner/M", 6),
    ("return-filter/M", 6),
    ("fan-belt/M", 4),
    ("tooth/M", 20),
    ("tooth-pin/M", 20),
    ("cab-filter/M", 4),
    ("bolt-m12", 200),
    ("washer-m12", 200),
)
