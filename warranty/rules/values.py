"""The words of cover: who pays, who bears it, and why (rules.md sections 2 and 3)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from typing import Any

RULES_VERSION = "2026-11"
FREE = Decimal(0)
WHOLE = Decimal(1)


class Payer(StrEnum):
    """The four kinds of service; decided for each order line."""

    PAID = "PAID"
    CONTRACT = "CONTRACT"
    WARRANTY = "WARRANTY"
    INTERNAL = "INTERNAL"


class Bearer(StrEnum):
    """Who bears what the customer does not pay."""

    HOUSE = "HOUSE"
    MAKER = "MAKER"
    SUPPLIER = "SUPPLIER"
    CAMPAIGN = "CAMPAIGN"
    GOODWILL = "GOODWILL"


class HowReplaced(StrEnum):
    """A part fitted by us or a dealer has a longer warranty of its own than one sold over the counter."""

    FITTED = "FITTED"
    COUNTER = "COUNTER"


class ReasonCode(StrEnum):
    """Everything that can speak for or against cover. Words for them: `warranty.errors.reason_message`."""

    # gates
    INTERNAL = "INTERNAL"
    NO_SERIAL = "NO_SERIAL"
    SERIAL_UNKNOWN = "SERIAL_UNKNOWN"
    NOT_GRANTED = "NOT_GRANTED"
    DOES_NOT_FIT = "DOES_NOT_FIT"
    FAILED_BEFORE_HANDOVER = "FAILED_BEFORE_HANDOVER"
    # sources, in the order they are asked
    CAMPAIGN = "CAMPAIGN"
    NO_CAMPAIGN = "NO_CAMPAIGN"
    PART_WARRANTY = "PART_WARRANTY"
    PART_WARRANTY_EXPIRED = "PART_WARRANTY_EXPIRED"
    FAILURE_NOT_TOLD = "FAILURE_NOT_TOLD"
    NO_PART_WARRANTY = "NO_PART_WARRANTY"
    MACHINE_WARRANTY = "MACHINE_WARRANTY"
    HOURS_UNKNOWN = "HOURS_UNKNOWN"
    NO_TERMS = "NO_TERMS"
    NOT_STARTED = "NOT_STARTED"
    EXPIRED = "EXPIRED"
    OVER_HOURS = "OVER_HOURS"
    EXCLUDED_PART = "EXCLUDED_PART"
    CONTRACT = "CONTRACT"
    CONTRACT_CAP_PART = "CONTRACT_CAP_PART"
    CONTRACT_CAP_REACHED = "CONTRACT_CAP_REACHED"
    CONTRACT_GROUP = "CONTRACT_GROUP"
    NO_CONTRACT = "NO_CONTRACT"
    # a covered line needs a person
    FIT_UNKNOWN = "FIT_UNKNOWN"
    WEAR_PART = "WEAR_PART"
    MISUSE = "MISUSE"
    SERVICE_OVERDUE = "SERVICE_OVERDUE"
    NON_GENUINE = "NON_GENUINE"
    MORE_THAN_HELD = "MORE_THAN_HELD"
    MORE_THAN_REPLACED = "MORE_THAN_REPLACED"
    REPLACED_RECENTLY = "REPLACED_RECENTLY"
    READING_LOWER = "READING_LOWER"
    FAILED_IN_FUTURE = "FAILED_IN_FUTURE"
    REPORTED_LATE = "REPORTED_LATE"
    CURRENCY_DIFFERS = "CURRENCY_DIFFERS"
    # a person decided
    REVIEWED = "REVIEWED"
    GOODWILL = "GOODWILL"


@dataclass(frozen=True)
class Reason:
    """One reason; `data` is plain JSON (ISO dates, decimals as text); exactly one reason of a verdict is decisive."""

    code: ReasonCode
    data: Mapping[str, Any] = field(default_factory=dict)
    decisive: bool = False


@dataclass(frozen=True)
class Verdict:
    """Who pays. `customer_share` is the fraction of the published price the customer pays: 1 paid, 0 free."""

    payer: Payer
    customer_share: Decimal
    needs_review: bool
    reasons: tuple[Reason, ...]
    bearer: str = ""
    rules_version: str = RULES_VERSION

    @property
    def decisive(self) -> Reason:
        """The reason that decided."""
        return next(reason for reason in self.reasons if reason.decisive)
