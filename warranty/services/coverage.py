"""Who pays for the lines of an order: gather the facts, let the rules decide. Keeping the evidence: `evidence.py`."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from catalog.models.fitment import FitVerdict
from catalog.selectors.fit import Fit
from portal.accounts.actor import Actor
from warranty.rules.case import Case
from warranty.rules.eligibility import decide
from warranty.rules.replay import case_to_json
from warranty.rules.values import Payer, Verdict
from warranty.services.cover_cases import Tally, case_for, fit_of
from warranty.services.cover_facts import Facts, gather_facts
from warranty.types import CoverRequest, CoverVerdict

__all__ = ["CoverRequest", "CoverVerdict", "coverage_decide_many"]


def coverage_decide_many(*, actor: Actor, requests: Sequence[CoverRequest], now: datetime) -> dict[str, CoverVerdict]:
    """Decide every request by the rules; writes nothing. The number of queries does not grow with the number of lines.

    Lines are judged in the order given: earlier ones count against a contract's cap and against the pieces a machine holds.
    All requests of one call are for one buyer; only the house may name a buyer other than itself. Unknown serials and
    serials that are not the buyer's get one identical answer. Raises UNKNOWN_PART (field: the request's key).
    """
    if not requests:
        return {}
    facts, tally = gather_facts(actor, requests, now), Tally()
    verdicts = {}
    for request in requests:
        case = case_for(request, facts, tally)
        verdict, known = decide(case), facts.machine(request)
        if known is not None:
            tally.count(request, known, case, verdict)
        verdicts[request.key] = _told(request, facts, case, verdict)
    return verdicts


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
