"""`python -m portal doctor`: what is not well, for whoever runs the portal."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import psutil
from django.conf import settings
from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _
from rich.console import Console
from rich.table import Table

from orders.selectors.ledger_check import ledger_disagreements
from portal.health import checks
from portal.management.commands.ledger_check import disagreements_table
from portal.outbox.models import OutboxMessage
from portal.outbox.selectors import poison
from portal.supervisor.folder import left_overs, owner

SHOWN = 20


class Command(BaseCommand):
    """Checks, messages that keep failing, books that do not agree, processes and what they weigh. Ends with 1 when something is not well."""

    help = "Show what is not well: checks, outbox messages that keep failing, processes with their memory."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        """Show everything, then say by the exit code whether it is well."""
        console = Console()
        found = checks()
        console.print(_checks(found))
        broken = list(poison()[:SHOWN]) if found["database"]["ok"] and found["migrations"]["ok"] else []
        if broken:
            console.print(_failing(broken))
        books = ledger_disagreements()[:SHOWN] if found["database"]["ok"] and found["migrations"]["ok"] else []
        if books:
            console.print(disagreements_table(books))
        if supervisor := owner(Path(settings.PORTAL_DATA)):
            console.print(_processes(supervisor))
        if trouble := found.get("search", {}).get("trouble"):
            console.print(_search(trouble))
        if settings.EMAIL_BACKEND.endswith("console.EmailBackend") and not (settings.DEBUG or settings.DEMO):
            console.print(_("EMAIL_URL is not set: mail goes to the log, people get none."))
        if broken or books or not all(check["ok"] for check in found.values()):
            raise SystemExit(1)


def _table(title: str, *headings: str) -> Table:
    table = Table(title=title)
    for heading in headings:
        table.add_column(heading, overflow="fold")
    return table


def _checks(found: dict[str, dict[str, Any]]) -> Table:
    table = _table(_("Checks"), _("Check"), _("Well"), _("Details"))
    for name, check in found.items():
        details = ", ".join(f"{key} {value}" for key, value in check.items() if key != "ok")
        table.add_row(name, _("yes") if check["ok"] else _("NO"), details)
    return table


def _search(trouble: str) -> str:
    from catalog.search.elastic.client import ADVICE, Trouble  # noqa: PLC0415  loaded where there is an index

    return _("Elasticsearch does not serve, PostgreSQL answers searches. {advice}").format(
        advice=ADVICE[Trouble(trouble)]
    )


def _failing(messages: list[OutboxMessage]) -> Table:
    table = _table(_("Outbox messages that keep failing"), _("Message"), _("Attempts"), _("Next"), _("Last error"))
    for message in messages:
        table.add_row(
            str(message), str(message.attempts), message.due_at.isoformat(timespec="seconds"), message.last_error
        )
    return table


def _processes(supervisor: int) -> Table:
    table = _table(_("Processes"), _("Process"), _("Memory, MB"), _("Command"))
    for process in [psutil.Process(supervisor), *left_overs(Path(settings.PORTAL_DATA))]:
        megabytes = process.memory_info().rss / 1_000_000
        table.add_row(str(process.pid), f"{megabytes:.0f}", " ".join(process.cmdline())[:80])
    return table
