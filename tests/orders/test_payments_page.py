"""docs/payments.md names every kind of entry and every account, and no other."""

from __future__ import annotations

import re

from orders.models import AccountKind, EntryKind
from tests.architecture.source import ROOT

PAGE = (ROOT / "docs" / "payments.md").read_text()
ROWS = re.findall(r"^\| `([A-Z_]+)` \| .* \| (.*) \| (.*) \|$", PAGE, re.MULTILINE)


def test_every_entry_has_a_row_and_no_other() -> None:
    assert {row[0] for row in ROWS} == set(EntryKind.values)


def test_the_accounts_of_the_table_are_those_there_are() -> None:
    named = {word for row in ROWS for side in row[1:] for word in re.findall(r"`([A-Z_]+)`", side)}
    assert named == set(AccountKind.values)
