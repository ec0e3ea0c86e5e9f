"""What the store keeps of an order, and what it should keep, so that both can be compared. No words of any one store.

`OurOrder` is read from our tables, `TheirOrder` from the store; both count pieces by the line's position. The rule that compares
them is `orders.rules.mirror`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Protocol

Pieces = Mapping[int, int]  # position of the line -> pieces


class Flow(StrEnum):
    """How money moves: reserved and let go, taken and given back."""

    AUTHORISED = "AUTHORISED"
    RELEASED = "RELEASED"
    CHARGED = "CHARGED"
    REFUNDED = "REFUNDED"
    REFUND_REVERSED = "REFUND_REVERSED"
    REFUND_REFUSED = "REFUND_REFUSED"
    DISPUTED = "DISPUTED"


@dataclass(frozen=True)
class Movement:
    """One movement of money; `source` names where it comes from (a card, the bank, credit), `ref` the movement, both for ever."""

    source: str
    flow: Flow
    ref: str
    amount: Decimal
    at: datetime


@dataclass(frozen=True)
class HandOver:
    """Goods that left a warehouse. `key` is its owner's name for it; `ours` our shipment's number where the store's is known
    to be the same. `undone`: it did not happen after all. `parts` name the store's rows, by position.
    """

    key: str
    warehouse: str
    pieces: Pieces
    tracking: str = ""
    undone: bool = False
    ours: str = ""
    at: datetime | None = None
    parts: Mapping[int, str] = field(default_factory=dict)


@dataclass(frozen=True)
class LineCount:
    """What became of a line's pieces."""

    quantity: int
    cancelled: int = 0
    shipped: int = 0
    returned: int = 0

    @property
    def open(self) -> int:
        """Neither handed over nor cancelled."""
        return self.quantity - self.cancelled - self.shipped


@dataclass(frozen=True)
class OurOrder:
    """An order as it stands here. `due` is what is to be paid for it in the end; `from_store` what each of the store's own
    sources brought, as far as it is in our books; `told` counts the facts the store has told; `payers` says who pays each line.
    """

    number: str
    currency: str
    lines: Mapping[int, LineCount]
    hand_overs: tuple[HandOver, ...] = ()
    movements: tuple[Movement, ...] = ()
    due: Decimal = Decimal(0)
    from_store: Mapping[str, Decimal] = field(default_factory=dict)
    told: int = 0
    payers: Mapping[int, str] = field(default_factory=dict)

    @property
    def cancelled(self) -> bool:
        """All of it, before anything left."""
        return all(line.cancelled == line.quantity for line in self.lines.values())


@dataclass(frozen=True)
class Source:
    """A source of money in the store: its id there, what it brought less what went back, what is reserved on it.

    `foreign`: not reported by us, so somebody entered it there; `last` is the newest thing that happened to it.
    """

    key: str
    charged: Decimal = Decimal(0)
    authorised: Decimal = Decimal(0)
    foreign: bool = False
    last: str = ""
    seen: frozenset[tuple[Flow, str]] = frozenset()


@dataclass(frozen=True)
class TheirOrder:
    """An order as the store has it. `back`: pieces of each line that came back or were struck out there, `back_ref` the newest
    time of it. `lost`: shipments of ours whose goods have all come back, so that the store lists them no more. `unknown`: lines
    that are not ours. `explained`: what its people were told is owed, where that is not its total; `payers`: who pays a line,
    where they were told.
    """

    key: str
    number: str
    cancelled: bool
    quantities: Pieces
    hand_overs: tuple[HandOver, ...] = ()
    back: Pieces = field(default_factory=dict)
    back_ref: str = ""
    lost: frozenset[str] = frozenset()
    sources: Mapping[str, Source] = field(default_factory=dict)
    total: Decimal = Decimal(0)
    explained: Decimal | None = None
    granted: Decimal = Decimal(0)
    unknown: tuple[str, ...] = ()
    line_keys: Mapping[int, str] = field(default_factory=dict)
    payers: Mapping[int, str] = field(default_factory=dict)

    @property
    def charged(self) -> Decimal:
        """What the store thinks was paid, less what went back."""
        return sum((one.charged for one in self.sources.values()), Decimal(0))


@dataclass(frozen=True)
class RefundAsked:
    """Somebody in the store wants money of one of our sources given back. `order` is our number, "" when it is none of ours."""

    order: str
    source: str
    amount: Decimal
    currency: str


@dataclass(frozen=True)
class RefundAnswer:
    """It is on its way and will be reported as `ref`, or it is `refused` for these reasons."""

    ref: str = ""
    refused: str = ""


class Act(StrEnum):
    """What can be done to the store's copy. STRIKE takes pieces out that never left, TAKE_BACK those that did; EXPLAIN tells its people what is owed, PAYERS who pays a line."""

    CANCEL = "CANCEL"
    LINK = "LINK"
    SHIP = "SHIP"
    UNSHIP = "UNSHIP"
    TRACK = "TRACK"
    STRIKE = "STRIKE"
    TAKE_BACK = "TAKE_BACK"
    SOURCE = "SOURCE"
    REPORT = "REPORT"
    LOWER = "LOWER"
    EXPLAIN = "EXPLAIN"
    PAYERS = "PAYERS"


@dataclass(frozen=True)
class Step:
    """One thing to do. `key` names ours (a shipment, a source), `target` the store's thing; the rest as the act needs it."""

    act: Act
    key: str = ""
    target: str = ""
    warehouse: str = ""
    tracking: str = ""
    pieces: Pieces = field(default_factory=dict)
    movement: Movement | None = None
    amount: Decimal = Decimal(0)
    payers: Mapping[int, str] = field(default_factory=dict)


class StepRefusedError(Exception):
    """The store understood the step and will not have it; the words are its own."""


class KeepsACopy(Protocol):
    """What a store that keeps its own copy of our orders can do besides `place`."""

    def look(self, number: str) -> TheirOrder | None:
        """The order as the store has it; None when it has none, or only a draft."""
        ...

    def changed_since(self, since: datetime) -> list[str]:
        """Numbers of our orders that the store changed since then, each once."""
        ...

    def carry_out(self, theirs: TheirOrder, step: Step) -> None:
        """Do one step of the plan. Raises StepRefusedError, or what the store's client raises when it cannot be asked."""
        ...
