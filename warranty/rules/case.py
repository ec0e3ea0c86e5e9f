"""All facts a decision rests on, as plain frozen values. Stored as evidence, they give the same verdict on any later day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from warranty.rules.values import HowReplaced


@dataclass(frozen=True)
class Machine:
    """A machine the asker may see. `handed_over` is the day it went into service, else the day it was sold."""

    handed_over: date | None
    may_ask: bool = True
    last_hours: int | None = None  # the highest reading up to the failure date
    last_lower: bool = False  # the last reading up to the failure date was lower than an earlier one
    misuse: bool = False
    service_overdue: bool = False
    non_genuine: bool = False


@dataclass(frozen=True)
class Term:
    """A machine's warranty term for one part group: so many months or hours, whichever ends first."""

    months: int
    max_hours: int | None = None
    excluded: bool = False
    bearer: str = "HOUSE"


@dataclass(frozen=True)
class Replaced:
    """The last time this part was put on, or sold over the counter for, this machine; and the months its own warranty runs."""

    on: date
    how: HowReplaced
    quantity: int
    months: int
    bearer: str = "HOUSE"
    ref: str = ""


@dataclass(frozen=True)
class CampaignCover:
    """A campaign or recall naming this serial and this part; `ends_on` is the first day it is closed, None: open end."""

    code: str
    name: str
    starts_on: date
    ends_on: date | None
    bearer: str


@dataclass(frozen=True)
class ContractCover:
    """A maintenance contract of the machine on the failure date; no groups: every group. `cap_left` None: no yearly cap."""

    number: str
    starts_on: date
    ends_on: date
    groups: tuple[str, ...]
    customer_share: Decimal
    cap_left: Decimal | None
    currency: str


@dataclass(frozen=True)
class Limits:
    """Days of the cover policy in force: report a failure within, a repair must hold for."""

    report_days: int = 30
    repeat_days: int = 90


@dataclass(frozen=True)
class Case:
    """One line to decide. `failed_on` and `reported_on` are the asker's local days; `value` is the line's published price in `currency`."""

    intent: str
    asked_by_house: bool
    serial_given: bool
    quantity: int
    value: Decimal
    currency: str
    failed_on: date
    reported_on: date
    failure_told: bool = False  # the asker told the failure date; else `failed_on` is the day of the report
    hours: int | None = None  # as the asker told them
    part_group: str = ""
    fit: str = "UNKNOWN"
    fits_instead: str = ""  # the part that fits, when this one is known not to
    held: int | None = None  # pieces the machine holds, None: unknown
    machine: Machine | None = None  # None: unknown, or not the asker's
    campaign: CampaignCover | None = None
    replaced: Replaced | None = None
    term: Term | None = None
    contract: ContractCover | None = None
    limits: Limits = Limits()

    @property
    def wears(self) -> bool:
        """Is the part of a group that the machine's warranty excludes: wear parts, consumables?"""
        return self.term is not None and self.term.excluded

    @property
    def judged_hours(self) -> int | None:
        """The reading the case is judged by: as told, else the last one on record."""
        if self.hours is not None or self.machine is None:
            return self.hours
        return self.machine.last_hours
