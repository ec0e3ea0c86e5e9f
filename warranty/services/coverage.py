"""Who pays for the lines of an order: gather the facts, let the rules decide, keep the evidence."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from catalog.models.fitment import FitVerdict
from catalog.selectors.fit import Fit
from portal.accounts.actor import Actor
from warranty.models import Decision
from warranty.rules.case import Case
from warranty.rules.eligibility import decide
from warranty.rules.replay import case_to_json
from warranty.rules.values import Payer, Reason, Verdict
from warranty.services.cover_cases import Tally, case_for, fit_of
from warranty.services.cover_facts import NOTHING, Facts, Given, gather_facts
from warranty.types import CoverRequest, CoverVerdict

__all__ = ["CoverRequest", "CoverVerdict", "Given", "coverage_decide_many", "decision_record_many", "reasons_to_json"]


def coverage_decide_many(
    *, actor: Actor, requests: Sequence[CoverRequest], now: datetime, given: Given = NOTHING
) -> dict[str, CoverVerdict]:
    """Decide every request by the rules; writes nothing. The number of queries does not grow with the number of lines, and what the
    caller hands over in `given` is not read again.

    Lines are judged in the order given: earlier ones count against a contract's cap and against the pieces a machine holds.
    All requests of one call are for one buyer; only the house may name a buyer other than itself. Unknown serials and
    serials that are not the buyer's get one identical answer. Raises UNKNOWN_PART (field: the request's key).
    """
    if not requests:
        return {}
    facts, tally = gather_facts(actor, requests, now, given), Tally()
    verdicts = {}
    for request in requests:
        case = case_for(request, facts, tally)
        verdict, known = decide(case), facts.machine(request)
        if known is not None:
            tally.count(request, known, case, verdict)
        verdicts[request.key] = _told(request, facts, case, verdict)
    return verdicts


def decision_record_many(
    *, decisions: Sequence[tuple[str, CoverVerdict]], decided_by: str, now: datetime
) -> list[Decision]:
    """Keep verdicts as evidence: (subject, verdict) pairs, one insert. `decided_by` is `rules` or `user:<id>`."""
    rows = [
        Decision(
            subject=subject,
            serial=verdict.serial,
            part_number=verdict.part_number,
            inputs=dict(verdict.inputs),
            rules_version=verdict.rules_version,
            payer=verdict.payer,
            customer_share=verdict.customer_share,
            needs_review=verdict.needs_review,
            bearer=verdict.bearer,
            reasons=reasons_to_json(verdict.reasons),
            decided_at=now,
            decided_by=decided_by,
        )
        for subject, verdict in decisions
    ]
    return Decision.objects.bulk_create(rows)


def reasons_to_json(reasons: Sequence[Reason]) -> list[dict[str, Any]]:
    """Reasons as the evidence keeps them: {code, decisive, data}."""
    return [{"code": reason.code.value, "decisive": reason.decisive, "data": dict(reason.data)} for reason in reasons]


def _told(request: CoverRequest, facts: Facts, case: Case, verdict: Verdict) -> CoverVerdict:
    known, serial = facts.machine(request), (request.serial or "").replace("\x00", "").strip()
    number = facts.parts[request.part_id].number
    by_contract = verdict.payer == Payer.CONTRACT and case.contract is not None
    return CoverVerdict(
        payer=verdict.payer,
        customer_share=verdict.customer_share,
        needs_review=verdict.needs_review,
        reasons=verdict.reasons,
        bearer=verdict.bearer,
        rules_version=verdict.rules_version,
        fit=(fit_of(request, facts) or Fit(FitVerdict.UNKNOWN)) if case.serial_given else None,
        equipment_id=known.equipment.pk if known else None,
        inputs={**case_to_json(case), "serial": serial, "part": number},
        serial=known.equipment.serial if known else serial[:60],
        part_number=number,
        contract=case.contract.number if by_contract and case.contract else "",
    )
