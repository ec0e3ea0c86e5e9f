"""What must hold of the whole ledger: it is as the table in docs/payments.md tells, and as the papers say."""

from __future__ import annotations

import re
from decimal import Decimal

from django.db import connection

from orders.models import EntryKind, LedgerPosting
from tests.architecture.source import ROOT

PAGE = (ROOT / "docs" / "payments.md").read_text()
ROWS = re.findall(r"^\| `([A-Z_]+)` \| .* \| (.*) \| (.*) \| (.*) \|$", PAGE, re.MULTILINE)
# What the page says below the table: movements of cards, and the last of three decimals.
_BELOW = {
    r"card:.*": {"CARD", "RECEIVABLE", "GOODWILL", "UNASSIGNED"},
    r"rounding:.*": {"GOODWILL", "RECEIVABLE", "CREDIT"},
}


# Per order: what its invoices ask less what its credit notes give back, and what the books say of the same goods.
_PAPERS = """
SELECT o.number, papers.sum, books.sum FROM orders_order o,
       LATERAL (SELECT coalesce(sum(CASE kind WHEN 'INVOICE' THEN total ELSE -total END), 0) FROM orders_paper
                 WHERE order_id = o.id AND kind IN ('INVOICE', 'CREDIT_NOTE')) AS papers(sum),
       LATERAL (SELECT coalesce(sum(p.amount), 0) FROM orders_ledgerposting p
                  JOIN orders_ledgerentry e ON e.id = p.entry_id JOIN orders_ledgeraccount a ON a.id = p.account_id
                 WHERE e.order_id = o.id AND a.kind = 'RECEIVABLE' AND e.kind IN ('BILLED', 'RETURNED', 'CORE_BACK')) AS books(sum)
 WHERE papers.sum <> books.sum"""


def table(heading: str) -> dict[str, list[str]]:
    """The rows of the first table below a heading, by their first cell."""
    rows = PAGE.split(f"# {heading}")[1].split("\n|", 1)[1].split("\n\n")[0].splitlines()[2:]
    return {cells[0]: cells[1:] for cells in (re.split(r" *(?<!\\)\| *", row.strip())[1:-1] for row in rows)}


def words(cell: str) -> set[str]:
    """The accounts a cell names."""
    return set(re.findall(r"`([A-Z_]+)`", cell))


def _keys(cell: str) -> list[str]:
    """Its keys as patterns: `billed:<order>:<n>`, `excess:...`."""
    told = re.findall(r"`([a-z]+:[^`]*)`", cell)
    return [re.sub(r"<[^>]+>", "[^:]+", one).replace("...", ".*") for one in told]


def papers_off() -> list[tuple[str, Decimal, Decimal]]:
    """(order, papers, books) of every order whose papers do not say what the books say."""
    with connection.cursor() as cursor:
        cursor.execute(_PAPERS)
        found: list[tuple[str, Decimal, Decimal]] = cursor.fetchall()
    return found


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
