"""What is asked about cover, and what is answered; the contract between orders, pages and this app."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from catalog.selectors.fit import Fit
from warranty.rules.values import Payer, Reason


@dataclass(frozen=True)
class CoverRequest:
    """One line to decide. `key` is the caller's own; `company_id` the buyer; `value` the line's published price in `currency`.

    `intent` is the order type. `failed_on` None: the day it is reported. `reported_on` None: today where the buyer is; give the
    day the repair card was opened, for the failure was told then.
    """

    key: str
    serial: str | None
    part_id: int
    quantity: int
    failed_on: date | None
    hours: int | None
    value: Decimal
    currency: str
    intent: str
    market: str
    buyer_kind: str
    company_id: int | None
    reported_on: date | None = None


@dataclass(frozen=True)
class CoverVerdict:
    """Who pays for a line. `fit` None: no serial was given. `equipment_id` None: unknown or not the buyer's. `inputs` is the evidence.

    `contract` is the number of the contract that covers, else empty; `serial` and `part_number` are what the evidence names.
    """

    payer: Payer
    customer_share: Decimal
    needs_review: bool
    reasons: tuple[Reason, ...]
    bearer: str
    rules_version: str
    fit: Fit | None
    equipment_id: int | None
    inputs: Mapping[str, Any] = field(repr=False)
    serial: str = ""
    part_number: str = ""
    contract: str = ""

    @property
    def decisive(self) -> Reason:
        """The reason that decided."""
        return next(reason for reason in self.reasons if reason.decisive)


@dataclass(frozen=True)
class UsedPart:
    """Pieces put on the machine: of an order line (`order_line`, its reference), or of a part named by any of its numbers.

    `payer` is needed only for parts used without an order, and is PAID when not told.
    """

    quantity: int
    order_line: str = ""
    part_number: str = ""
    failed_serial: str = ""
    new_serial: str = ""
    payer: str | None = None
    old_part_kept: bool | None = None
