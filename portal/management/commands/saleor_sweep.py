"""`python -m portal saleor_sweep`: are the store's orders and ours the same?"""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from orders.services.store_sweeping import Swept, store_orders_sweep
from portal import clock


class Command(BaseCommand):
    """Compare every unfinished order and every order the store has changed since last time; mend what was missed."""

    help = "Compare orders with the store, mend what a lost webhook missed. Ends with 1 when something differs still."

    def handle(self, *args: Any, **options: Any) -> None:
        """Show how far it is; say what was looked at, mended, and differs. May be stopped and run again at any time."""
        console = Console()
        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
        with Progress(*columns, console=console) as bar:
            task = bar.add_task(_("Orders"), total=None)
            swept = store_orders_sweep(
                now=clock.now(), real_now=clock.real_now(), whole=True,
                done=lambda count, of: bar.update(task, completed=count, total=of),
            )  # fmt: skip
        console.print(_words(swept))
        if swept.differ:
            raise SystemExit(1)


def _words(swept: Swept) -> str:
    looked = ngettext("{count} order looked at", "{count} orders looked at", swept.looked).format(count=swept.looked)
    mended = _("{count} mended").format(count=swept.mended)
    differ = ngettext("{count} difference", "{count} differences", swept.differ).format(count=swept.differ)
    return f"{looked}, {mended}, {differ}"
