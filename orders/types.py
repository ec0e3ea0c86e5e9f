"""Plain values that travel between the API, the pages and the services of orders."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from catalog.models import Part, Warehouse
from portal.accounts.actor import Actor
from portal.accounts.models import Company
from portal.errors import Problem


@dataclass(frozen=True)
class LineRequest:
    """One wanted line as the caller typed it."""

    part_number: str
    quantity: int
    serial: str = ""
    repair_card: str = ""
    failed_on: date | None = None
    hours: int | None = None
    accept_expected_on: date | None = None


@dataclass(frozen=True)
class OrderRequest:
    """A wanted order as the caller typed it; `company_id` is for staff who order for a buyer."""

    lines: tuple[LineRequest, ...]
    payment: str
    reference: str = ""
    type: str = "CUSTOMER"
    po_number: str = ""
    deliver_to: Mapping[str, str] | None = None
    deliver_on: date | None = None
    allow_substitute: bool = False
    use_credit: bool = False
    quote_id: int | None = None
    company_id: int | None = None

    def body(self) -> dict[str, Any]:
        """The normalised input that a repeated reference is compared by; the reference and the quote are not part of it."""
        body = asdict(self)
        del body["reference"], body["quote_id"]
        if not self.use_credit:  # calls remembered before there was credit to use have no such key
            del body["use_credit"]
        return body


@dataclass
class DraftLine:
    """One line judged: priced, covered, checked. `index` is the place in the request, `position` in the order."""

    index: int
    position: int
    request: LineRequest
    part: Part
    quantity: int
    amount: Decimal
    per_quantity: int
    cover: Any  # warranty's CoverVerdict
    card: Any = None  # warranty's RepairCard
    net: Decimal = Decimal(0)
    expected_on: date | None = None

    @property
    def key(self) -> str:
        """Names the line while it has no row yet."""
        return str(self.position)

    @property
    def serial(self) -> str:
        """The machine's serial, typed or taken from the repair card."""
        return self.request.serial or (self.card.equipment.serial if self.card else "")


@dataclass
class Draft:
    """An order as it would be, with every problem found; nothing is written and nothing held. `bad`: lines not even judged."""

    buyer: Company
    buyer_actor: Actor
    request: OrderRequest
    now: datetime
    day: date
    currency: str = ""
    lines: list[DraftLine] = field(default_factory=list)
    warehouses: list[Warehouse] = field(default_factory=list)
    freight_rate: Decimal = Decimal(0)
    freight: Decimal = Decimal(0)
    deliver_to: dict[str, str] = field(default_factory=dict)
    bad: frozenset[int] = frozenset()
    problems: list[Problem] = field(default_factory=list)

    @property
    def net(self) -> Decimal:
        """What the buyer pays, freight included."""
        return sum((line.net for line in self.lines), Decimal(0)) + self.freight
