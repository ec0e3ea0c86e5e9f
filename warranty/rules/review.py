"""When a covered line needs a person (rules.md section 3, last paragraphs)."""

from __future__ import annotations

from datetime import timedelta

from warranty.rules.case import Case
from warranty.rules.values import Reason, ReasonCode


def review_reasons(case: Case, covered_by: ReasonCode) -> tuple[Reason, ...]:
    """Every reason why a person must look at this covered line; `covered_by` is the decisive reason's code."""
    return (
        *_of_machine(case),
        *_of_part(case, covered_by),
        *_of_quantity(case, covered_by),
        *_of_dates(case),
        *_of_reading(case),
        *_of_money(case, covered_by),
    )


def _of_machine(case: Case) -> list[Reason]:
    machine = case.machine
    if machine is None:
        return []
    checks = (
        (case.fit == "UNKNOWN", ReasonCode.FIT_UNKNOWN),
        (machine.misuse, ReasonCode.MISUSE),
        (machine.service_overdue, ReasonCode.SERVICE_OVERDUE),
        (machine.non_genuine, ReasonCode.NON_GENUINE),
    )
    return [Reason(code) for against, code in checks if against]


def _of_part(case: Case, covered_by: ReasonCode) -> list[Reason]:
    """Ours: whether a wear part failed or was worn, a person judges."""
    worn = case.wears and covered_by == ReasonCode.PART_WARRANTY
    return [Reason(ReasonCode.WEAR_PART, {"group": case.part_group})] if worn else []


def _of_quantity(case: Case, covered_by: ReasonCode) -> list[Reason]:
    reasons = []
    if case.held is not None and case.quantity > case.held:
        reasons.append(Reason(ReasonCode.MORE_THAN_HELD, {"quantity": case.quantity, "held": case.held}))
    replaced = case.replaced
    if replaced is None or case.failed_on < replaced.on:
        return reasons
    if covered_by == ReasonCode.PART_WARRANTY and case.quantity > replaced.quantity:
        reasons.append(
            Reason(ReasonCode.MORE_THAN_REPLACED, {"quantity": case.quantity, "replaced": replaced.quantity})
        )
    if case.failed_on - replaced.on <= timedelta(days=case.limits.repeat_days):
        reasons.append(
            Reason(ReasonCode.REPLACED_RECENTLY, {"on": replaced.on.isoformat(), "days": case.limits.repeat_days})
        )
    return reasons


def _of_dates(case: Case) -> list[Reason]:
    if case.failed_on > case.reported_on:
        return [Reason(ReasonCode.FAILED_IN_FUTURE, {"failedOn": case.failed_on.isoformat()})]
    if case.reported_on - case.failed_on > timedelta(days=case.limits.report_days):
        return [
            Reason(ReasonCode.REPORTED_LATE, {"failedOn": case.failed_on.isoformat(), "days": case.limits.report_days})
        ]
    return []


def _of_reading(case: Case) -> list[Reason]:
    machine = case.machine
    if machine is None:
        return []
    told_lower = case.hours is not None and machine.last_hours is not None and case.hours < machine.last_hours
    if told_lower or (case.hours is None and machine.last_lower):
        return [Reason(ReasonCode.READING_LOWER, {"hours": case.hours, "lastHours": machine.last_hours})]
    return []


def _of_money(case: Case, covered_by: ReasonCode) -> list[Reason]:
    contract = case.contract
    if (
        covered_by != ReasonCode.CONTRACT
        or contract is None
        or contract.cap_left is None
        or contract.currency == case.currency
    ):
        return []
    return [Reason(ReasonCode.CURRENCY_DIFFERS, {"contract": contract.number, "currency": contract.currency})]
