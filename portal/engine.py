"""The commerce engine port: what the portal asks of the store behind it, and what the store answers.

Methods answer events and never call back; the caller applies them. No Django, no words of any one store.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any, Protocol


class EventKind(StrEnum):
    """What an engine can tell of an order."""

    ACCEPTED = "ACCEPTED"
    REFUSED = "REFUSED"
    # What the store's own people did to the order since.
    SHIPPED = "SHIPPED"
    UNSHIPPED = "UNSHIPPED"
    TRACKED = "TRACKED"
    RETURNED = "RETURNED"
    CANCELLED = "CANCELLED"
    PAID = "PAID"
    REFUNDED = "REFUNDED"


class Refusal(StrEnum):
    """Why a store does not take an order, or one of its lines."""

    OUT_OF_STOCK = "OUT_OF_STOCK"
    UNKNOWN_PART = "UNKNOWN_PART"
    ADDRESS = "ADDRESS"
    CURRENCY = "CURRENCY"
    CHANNEL = "CHANNEL"
    OTHER = "OTHER"


@dataclass(frozen=True)
class EngineLine:
    """One line as the store shall keep it: the pieces not cancelled, and what the buyer pays for all of them.

    `part` is the part's key in the store; `holds` maps warehouse code to pieces on a shelf, `waiting` are pieces that are not
    there yet. `facts` are words for the people of the store.
    """

    position: int
    part: str
    part_number: str
    quantity: int
    net: Decimal
    tax: Decimal
    tax_rate: Decimal
    holds: Mapping[str, int]
    waiting: int = 0
    facts: Mapping[str, str] = field(default_factory=dict)

    @property
    def gross(self) -> Decimal:
        """Payable for the line."""
        return self.net + self.tax


@dataclass(frozen=True)
class EngineOrder:
    """An order handed to the store; `key` is unique for ever and makes a retry harmless. Without lines nothing is left to place.

    `attempt` counts how often it is handed over anew after a refusal. `freight` is payable, its tax included; `tax` is that of all.
    """

    key: str
    number: str
    attempt: int
    channel: str
    currency: str
    company: str
    email: str
    deliver_to: Mapping[str, str]
    freight: Decimal
    tax: Decimal
    total: Decimal
    lines: Sequence[EngineLine]
    facts: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class LineRefusal:
    """One reason of a refusal; `position` 0 is the order as a whole. `missing`: pieces the store does not have, `words`: its own."""

    reason: Refusal
    position: int = 0
    missing: int = 0
    words: str = ""


@dataclass(frozen=True)
class EngineEvent:
    """A fact about an order. `event_id` is order + kind + the store object's own id: webhook and sweep name it alike.

    A refusal is named by the order's attempt instead, and says all of its reasons.
    """

    event_id: str
    kind: EventKind
    order_number: str
    at: datetime
    store_number: str = ""
    reason: str = ""
    refusals: Sequence[LineRefusal] = ()
    data: Mapping[str, Any] = field(default_factory=dict)


class CommerceEngine(Protocol):
    """A method is added when a caller needs it, never because a store offers it."""

    in_process: bool  # answers at once, so the caller may ask right after its commit
    mirrored: bool  # keeps a copy of its own of every order: then it is a `portal.engine_mirror.KeepsACopy` as well

    def place(self, order: EngineOrder, *, now: datetime) -> list[EngineEvent]:
        """Hand the order over; asking again with the same key and attempt answers the same facts.

        An order without lines is taken back, if the store has not confirmed it. Raises what the store's client raises when the
        store cannot be asked, or what it answers makes no sense: then nothing is known, and it is asked again later.
        """
        ...


@dataclass(frozen=True)
class ListPrice:
    """What one piece costs in a channel, as the store's list says it; not rounded by us."""

    amount: Decimal
    currency: str


@dataclass(frozen=True)
class ShelfStock:
    """Pieces of a part in a warehouse: all there are, and those the store has given to orders."""

    on_hand: int
    allocated: int


@dataclass(frozen=True)
class StoreItem:
    """A part as the store has it. `key` is ours, empty when it was made there; `prices` by channel where it is offered; `stock` by warehouse code."""

    store_id: str
    parent_id: str
    key: str
    number: str
    name: str
    is_part: bool
    prices: Mapping[str, ListPrice]
    stock: Mapping[str, ShelfStock]


@dataclass(frozen=True)
class StorePage:
    """A page of the store's catalogue, asked for at a moment, and the cursor that goes on behind it ("" after the last)."""

    items: Sequence[StoreItem]
    after: str
    asked_at: datetime


class StoreCatalogue(Protocol):
    """The store's catalogue as a part of the engine. An engine without a store has none."""

    def catalogue_pages(self, after: str = "") -> Iterator[StorePage]:
        """All of it page by page, from a cursor on; what changes meanwhile may be seen twice or not at all."""
        ...

    def catalogue_look(self, store_ids: Sequence[str]) -> StorePage:
        """These parts as they are now; those the store has no more are left out."""
        ...

    def stock_put(self, store_id: str, on_hand: Mapping[str, int]) -> None:
        """So many pieces of a part lie in these warehouses."""
        ...
