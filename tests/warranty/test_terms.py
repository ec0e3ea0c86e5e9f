"""Which term, campaign, contract applies; last covered days; contract years; old parts."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.warranty.cases import CAMPAIGN, CONTRACT
from warranty.rules.case import Term
from warranty.rules.dates import contract_year, last_covered_day
from warranty.rules.old_parts import OldPart, ValueFloors, old_part
from warranty.rules.parts_terms import PartsTermRow, choose_parts_term
from warranty.rules.terms import TermRow, choose_campaign, choose_contract, choose_term
from warranty.rules.values import HowReplaced


@pytest.mark.parametrize(
    ("start", "months", "last"),
    [
        (date(2026, 5, 4), 12, date(2027, 5, 3)),
        (date(2026, 1, 1), 1, date(2026, 1, 31)),
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2028, 1, 31), 1, date(2028, 2, 29)),
        (date(2028, 2, 29), 12, date(2029, 2, 28)),
        (date(2026, 12, 15), 24, date(2028, 12, 14)),
    ],
)
def test_a_period_of_months_ends_the_day_before_its_day_or_with_a_month_too_short(
    start: date, months: int, last: date
) -> None:
    assert last_covered_day(start, months) == last


@given(st.dates(date(2000, 1, 1), date(2050, 1, 1)), st.integers(1, 120))
def test_a_longer_or_later_warranty_never_ends_sooner(start: date, months: int) -> None:
    last = last_covered_day(start, months)
    assert last < last_covered_day(start, months + 1)
    assert last <= last_covered_day(start + timedelta(days=1), months)
    assert last > start + timedelta(days=27 * months - 1)


@pytest.mark.parametrize(
    ("day", "year"), [(date(2026, 3, 1), 1), (date(2027, 2, 28), 1), (date(2027, 3, 1), 2), (date(2030, 3, 2), 5)]
)
def test_a_contract_year_turns_on_its_anniversary(day: date, year: int) -> None:
    assert contract_year(date(2026, 3, 1), day) == year


def test_a_contract_has_no_year_before_it_begins() -> None:
    with pytest.raises(ValueError, match="2026-02-28"):
        contract_year(date(2026, 3, 1), date(2026, 2, 28))


ROWS = [
    TermRow(Term(12), None, None),
    TermRow(Term(24), 7, None),
    TermRow(Term(0, excluded=True), None, "FILTERS"),
    TermRow(Term(6), 7, "FILTERS"),
]


@pytest.mark.parametrize(
    ("model", "group", "months"),
    [(1, "SEALS", 12), (7, "SEALS", 24), (7, "FILTERS", 6), (1, "FILTERS", 0), (7, "", 24)],
)
def test_the_part_group_beats_the_machine_and_the_model_beats_every_model(model: int, group: str, months: int) -> None:
    term = choose_term(ROWS, model=model, group=group, started=date(2026, 1, 1))
    assert term is not None
    assert term.months == months


def test_a_change_of_terms_does_not_touch_a_warranty_that_had_begun() -> None:
    rows = [TermRow(Term(24), None, None, None, date(2026, 7, 1)), TermRow(Term(6), None, None, date(2026, 7, 1), None)]
    before = choose_term(rows, model=1, group="", started=date(2026, 6, 30))
    after = choose_term(rows, model=1, group="", started=date(2026, 7, 1))
    assert before is not None
    assert after is not None
    assert (before.months, after.months) == (24, 6)


def test_no_row_in_force_is_no_term() -> None:
    assert (
        choose_term([TermRow(Term(6), None, None, date(2027, 1, 1))], model=1, group="", started=date(2026, 1, 1))
        is None
    )


def test_the_statutory_minimum_of_the_market_wins_over_shorter_months() -> None:
    rows = [PartsTermRow("", "", 12, 6, 0), PartsTermRow("EU", "CUSTOMER", 12, 6, 24)]
    consumer = choose_parts_term(rows, market="EU", buyer_kind="CUSTOMER", on=date(2026, 1, 1))
    dealer = choose_parts_term(rows, market="EU", buyer_kind="DEALER", on=date(2026, 1, 1))
    assert consumer is not None
    assert dealer is not None
    assert (consumer.months(HowReplaced.COUNTER), consumer.months(HowReplaced.FITTED)) == (24, 24)
    assert (dealer.months(HowReplaced.COUNTER), dealer.months(HowReplaced.FITTED)) == (6, 12)


def test_of_open_campaigns_the_first_is_named_and_closed_ones_never() -> None:
    later = replace(CAMPAIGN, code="C-9", starts_on=date(2026, 6, 1))
    closed = replace(CAMPAIGN, code="C-1", starts_on=date(2025, 1, 1), ends_on=date(2026, 1, 1))
    chosen = choose_campaign([later, closed, CAMPAIGN], on=date(2026, 11, 1))
    assert chosen is not None
    assert chosen.code == "C-7"
    assert choose_campaign([later], on=date(2026, 5, 31)) is None


def test_of_running_contracts_the_one_that_names_the_group_and_asks_least_is_taken() -> None:
    dear = replace(CONTRACT, number="MC-2", customer_share=Decimal("0.5"))
    wear = replace(CONTRACT, number="MC-3", groups=("FILTERS",), customer_share=Decimal("0"))
    assert choose_contract([dear, wear, CONTRACT], on=date(2026, 5, 1), group="SEALS") == CONTRACT
    assert choose_contract([dear, wear, CONTRACT], on=date(2026, 5, 1), group="FILTERS") == wear
    assert choose_contract([dear, wear, CONTRACT], on=date(2027, 1, 1), group="FILTERS") is None


FLOORS = ValueFloors(scrap_below=Decimal("5"), photo_below=Decimal("50"))


@pytest.mark.parametrize(
    ("policy", "value", "expected"),
    [
        ("RETURN", "50", OldPart("RETURN", 30)),
        ("RETURN", "49.99", OldPart("PHOTO", 30)),
        ("RETURN", "4.99", OldPart("SCRAP", 0)),
        ("PHOTO", "4.99", OldPart("SCRAP", 0)),
        ("HOLD", "1", OldPart("HOLD", 30)),
        ("SCRAP", "900", OldPart("SCRAP", 0)),
    ],
)
def test_the_old_part_is_asked_back_by_its_group_and_value(policy: str, value: str, expected: OldPart) -> None:
    assert old_part(policy, 30, value=Decimal(value), floors=FLOORS) == expected
