"""From the facts of a call to one case per line; lines judged earlier in the same call count."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import ROUND_DOWN, Decimal

from catalog.selectors.fit import Fit
from portal.money import exponent, quantise
from warranty.rules.case import Case, ContractCover, Machine, Replaced, Term
from warranty.rules.dates import contract_year
from warranty.rules.parts_terms import choose_parts_term
from warranty.rules.terms import choose_campaign, choose_contract, choose_term
from warranty.rules.values import HowReplaced, Payer, Verdict
from warranty.selectors.cover_machines import Known, machine_facts
from warranty.selectors.cover_sources import Contract, Replacement
from warranty.services.cover_facts import Facts, fit_pair, reading_moment
from warranty.types import CoverRequest


@dataclass
class Tally:
    """What earlier lines of the same call have taken: pieces by (machine, part), money by contract number."""

    pieces: Counter[tuple[int, int]] = field(default_factory=Counter)
    borne: dict[str, Decimal] = field(default_factory=lambda: defaultdict(Decimal))

    def count(self, request: CoverRequest, known: Known, case: Case, verdict: Verdict) -> None:
        """Remember a decided line."""
        self.pieces[known.equipment.pk, request.part_id] += request.quantity
        if verdict.payer == Payer.CONTRACT and case.contract is not None:
            # Rounded as the line's total is, so that the cap holds to the last cent over any number of lines
            paid = quantise(case.value * verdict.customer_share, case.currency)
            self.borne[case.contract.number] += case.value - paid


def case_for(request: CoverRequest, facts: Facts, tally: Tally) -> Case:
    """The case of one line. `quantity` includes the same part for the same machine on earlier lines of this call."""
    part = facts.parts[request.part_id]
    known = facts.machine(request)
    group = part.group.code if part.group else ""
    base = Case(
        intent=request.intent,
        asked_by_house=facts.house,
        serial_given=bool((request.serial or "").strip()),
        quantity=request.quantity,
        value=request.value,
        currency=request.currency,
        failed_on=facts.failed_on(request),
        reported_on=facts.reported_on(request),
        failure_told=request.failed_on is not None,
        hours=request.hours,
        part_group=group,
    )
    return _on_machine(base, request, known, facts, tally) if known else base


def fit_of(request: CoverRequest, facts: Facts) -> Fit | None:
    """The fit of a line on a machine that is known."""
    pair = fit_pair(request, facts)
    return facts.fits.get(pair) if pair else None


def _on_machine(base: Case, request: CoverRequest, known: Known, facts: Facts, tally: Tally) -> Case:
    equipment, sources = known.equipment, facts.sources
    fit = fit_of(request, facts)
    moment = reading_moment(request, facts)
    machine = machine_facts(
        known, reading=sources.readings.get(moment) if moment else None, notes=sources.notes.get(equipment.pk, ())
    )
    pairs = [(equipment.pk, part) for part in sorted({request.part_id, *(fit.stands_for if fit else ())})]
    return replace(
        base,
        quantity=request.quantity + tally.pieces[equipment.pk, request.part_id],
        machine=machine,
        fit=str(fit.verdict.value) if fit else "UNKNOWN",
        fits_instead=fit.instead_use.number if fit and fit.instead_use else "",
        held=fit.quantity if fit else None,
        limits=sources.limits,
        campaign=choose_campaign([c for pair in pairs for c in sources.campaigns.get(pair, ())], on=base.reported_on),
        replaced=_replaced([r for pair in pairs for r in sources.replacements.get(pair, ())], base, request, facts),
        term=_term(base, machine, equipment.model_id, facts),
        contract=_contract(sources.contracts.get(equipment.pk, ()), base, facts, tally),
    )


def _term(base: Case, machine: Machine, model_id: int, facts: Facts) -> Term | None:
    """The term in force when the warranty started; of a machine not handed over yet, today's."""
    started = machine.handed_over or base.reported_on
    return choose_term(facts.sources.terms, model=model_id, group=base.part_group, started=started)


def _replaced(rows: Iterable[Replacement], base: Case, request: CoverRequest, facts: Facts) -> Replaced | None:
    """The last replacement up to the failure, with all pieces of that day."""
    before = [row for row in rows if row.replaced_on <= base.failed_on]
    if not before:
        return None
    day = max(row.replaced_on for row in before)
    same_day = [row for row in before if row.replaced_on == day]
    how = HowReplaced.FITTED if any(row.how == HowReplaced.FITTED for row in same_day) else HowReplaced.COUNTER
    term = choose_parts_term(facts.sources.parts_terms, market=request.market, buyer_kind=request.buyer_kind, on=day)
    return Replaced(
        on=day,
        how=how,
        quantity=sum(row.quantity for row in same_day),
        months=term.months(how) if term else 0,
        bearer=term.bearer if term else "HOUSE",
        ref=min(row.ref for row in same_day),
    )


def _contract(rows: Iterable[Contract], base: Case, facts: Facts, tally: Tally) -> ContractCover | None:
    """The contract of the failure date, with what its cap has left after earlier orders and earlier lines of this one."""
    covers = [
        _contract_cover(row, base.failed_on, facts, tally)
        for row in rows
        if row.starts_on <= base.failed_on < row.ends_on
    ]
    return choose_contract(covers, on=base.failed_on, group=base.part_group)


def _contract_cover(row: Contract, on: date, facts: Facts, tally: Tally) -> ContractCover:
    left = None
    if row.yearly_cap is not None:
        used = facts.sources.used.get((row.pk, contract_year(row.starts_on, on)), Decimal(0))
        payable = Decimal(1).scaleb(-exponent(row.currency))
        left = max(row.yearly_cap - used - tally.borne[row.number], Decimal(0)).quantize(payable, rounding=ROUND_DOWN)
    return ContractCover(row.number, row.starts_on, row.ends_on, row.groups, row.customer_share, left, row.currency)
