"""The commerce engine port: what the portal asks of the store behind it, and what the store answers.

Methods answer events and never call back; the caller applies them. No Django, no words of any one store.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any, Protocol


class EventKind(StrEnum):
    """What an engine can tell of an order."""

    ACCEPTED = "ACCEPTED"
    REFUSED = "REFUSED"


@dataclass(frozen=True)
class EngineLine:
    """One line as the store shall keep it: `holds` maps warehouse code to pieces, `unit_price` is what the buyer pays without tax."""

    position: int
    part_number: str
    quantity: int
    unit_price: Decimal
    tax_rate: Decimal
    holds: Mapping[str, int]
    facts: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class EngineOrder:
    """An order handed to the store; `key` is unique for ever and makes a retry harmless."""

    key: str
    number: str
    channel: str
    currency: str
    company: str
    deliver_to: Mapping[str, str]
    freight: Decimal
    tax: Decimal
    total: Decimal
    lines: Sequence[EngineLine]


@dataclass(frozen=True)
class EngineEvent:
    """A fact about an order. `event_id` is order + kind + the store object's own id: webhook and sweep name it alike."""

    event_id: str
    kind: EventKind
    order_number: str
    at: datetime
    store_number: str = ""
    reason: str = ""
    data: Mapping[str, Any] = field(default_factory=dict)


class CommerceEngine(Protocol):
    """A method is added when a caller needs it, never because a store offers it."""

    in_process: bool  # answers at once, so the caller may ask right after its commit

    def place(self, order: EngineOrder, *, now: datetime) -> list[EngineEvent]:
        """Hand the order over; asking again with the same key answers the same facts."""
        ...
