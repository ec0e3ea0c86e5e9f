"""Plain values that travel between the API, the pages and the services of orders."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from catalog.models import Part, Warehouse
from orders.rules.amounts import RateSum, by_rate
from orders.rules.tax import Place, Taxed, Treatment
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
    tax: Decimal = Decimal(0)
    tax_rate: Decimal = Decimal(0)
    included_rate: Decimal = Decimal(0)
    expected_on: date | None = None
    core_each: Decimal = Decimal(0)  # deposit published for one piece
    core_net: Decimal = Decimal(0)  # what is asked for the whole line
    core_tax: Decimal = Decimal(0)

    @property
    def key(self) -> str:
        """Names the line while it has no row yet."""
        return str(self.position)

    @property
    def gross(self) -> Decimal:
        """What the buyer pays for the line."""
        return self.net + self.tax

    @property
    def core_due(self) -> Decimal:
        """The deposit asked on one piece: none for what somebody else pays."""
        return self.core_each if self.cover and self.cover.payer == "PAID" else Decimal(0)

    @property
    def core_gross(self) -> Decimal:
        """All deposits of the line with their tax."""
        return self.core_net + self.core_tax

    @property
    def published_net(self) -> Decimal:
        """The published amount for `per_quantity` pieces, without tax, not rounded."""
        return self.amount / (1 + self.included_rate)

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
    freight_tax: Decimal = Decimal(0)
    freight_tax_rate: Decimal = Decimal(0)
    prices_include_tax: bool = False
    place: Place = field(default_factory=lambda: Place("", Treatment.DOMESTIC))
    deliver_to: dict[str, str] = field(default_factory=dict)
    bad: frozenset[int] = frozenset()
    problems: list[Problem] = field(default_factory=list)

    @property
    def net(self) -> Decimal:
        """Without tax, freight included."""
        return sum((line.net + line.core_net for line in self.lines), Decimal(0)) + self.freight

    @property
    def tax(self) -> Decimal:
        """All of the tax."""
        return sum((line.tax + line.core_tax for line in self.lines), Decimal(0)) + self.freight_tax

    @property
    def shows_gross(self) -> bool:
        """Are amounts shown with their tax first: shelf prices, or a private person?"""
        return self.prices_include_tax or self.buyer.is_consumer

    @property
    def tax_sums(self) -> list[RateSum]:
        """What each rate taxes."""
        freight = (self.freight_tax_rate, Taxed(self.freight, self.freight_tax))
        rows = [(line.tax_rate, Taxed(line.net + line.core_net, line.tax + line.core_tax)) for line in self.lines]
        return by_rate([*rows, freight])

    @property
    def cores(self) -> Decimal:
        """All core deposits, as the buyer is shown amounts."""
        return sum((line.core_gross if self.shows_gross else line.core_net for line in self.lines), Decimal(0))

    @property
    def total(self) -> Decimal:
        """What the buyer pays."""
        return self.net + self.tax
