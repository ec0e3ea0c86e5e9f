"""The four sources of cover, each asked alone (rules.md section 3, points 3 to 6)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_UP, Decimal

from warranty.rules.case import Case, ContractCover, Term
from warranty.rules.dates import last_covered_day
from warranty.rules.values import FREE, WHOLE, Bearer, HowReplaced, Payer, Reason, ReasonCode

_SHARE_STEP = Decimal("0.000001")  # as exact as the evidence stores it


@dataclass(frozen=True)
class Finding:
    """What one source says. `payer` None: it does not cover. The first reason is the one that would decide."""

    reasons: tuple[Reason, ...]
    payer: Payer | None = None
    customer_share: Decimal = FREE
    bearer: str = ""


def _against(code: ReasonCode, **data: object) -> Finding:
    return Finding((Reason(code, data),))


def by_campaign(case: Case) -> Finding:
    """Point 3: an open campaign or recall for this serial and part, on the day the case was reported."""
    campaign = case.campaign
    if campaign is None or case.reported_on < campaign.starts_on:
        return _against(ReasonCode.NO_CAMPAIGN)
    if campaign.ends_on is not None and case.reported_on >= campaign.ends_on:
        return _against(ReasonCode.NO_CAMPAIGN)
    reason = Reason(ReasonCode.CAMPAIGN, {"campaign": campaign.code, "name": campaign.name})
    return Finding((reason,), Payer.WARRANTY, FREE, campaign.bearer)


def by_part_warranty(case: Case) -> Finding:
    """Point 4: the part's own warranty since it was last replaced on this machine.

    Ours: wear parts, and parts sold over the counter, are ordered again for many reasons; for them a failure must be told.
    """
    replaced = case.replaced
    if replaced is None or case.failed_on < replaced.on or replaced.months < 1:
        return _against(ReasonCode.NO_PART_WARRANTY)
    last = last_covered_day(replaced.on, replaced.months)
    data = {"since": replaced.on.isoformat(), "until": last.isoformat(), "labour": replaced.how == HowReplaced.FITTED}
    if case.failed_on > last:
        return Finding((Reason(ReasonCode.PART_WARRANTY_EXPIRED, data),))
    if (case.wears or replaced.how == HowReplaced.COUNTER) and not case.failure_told:
        return Finding((Reason(ReasonCode.FAILURE_NOT_TOLD, data),))
    return Finding((Reason(ReasonCode.PART_WARRANTY, data),), Payer.WARRANTY, FREE, replaced.bearer)


def by_machine_warranty(case: Case) -> Finding:
    """Point 5: the machine's warranty, less excluded groups or shorter terms."""
    if case.term is None:
        return _against(ReasonCode.NO_TERMS)
    if case.term.excluded:
        return _against(ReasonCode.EXCLUDED_PART, group=case.part_group)
    if case.machine is None or case.machine.handed_over is None:
        return _against(ReasonCode.NOT_STARTED)
    if case.term.months < 1:
        return _against(ReasonCode.NO_TERMS)
    last = last_covered_day(case.machine.handed_over, case.term.months)
    against = _against_machine_warranty(case, case.term, last)
    if against:
        return Finding(against)
    reasons = [Reason(ReasonCode.MACHINE_WARRANTY, {"until": last.isoformat(), "maxHours": case.term.max_hours})]
    if case.term.max_hours is not None and case.judged_hours is None:
        reasons.append(Reason(ReasonCode.HOURS_UNKNOWN, {"maxHours": case.term.max_hours}))
    return Finding(tuple(reasons), Payer.WARRANTY, FREE, case.term.bearer)


def _against_machine_warranty(case: Case, term: Term, last: date) -> tuple[Reason, ...]:
    """Every reason against cover by the machine's warranty, whichever of months and hours ended first."""
    hours, reasons = case.judged_hours, []
    if case.failed_on > last:
        reasons.append(Reason(ReasonCode.EXPIRED, {"until": last.isoformat()}))
    if term.max_hours is not None and hours is not None and hours > term.max_hours:
        reasons.append(Reason(ReasonCode.OVER_HOURS, {"hours": hours, "maxHours": term.max_hours}))
    return tuple(reasons)


def by_contract(case: Case) -> Finding:
    """Point 6: the maintenance contract on the failure date, its groups, share and yearly cap."""
    contract = case.contract
    if contract is None or not contract.starts_on <= case.failed_on < contract.ends_on:
        return _against(ReasonCode.NO_CONTRACT)
    if contract.groups and case.part_group not in contract.groups:
        return _against(ReasonCode.CONTRACT_GROUP, contract=contract.number, group=case.part_group)
    share, capped = _share_under_cap(contract, case.value, case.currency)
    if capped and share >= WHOLE:
        return _against(ReasonCode.CONTRACT_CAP_REACHED, contract=contract.number)
    last = contract.ends_on - timedelta(days=1)
    reasons = [
        Reason(ReasonCode.CONTRACT, {"contract": contract.number, "until": last.isoformat(), "share": str(share)})
    ]
    if capped:
        reasons.append(
            Reason(
                ReasonCode.CONTRACT_CAP_PART,
                {"contract": contract.number, "left": str(contract.cap_left), "currency": contract.currency},
            )
        )
    return Finding(tuple(reasons), Payer.CONTRACT, share, Bearer.HOUSE)


def _share_under_cap(contract: ContractCover, value: Decimal, currency: str) -> tuple[Decimal, bool]:
    """The customer's share, and whether the cap raised it: what the contract bears never exceeds what the cap has left.

    A cap in another currency cannot be compared: the line keeps its share and goes to a person (review.py).
    """
    left, share = contract.cap_left, contract.customer_share
    if left is None or contract.currency != currency or value * (WHOLE - share) <= max(left, FREE):
        return share, False
    if left <= 0:
        return WHOLE, True
    return (WHOLE - left / value).quantize(_SHARE_STEP, rounding=ROUND_UP), True
