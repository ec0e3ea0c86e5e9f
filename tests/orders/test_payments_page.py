"""docs/payments.md names every kind of entry and every account, and no other; its days and sums are those of the program."""

from __future__ import annotations

import re
from datetime import timedelta
from decimal import Decimal

from orders.models import AccountKind, CreditStop, EntryKind, MoneyPolicy
from orders.rules.card_amounts import card_amount, from_minor, to_minor
from orders.services.card_settling import LOOK_EVERY
from orders.services.cores import REMIND
from portal.money import exponent
from tests.architecture.source import ROOT
from tests.orders.ledger_page import PAGE, ROWS, words

ATTACKS = re.findall(r"^\| (.*) \| `(tests/[^`]+)` \|$", PAGE, re.MULTILINE)


def test_every_entry_has_a_row_and_no_other() -> None:
    assert {row[0] for row in ROWS} == set(EntryKind.values)


def test_the_accounts_of_the_table_are_those_there_are() -> None:
    named = {word for row in ROWS for side in row[2:] for word in words(side)}
    assert named == set(AccountKind.values)


def test_what_is_charged_to_a_card_and_sent_is_as_the_page_says() -> None:
    rows = re.findall(r"^\| ([\d,.]+) ([A-Z]{3}) \| ([\d,.]+) \| (\d+) \|$", PAGE, re.MULTILINE)
    assert len(rows) == 5
    for total, currency, charged, sent in ((_sum(row[0]), row[1], _sum(row[2]), int(row[3])) for row in rows):
        assert card_amount(total, currency) == charged
        assert to_minor(charged, currency) == sent
        assert from_minor(sent, currency) == charged
    assert [exponent(one) for one in ("KRW", "JPY", "EUR", "KWD", "BHD")] == [0, 0, 2, 3, 3]


def test_every_attack_of_the_page_has_the_test_it_names() -> None:
    assert len(ATTACKS) == 20
    for _, place in ATTACKS:
        file, name = place.split("::")
        assert f"def {name}(" in (ROOT / file).read_text(), place


def test_the_days_of_the_page_are_those_a_policy_begins_with() -> None:
    told = " ".join(PAGE.split())
    first = MoneyPolicy()
    _, *later = first.dunning_days
    assert f"due on its day and again {later[0]} and {later[1]} days after it" in told
    assert f"Beyond {first.overdue_grace_days} days an accountant is asked" in told
    assert first.credit_stop == CreditStop.PROPOSE
    assert (
        f"After {first.transfer_remind_days} days the buyer is asked; after {first.transfer_cancel_days} the order ends"
        in told
    )
    assert f"pays {first.restocking_rate * 100:.0f} % restocking" in told
    assert f"within {first.core_return_days} days (money policy)" in told
    assert (REMIND, "asked for a week before the last day" in told) == (timedelta(days=7), True)
    assert (LOOK_EVERY, "nobody spoke of for half an hour" in told) == (timedelta(minutes=30), True)


def _sum(text: str) -> Decimal:
    return Decimal(text.replace(",", ""))
