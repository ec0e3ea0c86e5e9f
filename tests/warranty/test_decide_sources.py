"""Sources of cover: campaign, the part's own warranty, the machine's, the contract; the first that covers wins."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from tests.warranty.cases import CAMPAIGN, CONTRACT, COVERED, FAILED, REPLACED, case, machine
from warranty.rules.case import Term
from warranty.rules.eligibility import decide
from warranty.rules.values import HowReplaced, Payer, ReasonCode


def test_a_machine_in_warranty_is_free_and_says_until_when() -> None:
    verdict = decide(COVERED)
    assert (verdict.payer, verdict.customer_share, verdict.needs_review, verdict.bearer) == (
        Payer.WARRANTY,
        Decimal(0),
        False,
        "MAKER",
    )
    assert verdict.decisive.data["until"] == "2027-05-03"
    assert [r.code for r in verdict.reasons] == [
        ReasonCode.NO_CAMPAIGN,
        ReasonCode.NO_PART_WARRANTY,
        ReasonCode.MACHINE_WARRANTY,
    ]


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"failed_on": date(2027, 5, 4), "reported_on": date(2027, 5, 5)}, ReasonCode.EXPIRED),
        ({"hours": 2001}, ReasonCode.OVER_HOURS),
        ({"hours": None, "machine": machine(last_hours=2001)}, ReasonCode.OVER_HOURS),
        ({"term": None}, ReasonCode.NO_TERMS),
        ({"term": Term(0)}, ReasonCode.NO_TERMS),
        ({"term": Term(12, excluded=True)}, ReasonCode.EXCLUDED_PART),
        ({"machine": machine(handed_over=None)}, ReasonCode.NOT_STARTED),
    ],
)
def test_outside_the_machines_warranty_a_line_is_paid_for_the_right_reason(
    changes: dict[str, object], code: ReasonCode
) -> None:
    verdict = decide(case(**changes))
    assert (verdict.payer, verdict.customer_share) == (Payer.PAID, Decimal(1))
    assert verdict.decisive.code == code


def test_months_and_hours_both_over_are_both_named() -> None:
    codes = [r.code for r in decide(case(failed_on=date(2027, 5, 4), hours=2001)).reasons]
    assert ReasonCode.EXPIRED in codes
    assert ReasonCode.OVER_HOURS in codes


def test_the_last_covered_day_and_the_last_covered_hour_are_free() -> None:
    assert decide(case(failed_on=date(2027, 5, 3), reported_on=date(2027, 5, 3), hours=2000)).payer == Payer.WARRANTY


def test_a_limit_of_hours_without_any_reading_is_remarked() -> None:
    verdict = decide(case(hours=None, machine=machine(last_hours=None)))
    assert verdict.payer == Payer.WARRANTY
    assert ReasonCode.HOURS_UNKNOWN in [r.code for r in verdict.reasons]


def test_an_open_campaign_goes_before_everything() -> None:
    verdict = decide(case(campaign=CAMPAIGN, replaced=REPLACED))
    assert (verdict.decisive.code, verdict.bearer) == (ReasonCode.CAMPAIGN, "CAMPAIGN")


@pytest.mark.parametrize(("starts", "ends"), [(date(2026, 11, 23), None), (date(2026, 1, 1), date(2026, 11, 22))])
def test_a_campaign_not_open_on_the_day_of_the_report_does_not_cover(starts: date, ends: date | None) -> None:
    verdict = decide(case(campaign=replace(CAMPAIGN, starts_on=starts, ends_on=ends), term=None))
    assert verdict.payer == Payer.PAID


def test_the_parts_own_warranty_goes_before_the_machines() -> None:
    verdict = decide(case(replaced=REPLACED))
    assert verdict.decisive.code == ReasonCode.PART_WARRANTY
    assert verdict.decisive.data == {"since": "2026-06-01", "until": "2027-05-31", "labour": True}


def test_the_parts_own_warranty_covers_when_the_machines_has_ended() -> None:
    late = case(
        replaced=replace(REPLACED, on=date(2027, 1, 1)), failed_on=date(2027, 8, 1), reported_on=date(2027, 8, 2)
    )
    assert decide(late).decisive.code == ReasonCode.PART_WARRANTY


def test_a_part_sold_over_the_counter_is_covered_without_labour_for_its_own_months() -> None:
    counter = replace(REPLACED, how=HowReplaced.COUNTER, months=6)
    assert decide(case(replaced=counter)).decisive.data["labour"] is False
    ended = decide(case(replaced=counter, failed_on=date(2026, 12, 1), reported_on=date(2026, 12, 1), term=None))
    assert ended.payer == Payer.PAID
    assert ReasonCode.PART_WARRANTY_EXPIRED in [r.code for r in ended.reasons]


@pytest.mark.parametrize(
    "changes",
    [
        {"replaced": replace(REPLACED, how=HowReplaced.COUNTER)},
        {"replaced": REPLACED, "term": Term(12, excluded=True)},
    ],
)
def test_a_counter_sale_and_a_wear_part_are_covered_only_when_a_failure_is_told(changes: dict[str, object]) -> None:
    untold = decide(case(**{"term": None, **changes, "failure_told": False}))
    assert untold.payer == Payer.PAID
    assert ReasonCode.FAILURE_NOT_TOLD in [r.code for r in untold.reasons]
    assert decide(case(**{"term": None, **changes})).decisive.code == ReasonCode.PART_WARRANTY


def test_a_part_replaced_after_the_failure_has_nothing_to_do_with_it() -> None:
    assert decide(case(replaced=replace(REPLACED, on=date(2026, 11, 21)))).decisive.code == ReasonCode.MACHINE_WARRANTY


def test_after_the_warranty_the_contract_covers_with_the_customers_share() -> None:
    verdict = decide(case(term=Term(1), contract=CONTRACT))
    assert (verdict.payer, verdict.customer_share) == (Payer.CONTRACT, Decimal("0.20"))
    assert [r.code for r in verdict.reasons][-2:] == [ReasonCode.EXPIRED, ReasonCode.CONTRACT]


def test_a_contract_covers_its_own_groups_only_often_just_the_wear_parts() -> None:
    wear = replace(CONTRACT, groups=("SEALS",))
    assert decide(case(term=Term(12, excluded=True), contract=wear)).payer == Payer.CONTRACT
    other = decide(case(term=Term(12, excluded=True), contract=wear, part_group="GLASS"))
    assert other.decisive.code == ReasonCode.EXCLUDED_PART
    assert ReasonCode.CONTRACT_GROUP in [r.code for r in other.reasons]


@pytest.mark.parametrize(("starts", "ends"), [(date(2026, 11, 21), date(2027, 1, 1)), (date(2026, 1, 1), FAILED)])
def test_a_contract_is_judged_on_the_failure_date_half_open(starts: date, ends: date) -> None:
    assert decide(case(term=None, contract=replace(CONTRACT, starts_on=starts, ends_on=ends))).payer == Payer.PAID


def test_a_cap_that_holds_the_line_changes_nothing() -> None:
    verdict = decide(case(term=None, contract=replace(CONTRACT, cap_left=Decimal("80"))))
    assert verdict.customer_share == Decimal("0.20")
    assert ReasonCode.CONTRACT_CAP_PART not in [r.code for r in verdict.reasons]


def test_a_cap_that_holds_a_part_of_the_line_raises_the_customers_share() -> None:
    verdict = decide(case(term=None, contract=replace(CONTRACT, cap_left=Decimal("30"))))
    assert (verdict.payer, verdict.customer_share) == (Payer.CONTRACT, Decimal("0.70"))
    assert ReasonCode.CONTRACT_CAP_PART in [r.code for r in verdict.reasons]


def test_a_cap_that_is_used_up_leaves_the_line_paid_and_is_the_reason() -> None:
    verdict = decide(case(term=None, contract=replace(CONTRACT, cap_left=Decimal("0"))))
    assert (verdict.payer, verdict.decisive.code) == (Payer.PAID, ReasonCode.CONTRACT_CAP_REACHED)


def test_a_cap_in_another_currency_needs_a_person() -> None:
    verdict = decide(case(term=None, contract=replace(CONTRACT, cap_left=Decimal("1"), currency="KRW")))
    assert (verdict.payer, verdict.customer_share, verdict.needs_review) == (Payer.CONTRACT, Decimal("0.20"), True)


def test_nothing_covers_and_every_source_has_said_why() -> None:
    verdict = decide(case(term=None))
    assert [r.code for r in verdict.reasons] == [
        ReasonCode.NO_CAMPAIGN,
        ReasonCode.NO_PART_WARRANTY,
        ReasonCode.NO_TERMS,
        ReasonCode.NO_CONTRACT,
    ]
