"""Who pays for a line: gates first, then the first source that covers (rules.md sections 2 and 3)."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace

from warranty.rules.case import Case
from warranty.rules.review import review_reasons
from warranty.rules.sources import Finding, by_campaign, by_contract, by_machine_warranty, by_part_warranty
from warranty.rules.values import FREE, WHOLE, Bearer, Payer, Reason, ReasonCode, Verdict

SOURCES: tuple[Callable[[Case], Finding], ...] = (by_campaign, by_part_warranty, by_machine_warranty, by_contract)


def decide(case: Case) -> Verdict:
    """Decide one line. Total: every case has a verdict, with every reason looked at and exactly one of them decisive."""
    if case.intent == "INTERNAL" and case.asked_by_house:
        return Verdict(Payer.INTERNAL, FREE, False, (Reason(ReasonCode.INTERNAL, decisive=True),), Bearer.HOUSE)
    gate = gate_reason(case)
    if gate is not None:
        return _paid((), gate)
    tried: tuple[Reason, ...] = ()
    for source in SOURCES:
        finding = source(case)
        if finding.payer is not None:
            return _covered(case, tried, finding, finding.payer)
        tried += finding.reasons
    return _paid(tried, _telling(tried))


def gate_reason(case: Case) -> Reason | None:
    """The reason that shuts the gate before any source of cover is asked; None: open.

    Unknown and foreign serials are the same case here (`machine` None), so they cannot be told apart.
    """
    if not case.serial_given:
        return Reason(ReasonCode.NO_SERIAL)
    machine = case.machine
    if machine is None:
        return Reason(ReasonCode.SERIAL_UNKNOWN)
    if case.fit == "DOES_NOT_FIT":
        return Reason(ReasonCode.DOES_NOT_FIT, {"insteadUse": case.fits_instead})
    if not machine.may_ask:
        return Reason(ReasonCode.NOT_GRANTED)
    if machine.handed_over is not None and case.failed_on < machine.handed_over:
        return Reason(ReasonCode.FAILED_BEFORE_HANDOVER, {"handedOver": machine.handed_over.isoformat()})
    return None


def _covered(case: Case, tried: Iterable[Reason], finding: Finding, payer: Payer) -> Verdict:
    first, *more = finding.reasons
    review = review_reasons(case, first.code)
    reasons = (*tried, replace(first, decisive=True), *more, *review)
    return Verdict(payer, finding.customer_share, bool(review), reasons, finding.bearer)


def _paid(tried: tuple[Reason, ...], decisive: Reason) -> Verdict:
    marked = tuple(replace(reason, decisive=True) if reason is decisive else reason for reason in tried)
    return Verdict(Payer.PAID, WHOLE, False, marked or (replace(decisive, decisive=True),))


def _telling(tried: tuple[Reason, ...]) -> Reason:
    """Of all reasons against, the one a reader expects to hear: a cap that is used up, else what the machine's warranty says."""
    for reason in tried:
        if reason.code == ReasonCode.CONTRACT_CAP_REACHED:
            return reason
    machine = {
        ReasonCode.EXCLUDED_PART,
        ReasonCode.EXPIRED,
        ReasonCode.OVER_HOURS,
        ReasonCode.NOT_STARTED,
        ReasonCode.NO_TERMS,
    }
    return next(reason for reason in tried if reason.code in machine)
