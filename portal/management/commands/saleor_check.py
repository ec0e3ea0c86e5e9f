"""`python -m portal saleor_check`: what is wrong between the portal and its store. Ends with 1 when something is."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _
from rich.console import Console
from rich.table import Table

from portal.saleor.addresses import portal_addresses
from portal.saleor.check import check, failure, ping
from portal.saleor.errors import SaleorError
from portal.saleor.findings import Finding
from portal.saleor.services import client, connection_get
from portal.webhooks.saleor import ping_arrived


class Command(BaseCommand):
    """Version, permissions, webhooks and their deliveries, settings of the shop, clocks; and has the store tell us something once."""

    help = "Say in plain words what is wrong between the portal and its Saleor; ends with 1 when something is."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Whether to wait for a webhook."""
        parser.add_argument("--no-ping", action="store_true", help="do not wait for a webhook to arrive")

    def handle(self, *args: Any, **options: Any) -> None:
        """Look, show, and say by the exit code whether all is well."""
        try:
            store = connection_get()
            found = check(client(), portal_addresses(), store.public_url)
            if not options["no_ping"] and all(one.code != "permissions.missing" for one in found):
                found.append(ping(client(), ping_arrived))
        except SaleorError as error:
            raise CommandError(f"{failure(error).words} [{error.code}]") from error
        Console().print(_table(store.api_url, found))
        if not all(one.well for one in found):
            raise SystemExit(1)


def _table(title: str, found: list[Finding]) -> Table:
    table = Table(title=title)
    table.add_column(_("Well"))
    table.add_column(_("What"), overflow="fold")
    for one in found:
        table.add_row(_("yes") if one.well else _("NO"), one.words)
    return table
