"""The table of entries in docs/payments.md, and what the ledger holds beside it."""

from __future__ import annotations

import re

from orders.models import EntryKind, LedgerPosting
from tests.architecture.source import ROOT

PAGE = (ROOT / "docs" / "payments.md").read_text()
ROWS = re.findall(r"^\| `([A-Z_]+)` \| .* \| (.*) \| (.*) \| (.*) \|$", PAGE, re.MULTILINE)
# What the page says below the table: movements of cards, and the last of three decimals.
_BELOW = {
    r"card:.*": {"CARD", "RECEIVABLE", "GOODWILL", "UNASSIGNED"},
    r"rounding:.*": {"GOODWILL", "RECEIVABLE", "CREDIT"},
}


def words(cell: str) -> set[str]:
    """The accounts a cell names."""
    return set(re.findall(r"`([A-Z_]+)`", cell))


def _keys(cell: str) -> list[str]:
    """Its keys as patterns: `billed:<order>:<n>`, `excess:...`."""
    told = re.findall(r"`([a-z]+:[^`]*)`", cell)
    return [re.sub(r"<[^>]+>", "[^:]+", one).replace("...", ".*") for one in told]


def entries_not_told() -> list[tuple[str, str, str, bool]]:
    """(kind, key, account, debit) of every posting that the page does not tell of."""
    page = {kind: (_keys(key), words(debit), words(credit)) for kind, key, debit, credit in ROWS}
    rows = LedgerPosting.objects.values_list("entry__kind", "entry__key", "account__kind", "amount")
    return [
        (kind, key, account, amount > 0)
        for kind, key, account, amount in rows
        if not _told(page[kind], kind, key, account, is_debit=amount > 0)
    ]


def _told(row: tuple[list[str], set[str], set[str]], kind: str, key: str, account: str, *, is_debit: bool) -> bool:
    if any(re.fullmatch(pattern, key) and account in accounts for pattern, accounts in _BELOW.items()):
        return True
    keys, debit, credit = row
    if not any(re.fullmatch(pattern, key) for pattern in keys):
        return False
    # a difference is posted the other way round when less has left than before
    return account in (debit if is_debit else credit) or (kind == EntryKind.BILLED and account in debit | credit)
