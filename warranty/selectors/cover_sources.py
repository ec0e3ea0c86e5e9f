"""The sources of cover for many machines and parts at once: terms, campaigns, earlier replacements, contracts; readings and notes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from warranty.models import Equipment, WarrantyTerm
from warranty.rules.case import CampaignCover, Limits, Term
from warranty.rules.parts_terms import PartsTermRow
from warranty.rules.terms import TermRow
from warranty.selectors.cover_rows import Moment, cover_rows

PerMachinePart = tuple[int, int]
Grouped = Sequence[Sequence[Any]]


@dataclass(frozen=True)
class Replacement:
    """Pieces of a part put on a machine, or sold over the counter for it, on one day."""

    quantity: int
    replaced_on: date
    how: str
    ref: str


@dataclass(frozen=True)
class Contract:
    """A machine's maintenance contract as kept."""

    pk: int
    number: str
    starts_on: date
    ends_on: date
    groups: tuple[str, ...]
    customer_share: Decimal
    yearly_cap: Decimal | None
    currency: str


@dataclass(frozen=True)
class Sources:
    """Everything that may cover the asked lines, as rows for the rules to choose from.

    `used`: what capped contracts have borne, by (contract, contract year); `readings`: the highest before a moment, and whether
    the last one was lower than it; `notes`: kinds that stand against a machine.
    """

    terms: list[TermRow] = field(default_factory=list)
    parts_terms: list[PartsTermRow] = field(default_factory=list)
    limits: Limits = field(default_factory=Limits)
    campaigns: Mapping[PerMachinePart, list[CampaignCover]] = field(default_factory=dict)
    replacements: Mapping[PerMachinePart, list[Replacement]] = field(default_factory=dict)
    contracts: Mapping[int, list[Contract]] = field(default_factory=dict)
    used: Mapping[tuple[int, int], Decimal] = field(default_factory=dict)
    readings: Mapping[Moment, tuple[int, bool]] = field(default_factory=dict)
    notes: Mapping[int, set[str]] = field(default_factory=dict)


def sources_for(
    equipment: Collection[Equipment], groups: Collection[str], *, moments: Iterable[Moment], on: date
) -> Sources:
    """Load what may cover parts of these groups on these machines; one query. `on` is the day whose policy and notes count."""
    asked = sorted(set(moments))
    rows = cover_rows(
        machines=[machine.pk for machine in equipment],
        models={machine.model_id for machine in equipment},
        groups=groups,
        moments=asked,
        on=on,
    )
    return Sources(
        terms=[_term(*row) for row in rows["term"]],
        parts_terms=[_parts_term(*row) for row in rows["parts_term"]],
        limits=next((Limits(*row) for row in rows["policy"]), Limits()),
        campaigns=_campaigns(rows["campaign"], equipment),
        replacements=_replacements(rows["replacement"]),
        contracts=_contracts(rows["contract"]),
        used={(contract, year): Decimal(total) for contract, year, total in rows["used"]},
        readings={asked[at - 1]: (highest, last < highest) for at, highest, last in rows["reading"]},
        notes=_notes(rows["note"]),
    )


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _term(
    months: int,
    hours: int | None,
    excluded: bool,
    bearer: str,
    model: int | None,
    group: str | None,
    *valid: str | None,
) -> TermRow:
    return TermRow(Term(months, hours, excluded, bearer), model, group, *map(_day, valid))


def _parts_term(
    market: str, kind: str, fitted: int, counter: int, statutory: int, bearer: str, *valid: str | None
) -> PartsTermRow:
    return PartsTermRow(market, kind, fitted, counter, statutory, bearer, *map(_day, valid))


def term_row(row: WarrantyTerm) -> TermRow:
    """A term as the rules see it; `part_group` should be selected with it."""
    return TermRow(
        Term(row.months, row.max_hours, row.excluded, row.bearer),
        row.model_id,
        row.part_group.code if row.part_group else None,
        row.valid.lower,
        row.valid.upper,
    )


def _campaigns(rows: Grouped, equipment: Collection[Equipment]) -> Mapping[PerMachinePart, list[CampaignCover]]:
    grouped: dict[PerMachinePart, list[CampaignCover]] = defaultdict(list)
    for model, part, first, last, code, name, starts_on, ends_on, bearer in rows:
        cover = CampaignCover(code, name, date.fromisoformat(starts_on), _day(ends_on), bearer)
        for machine in equipment:
            if machine.model_id == model and in_serials(machine.sequence, first, last):
                grouped[machine.pk, part].append(cover)
    return grouped


def in_serials(sequence: int | None, first: int | None, last: int | None) -> bool:
    """Is a running number within inclusive bounds? A serial without one is in no bounded range."""
    if first is None and last is None:
        return True
    return sequence is not None and (first is None or first <= sequence) and (last is None or sequence <= last)


def _replacements(rows: Grouped) -> Mapping[PerMachinePart, list[Replacement]]:
    grouped: dict[PerMachinePart, list[Replacement]] = defaultdict(list)
    for machine, part, quantity, day, how, ref in rows:
        grouped[machine, part].append(Replacement(quantity, date.fromisoformat(day), how, ref))
    return grouped


def _contracts(rows: Grouped) -> Mapping[int, list[Contract]]:
    grouped: dict[int, list[Contract]] = defaultdict(list)
    for machine, pk, number, first, last, groups, share, cap, currency in rows:
        days = (date.fromisoformat(first), date.fromisoformat(last))
        left = Decimal(cap) if cap is not None else None
        grouped[machine].append(Contract(pk, number, *days, tuple(groups), Decimal(share), left, currency))
    return grouped


def _notes(rows: Grouped) -> Mapping[int, set[str]]:
    grouped: dict[int, set[str]] = defaultdict(set)
    for machine, kind in rows:
        grouped[machine].add(kind)
    return grouped
