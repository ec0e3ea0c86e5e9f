"""The sources of cover for many machines and parts at once: terms, campaigns, earlier replacements, contracts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from django.db.models import Q, Sum

from warranty.models import (
    Campaign,
    ContractUse,
    CoverPolicy,
    Equipment,
    MaintenanceContract,
    PartsWarrantyTerm,
    Replacement,
    WarrantyTerm,
)
from warranty.rules.case import CampaignCover, Limits, Term
from warranty.rules.parts_terms import PartsTermRow
from warranty.rules.terms import TermRow

PerMachinePart = tuple[int, int]


@dataclass(frozen=True)
class Sources:
    """Everything that may cover the asked lines, as rows for the rules to choose from."""

    terms: list[TermRow] = field(default_factory=list)
    parts_terms: list[PartsTermRow] = field(default_factory=list)
    limits: Limits = field(default_factory=Limits)
    campaigns: Mapping[PerMachinePart, list[CampaignCover]] = field(default_factory=dict)
    replacements: Mapping[PerMachinePart, list[Replacement]] = field(default_factory=dict)
    contracts: Mapping[int, list[MaintenanceContract]] = field(default_factory=dict)
    used: Mapping[tuple[int, int], Decimal] = field(default_factory=dict)


def sources_for(equipment: Collection[Equipment], groups: Collection[str], *, on: date) -> Sources:
    """Load what may cover parts of these groups on these machines; at most seven queries. `on` is the day whose policy counts."""
    contracts, replacements = _contracts(equipment), _replacements(equipment)
    return Sources(
        terms=_terms({machine.model_id for machine in equipment}, groups),
        parts_terms=_parts_terms() if replacements else [],
        limits=limits_on(on),
        campaigns=_campaigns(equipment),
        replacements=replacements,
        contracts=contracts,
        used=_used(contracts),
    )


def limits_on(on: date) -> Limits:
    """The days of the cover policy in force; the defaults of rules.md where there is none."""
    policy = CoverPolicy.objects.filter(valid__contains=on).first()
    return Limits(policy.report_days, policy.repeat_days) if policy else Limits()


def _terms(models: Collection[int], groups: Collection[str]) -> list[TermRow]:
    ours = Q(model=None) | Q(model__in=models)
    rows = WarrantyTerm.objects.filter(ours, Q(part_group=None) | Q(part_group__code__in=groups)).select_related(
        "part_group"
    )
    return [term_row(row) for row in rows]


def term_row(row: WarrantyTerm) -> TermRow:
    """A term as the rules see it; `part_group` should be selected with it."""
    return TermRow(
        Term(row.months, row.max_hours, row.excluded, row.bearer),
        row.model_id,
        row.part_group.code if row.part_group else None,
        row.valid.lower,
        row.valid.upper,
    )


def _parts_terms() -> list[PartsTermRow]:
    return [
        PartsTermRow(
            row.market,
            row.buyer_kind,
            row.fitted_months,
            row.counter_months,
            row.statutory_months,
            row.bearer,
            row.valid.lower,
            row.valid.upper,
        )
        for row in PartsWarrantyTerm.objects.all()
    ]


def _campaigns(equipment: Collection[Equipment]) -> Mapping[PerMachinePart, list[CampaignCover]]:
    columns = ("model_id", "parts", "serial_from", "serial_to", "code", "name", "starts_on", "ends_on", "bearer")
    models = {machine.model_id for machine in equipment}
    rows = Campaign.objects.filter(model__in=models, parts__isnull=False).values_list(*columns)
    grouped: dict[PerMachinePart, list[CampaignCover]] = defaultdict(list)
    for model, part, first, last, code, name, starts_on, ends_on, bearer in rows:
        cover = CampaignCover(code, name, starts_on, ends_on, bearer)
        for machine in equipment:
            if machine.model_id == model and in_serials(machine.sequence, first, last):
                grouped[machine.pk, part].append(cover)
    return grouped


def in_serials(sequence: int | None, first: int | None, last: int | None) -> bool:
    """Is a running number within inclusive bounds? A serial without one is in no bounded range."""
    if first is None and last is None:
        return True
    return sequence is not None and (first is None or first <= sequence) and (last is None or sequence <= last)


def _replacements(equipment: Collection[Equipment]) -> Mapping[PerMachinePart, list[Replacement]]:
    grouped: dict[PerMachinePart, list[Replacement]] = defaultdict(list)
    for row in Replacement.objects.filter(equipment__in=equipment):
        grouped[row.equipment_id, row.part_id].append(row)
    return grouped


def _contracts(equipment: Collection[Equipment]) -> Mapping[int, list[MaintenanceContract]]:
    grouped: dict[int, list[MaintenanceContract]] = defaultdict(list)
    for row in MaintenanceContract.objects.filter(equipment__in=equipment):
        grouped[row.equipment_id].append(row)
    return grouped


def _used(contracts: Mapping[int, list[MaintenanceContract]]) -> Mapping[tuple[int, int], Decimal]:
    """What each capped contract has borne, by (contract, contract year)."""
    capped = [row.pk for rows in contracts.values() for row in rows if row.yearly_cap is not None]
    if not capped:
        return {}
    rows = (
        ContractUse.objects.filter(contract__in=capped).values_list("contract_id", "year").annotate(total=Sum("amount"))
    )
    return {(contract, year): total for contract, year, total in rows}
