"""When a covered line needs a person."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from tests.warranty.cases import REPLACED, TODAY, case, machine
from warranty.rules.case import Term
from warranty.rules.eligibility import decide
from warranty.rules.values import Payer, ReasonCode


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"fit": "UNKNOWN", "held": None}, ReasonCode.FIT_UNKNOWN),
        ({"replaced": REPLACED, "term": Term(12, excluded=True)}, ReasonCode.WEAR_PART),
        ({"machine": machine(misuse=True)}, ReasonCode.MISUSE),
        ({"machine": machine(service_overdue=True)}, ReasonCode.SERVICE_OVERDUE),
        ({"machine": machine(non_genuine=True)}, ReasonCode.NON_GENUINE),
        ({"quantity": 5}, ReasonCode.MORE_THAN_HELD),
        ({"quantity": 2, "replaced": REPLACED}, ReasonCode.MORE_THAN_REPLACED),
        ({"replaced": replace(REPLACED, on=date(2026, 8, 22))}, ReasonCode.REPLACED_RECENTLY),
        ({"hours": 479}, ReasonCode.READING_LOWER),
        ({"hours": None, "machine": machine(last_lower=True)}, ReasonCode.READING_LOWER),
        ({"failed_on": date(2026, 11, 23)}, ReasonCode.FAILED_IN_FUTURE),
        ({"failed_on": date(2026, 10, 22)}, ReasonCode.REPORTED_LATE),
    ],
)
def test_a_covered_line_that_looks_odd_stays_covered_but_waits_for_a_person(
    changes: dict[str, object], code: ReasonCode
) -> None:
    verdict = decide(case(**changes))
    assert (verdict.payer, verdict.needs_review) == (Payer.WARRANTY, True)
    assert code in [r.code for r in verdict.reasons]


@pytest.mark.parametrize(
    "changes",
    [
        {"quantity": 4},
        {"replaced": replace(REPLACED, on=date(2026, 8, 21))},
        {"hours": 480},
        {"failed_on": TODAY},
        {"failed_on": date(2026, 10, 23)},
    ],
)
def test_the_last_value_that_is_not_odd_needs_nobody(changes: dict[str, object]) -> None:
    assert not decide(case(**changes)).needs_review


def test_a_repair_that_did_not_hold_is_reviewed_also_when_the_machines_warranty_covers() -> None:
    verdict = decide(case(replaced=replace(REPLACED, on=date(2026, 11, 1), months=0)))
    assert verdict.decisive.code == ReasonCode.MACHINE_WARRANTY
    assert ReasonCode.REPLACED_RECENTLY in [r.code for r in verdict.reasons]


def test_a_paid_line_needs_no_person_however_odd_it_is() -> None:
    assert not decide(case(term=None, machine=machine(misuse=True), quantity=99, fit="UNKNOWN")).needs_review
