"""What holds for every case there can be."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from tests.warranty.cases import COVERED, cases
from warranty.rules.case import Case
from warranty.rules.dates import last_covered_day
from warranty.rules.eligibility import decide
from warranty.rules.replay import case_from_json, case_to_json
from warranty.rules.sources import by_campaign, by_contract, by_part_warranty
from warranty.rules.values import Payer, ReasonCode

SOURCE_OF = {
    ReasonCode.CAMPAIGN: Payer.WARRANTY,
    ReasonCode.PART_WARRANTY: Payer.WARRANTY,
    ReasonCode.MACHINE_WARRANTY: Payer.WARRANTY,
    ReasonCode.CONTRACT: Payer.CONTRACT,
    ReasonCode.INTERNAL: Payer.INTERNAL,
}


@given(cases)
def test_exactly_one_reason_decides_and_it_says_who_pays(case: Case) -> None:
    verdict = decide(case)
    decisive = [r for r in verdict.reasons if r.decisive]
    assert len(decisive) == 1
    assert verdict.payer == SOURCE_OF.get(decisive[0].code, Payer.PAID)


@given(cases)
def test_the_share_is_a_fraction_and_paid_is_all_of_it(case: Case) -> None:
    verdict = decide(case)
    assert 0 <= verdict.customer_share <= 1
    if verdict.payer == Payer.PAID:
        assert (verdict.customer_share, verdict.needs_review, verdict.bearer) == (Decimal(1), False, "")
    else:
        assert verdict.bearer


@given(cases)
def test_a_line_is_never_free_outside_a_term(case: Case) -> None:
    verdict = decide(case)
    if verdict.payer in (Payer.PAID, Payer.INTERNAL):
        return
    assert case.machine is not None
    assert case.machine.may_ask
    assert case.fit != "DOES_NOT_FIT"
    code = verdict.decisive.code
    if code == ReasonCode.CAMPAIGN:
        assert case.campaign is not None
        assert case.campaign.starts_on <= case.reported_on
    elif code == ReasonCode.PART_WARRANTY:
        assert case.replaced is not None
        assert case.replaced.on <= case.failed_on <= last_covered_day(case.replaced.on, case.replaced.months)
    elif code == ReasonCode.MACHINE_WARRANTY:
        assert case.term is not None
        assert not case.term.excluded
        assert case.machine.handed_over is not None
        assert (
            case.machine.handed_over <= case.failed_on <= last_covered_day(case.machine.handed_over, case.term.months)
        )
        assert case.term.max_hours is None or case.judged_hours is None or case.judged_hours <= case.term.max_hours
    else:
        assert case.contract is not None
        assert case.contract.starts_on <= case.failed_on < case.contract.ends_on


@given(cases)
def test_what_a_contract_bears_never_exceeds_what_its_cap_has_left(case: Case) -> None:
    verdict, contract = decide(case), case.contract
    if (
        verdict.payer == Payer.CONTRACT
        and contract is not None
        and contract.cap_left is not None
        and contract.currency == case.currency
    ):
        assert case.value * (1 - verdict.customer_share) <= contract.cap_left


@given(cases)
def test_an_unknown_fit_is_free_only_after_review(case: Case) -> None:
    verdict = decide(replace(case, fit="UNKNOWN"))
    if verdict.payer in (Payer.WARRANTY, Payer.CONTRACT):
        assert verdict.needs_review


@given(cases.filter(lambda one: one.reported_on < date(2100, 1, 1)), st.integers(1, 5000))
def test_passing_time_alone_takes_nothing_back(case: Case, waited: int) -> None:
    """Judged again later from the stored evidence: the same verdict. Reported later: at most a person looks, unless a campaign closed."""
    verdict = decide(case)
    assert decide(case_from_json(case_to_json(case))) == verdict
    case = replace(case, campaign=None)
    before, after = decide(case), decide(replace(case, reported_on=case.reported_on + timedelta(days=waited)))
    assert (after.payer, after.customer_share) == (before.payer, before.customer_share)


@given(cases)
def test_the_first_source_that_covers_wins(case: Case) -> None:
    verdict = decide(case)
    if verdict.decisive.code == ReasonCode.CONTRACT:
        assert by_campaign(case).payer is None
        assert by_part_warranty(case).payer is None
    if verdict.payer == Payer.PAID and len(verdict.reasons) > 1:
        assert by_contract(case).payer is None


@given(cases)
def test_unknown_and_foreign_serials_get_one_answer_whatever_the_machine(case: Case) -> None:
    asked = replace(case, serial_given=True, asked_by_house=False)
    foreign = decide(replace(asked, machine=None))
    unknown = decide(
        replace(asked, machine=None, campaign=None, replaced=None, term=None, contract=None, fit="UNKNOWN", held=None)
    )
    assert foreign == unknown


@given(cases)
def test_evidence_comes_back_as_it_was_written(case: Case) -> None:
    assert case_from_json(case_to_json(case)) == case


def test_evidence_of_a_time_before_a_fact_was_asked_can_still_be_judged() -> None:
    data = case_to_json(COVERED)
    del data["failure_told"], data["limits"]
    assert decide(case_from_json(data)).payer == Payer.WARRANTY
