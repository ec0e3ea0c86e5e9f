"""Which term, campaign or contract of several applies: the most specific one that was in force on the day it is judged by."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from warranty.rules.case import CampaignCover, ContractCover, Term


@dataclass(frozen=True)
class TermRow:
    """A term as kept: `model` None means every model, `group` None the machine as a whole; valid half-open, None: open."""

    term: Term
    model: int | None
    group: str | None
    valid_from: date | None = None
    valid_to: date | None = None

    def in_force(self, on: date) -> bool:
        """Was this row in force on that day?"""
        return (self.valid_from is None or self.valid_from <= on) and (self.valid_to is None or on < self.valid_to)


def choose_term(rows: Iterable[TermRow], *, model: int, group: str, started: date) -> Term | None:
    """The term for a part group on a model whose warranty started on that day; a later change of terms does not touch it.

    A row for the part group beats the row for the whole machine, then a row for the model beats the row for every model.
    """
    fitting = [
        row for row in rows if row.in_force(started) and row.model in (None, model) and row.group in (None, group)
    ]
    best = max(fitting, key=lambda row: (row.group is not None, row.model is not None), default=None)
    return best.term if best else None


def choose_campaign(campaigns: Iterable[CampaignCover], *, on: date) -> CampaignCover | None:
    """Of the campaigns that name the serial and part, the open one that began first."""
    opened = [c for c in campaigns if c.starts_on <= on and (c.ends_on is None or on < c.ends_on)]
    return min(opened, key=lambda c: (c.starts_on, c.code), default=None)


def choose_contract(contracts: Iterable[ContractCover], *, on: date, group: str) -> ContractCover | None:
    """The contract that runs on that day; of several the one that names the group and asks the least of the customer."""
    running = [c for c in contracts if c.starts_on <= on < c.ends_on]

    def order(contract: ContractCover) -> tuple[bool, object, str]:
        outside = bool(contract.groups) and group not in contract.groups
        return (outside, contract.customer_share, contract.number)

    return min(running, key=order, default=None)
