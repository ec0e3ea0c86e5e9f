"""Gates: who pays before any source of cover is asked."""

from __future__ import annotations

from decimal import Decimal

from tests.warranty.cases import CAMPAIGN, CONTRACT, HANDED_OVER, case, machine
from warranty.rules.eligibility import decide
from warranty.rules.values import Payer, ReasonCode


def test_a_line_without_a_serial_is_paid_and_says_so() -> None:
    verdict = decide(case(serial_given=False, machine=None))
    assert (verdict.payer, verdict.customer_share, verdict.needs_review) == (Payer.PAID, Decimal(1), False)
    assert [r.code for r in verdict.reasons] == [ReasonCode.NO_SERIAL]


def test_a_serial_that_is_unknown_or_not_yours_is_paid_whatever_else_is_known() -> None:
    verdict = decide(case(machine=None, campaign=CAMPAIGN, contract=CONTRACT))
    assert verdict.payer == Payer.PAID
    assert [(r.code, dict(r.data)) for r in verdict.reasons] == [(ReasonCode.SERIAL_UNKNOWN, {})]


def test_a_known_misfit_is_never_free_and_names_the_part_that_fits() -> None:
    verdict = decide(case(fit="DOES_NOT_FIT", fits_instead="HX-100-B"))
    assert verdict.payer == Payer.PAID
    assert verdict.decisive.code == ReasonCode.DOES_NOT_FIT
    assert verdict.decisive.data == {"insteadUse": "HX-100-B"}


def test_a_servicing_dealer_without_the_owners_grant_gets_no_cover() -> None:
    assert decide(case(machine=machine(may_ask=False))).decisive.code == ReasonCode.NOT_GRANTED


def test_a_failure_before_the_hand_over_is_not_covered_by_anything() -> None:
    verdict = decide(case(failed_on=HANDED_OVER.replace(day=3), campaign=CAMPAIGN, contract=CONTRACT))
    assert verdict.payer == Payer.PAID
    assert verdict.decisive.code == ReasonCode.FAILED_BEFORE_HANDOVER


def test_a_failure_on_the_day_of_the_hand_over_is_covered() -> None:
    assert decide(case(failed_on=HANDED_OVER)).payer == Payer.WARRANTY


def test_the_houses_internal_order_is_internal() -> None:
    verdict = decide(case(intent="INTERNAL", asked_by_house=True, serial_given=False, machine=None))
    assert (verdict.payer, verdict.customer_share, verdict.bearer) == (Payer.INTERNAL, Decimal(0), "HOUSE")


def test_a_buyer_cannot_make_a_line_internal() -> None:
    assert decide(case(intent="INTERNAL", serial_given=False, machine=None)).payer == Payer.PAID
