"""`python -m portal ledger_check`: do the books agree?"""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _
from rich.console import Console
from rich.table import Table

from orders.selectors.ledger_check import CHECKS, Disagreement


class Command(BaseCommand):
    """Every entry sums to zero, every balance is the sum of its postings, every payment and shipped order is in the ledger."""

    help = "Check the ledger: entries, balances, payments, billed and paid orders. Ends with 1 when something does not agree."

    def handle(self, *args: Any, **options: Any) -> None:
        """Show each check as it is done, then say by the exit code whether all agree."""
        console = Console()
        wrong: list[Disagreement] = []
        for name, check in CHECKS.items():
            found = check()
            wrong += found
            console.print(f"{name}: {_('agrees') if not found else _('DOES NOT AGREE')}")
        if wrong:
            console.print(disagreements_table(wrong))
            raise SystemExit(1)


def disagreements_table(wrong: list[Disagreement]) -> Table:
    """What does not agree, for a terminal."""
    table = Table(title=_("The books do not agree"))
    for heading in (_("Check"), _("Name"), _("Should be"), _("Is")):
        table.add_column(heading, overflow="fold")
    for one in wrong:
        table.add_row(one.check, one.name, str(one.wanted), str(one.found))
    return table
