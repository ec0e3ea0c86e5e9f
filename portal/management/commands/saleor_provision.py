"""`python -m portal saleor_provision`: channels, warehouses, shipping, taxes, product type and settings of the store (docs/saleor.md)."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from portal import clock
from portal.errors import PortalError
from portal.management.store_plan import shop_plan
from portal.saleor.errors import SaleorError
from portal.saleor.plan import Change
from portal.saleor.provisioning import provision, provision_plan
from portal.saleor.services import client


class Command(BaseCommand):
    """Make or mend what the portal needs in the store; a second run changes nothing."""

    help = "Set the store up: channels, warehouses, shipping, taxes, product type, settings (docs/saleor.md)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """What to leave undone."""
        parser.add_argument("--dry-run", action="store_true", help="show what would be made or mended, change nothing")
        parser.add_argument(
            "--storefront",
            choices=("closed", "open"),
            default="closed",
            help="open: anybody may ask the store, and read the dealers' prices; staff can log in with a password again",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Show the plan, then do it."""
        self.console = Console()
        try:
            plan = shop_plan(now=clock.now(), storefront_open=options["storefront"] == "open")
            asked = client()
            todo = provision_plan(asked, plan)
            self._show(todo)
            if todo and not options["dry_run"]:
                with Progress(*_COLUMNS, console=self.console) as bar:
                    for change in bar.track(provision(asked, plan, todo), total=len(todo)):
                        bar.console.print(_said(change), highlight=False)
        except PortalError as error:
            raise CommandError(" ".join(problem.message for problem in error.problems)) from error
        except SaleorError as error:
            raise CommandError(str(error)) from error

    def _show(self, todo: list[Change]) -> None:
        if not todo:
            self.console.print(_("Nothing to do: the store is set up as the portal needs it."))
            return
        table = Table()
        for heading in (_("thing"), _("name"), _("to be done"), _("was")):
            table.add_column(heading, overflow="fold")
        for change in todo:
            is_new = not change.store_id
            what = _("make") if is_new else ", ".join(f"{key} = {_short(v)}" for key, v in change.fields.items())
            was = "" if is_new else ", ".join(f"{key} = {_short(value)}" for key, value in change.was.items())
            table.add_row(change.target.kind, change.target.name, what or _("cannot be changed"), was)
        self.console.print(table)


_COLUMNS = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())


def _said(change: Change) -> str:
    words = _("mended: {kind} {name}") if change.store_id else _("made: {kind} {name}")
    return words.format(kind=change.target.kind, name=change.target.name)


def _short(value: Any) -> str:
    return str(len(value)) if isinstance(value, frozenset) else str(value)
