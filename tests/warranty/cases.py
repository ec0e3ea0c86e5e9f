"""A case that is covered by the machine's warranty, to be bent by each test; and strategies for every case there can be."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from warranty.rules.case import CampaignCover, Case, ContractCover, Limits, Machine, Replaced, Term
from warranty.rules.values import HowReplaced

HANDED_OVER = date(2026, 5, 4)
FAILED = date(2026, 11, 20)
TODAY = date(2026, 11, 22)

COVERED = Case(
    intent="CUSTOMER",
    asked_by_house=False,
    serial_given=True,
    quantity=1,
    value=Decimal("100.00"),
    currency="EUR",
    failed_on=FAILED,
    reported_on=TODAY,
    failure_told=True,
    hours=500,
    part_group="SEALS",
    fit="FITS",
    held=4,
    machine=Machine(HANDED_OVER, last_hours=480),
    term=Term(12, max_hours=2000, bearer="MAKER"),
)
CONTRACT = ContractCover("MC-1", date(2026, 1, 1), date(2027, 1, 1), (), Decimal("0.20"), None, "EUR")
CAMPAIGN = CampaignCover("C-7", "Hose recall", date(2026, 1, 1), None, "CAMPAIGN")
REPLACED = Replaced(date(2026, 6, 1), HowReplaced.FITTED, 1, 12)


def case(**changes: Any) -> Case:
    """The covered case with some facts changed."""
    return replace(COVERED, **changes)


def machine(**changes: Any) -> Machine:
    """The covered case's machine with some facts changed."""
    assert COVERED.machine is not None
    return replace(COVERED.machine, **changes)


near = st.dates(date(2024, 1, 1), date(2029, 12, 31))
days = near | st.sampled_from([date.min, date.max])
hours = st.none() | st.integers(0, 10_000)
amounts = st.decimals(0, 10_000, places=2)
shares = st.sampled_from([Decimal("0"), Decimal("0.20"), Decimal("0.5"), Decimal("1")])
machines = st.builds(
    Machine,
    handed_over=st.none() | days,
    may_ask=st.booleans(),
    last_hours=hours,
    last_lower=st.booleans(),
    misuse=st.booleans(),
    service_overdue=st.booleans(),
    non_genuine=st.booleans(),
)
terms = st.builds(
    Term, months=st.integers(0, 36), max_hours=hours, excluded=st.booleans(), bearer=st.sampled_from(["HOUSE", "MAKER"])
)
replacements = st.builds(
    Replaced,
    on=days,
    how=st.sampled_from(HowReplaced),
    quantity=st.integers(1, 5),
    months=st.integers(0, 24),
    ref=st.text(max_size=5),
)
campaigns = st.builds(
    CampaignCover,
    code=st.just("C-1"),
    name=st.text(max_size=5),
    starts_on=days,
    ends_on=st.none() | days,
    bearer=st.just("CAMPAIGN"),
)
contracts = st.builds(
    lambda start, length, **rest: ContractCover(starts_on=start, ends_on=start + timedelta(days=length), **rest),
    start=near,
    length=st.integers(1, 800),
    number=st.just("MC-1"),
    groups=st.sampled_from([(), ("SEALS",), ("FILTERS", "GLASS")]),
    customer_share=shares,
    cap_left=st.none() | amounts,
    currency=st.sampled_from(["EUR", "KRW"]),
)
cases = st.builds(
    Case,
    intent=st.sampled_from(["CUSTOMER", "WARRANTY", "STOCK", "MACHINE_DOWN", "INTERNAL"]),
    asked_by_house=st.booleans(),
    serial_given=st.booleans(),
    quantity=st.integers(1, 10),
    value=amounts,
    currency=st.just("EUR"),
    failed_on=days,
    reported_on=days,
    failure_told=st.booleans(),
    hours=hours,
    part_group=st.sampled_from(["", "SEALS", "GLASS"]),
    fit=st.sampled_from(["FITS", "UNKNOWN", "DOES_NOT_FIT"]),
    fits_instead=st.just(""),
    held=st.none() | st.integers(0, 10),
    machine=st.none() | machines,
    campaign=st.none() | campaigns,
    replaced=st.none() | replacements,
    term=st.none() | terms,
    contract=st.none() | contracts,
    limits=st.just(Limits()),
)
