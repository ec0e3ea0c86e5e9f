"""`make demo`: `up` with sample data, accounts to try, and a clock that can be moved."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _
from rich.console import Console

from orders.services.numbers import order_numbers_skip
from portal import demo
from portal.clock_demo import clock_start
from portal.embedded import EmbeddedError
from portal.models import ClockOffset
from portal.supervisor.folder import CannotRunError
from portal.supervisor.run import Supervisor
from portal.supervisor.terminal import teller

ACCOUNTS = "portal.sample.accounts.demo_accounts"


class Command(BaseCommand):
    """The portal with sample data. Data, accounts and clock stay between starts."""

    help = "Run the portal with sample data on this machine until Ctrl-C; --reset starts afresh."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        """Where to listen, and whether to forget what was."""
        parser.add_argument("--host", default=settings.HOST)
        parser.add_argument("--port", type=int, default=settings.PORT)
        parser.add_argument(
            "--reset", action="store_true", help="delete the demo's data first, stopping what runs on it"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Run until told to stop."""
        if not settings.DEMO:
            raise CommandError(_("Start the demo with `make demo` or `python -m portal demo`."))
        began, console, data = time.monotonic(), Console(), Path(settings.PORTAL_DATA)
        supervisor = Supervisor(options["host"], options["port"], teller(console), prepare=lambda: _prepare(data))

        def ready() -> None:
            if settings.STORE_CATALOGUE:
                _store_fill(supervisor, reset=options["reset"])
            if supervisor.stopping:
                return
            accounts = demo.accounts_kept(data)
            demo.announce(data, supervisor.url, accounts)
            _show(console, supervisor.url, accounts, time.monotonic() - began)

        supervisor.ready = ready
        try:
            supervisor.run(reset=options["reset"])
        except (CannotRunError, EmbeddedError) as error:
            raise CommandError(str(error)) from error


def _prepare(data: Path) -> None:
    """Sample data once, in one transaction with the mark that it is there; accounts until they have been kept."""
    demo.announce_not(data)
    if not ClockOffset.objects.exists():
        if get_user_model().objects.exists():
            raise CannotRunError(
                "DATABASE_URL names a database with people in it that is no demo's. The demo leaves it alone."
            )
        with transaction.atomic():
            call_command("load_sample")
            clock_start()
    if not demo.accounts_kept(data):
        demo.accounts_keep(data, import_string(ACCOUNTS)())


def _store_fill(supervisor: Supervisor, *, reset: bool) -> None:
    """The store behind this demo: connected, set up, filled. Each step finds what an earlier start did; a fresh demo takes the app's place."""
    supervisor.aside("saleor_connect", *(["--replace"] if reset else []))
    if not supervisor.stopping:
        order_numbers_skip()
    # open: its prices are invented, and its people shall get into the Dashboard with a password
    for command in (("saleor_provision", "--storefront", "open"), ("saleor_push",), ("saleor_pull",)):
        if not supervisor.stopping:
            supervisor.aside(*command)


def _show(console: Console, url: str, accounts: list[demo.Account], seconds: float) -> None:
    """Plain lines, never folded: what is printed is there to be copied."""
    rows = [tuple(str(account[name]) for name in ("role", "email", "password", "company")) for account in accounts]
    rows.insert(0, (_("Role"), _("E-mail"), _("Password"), _("Company")))
    widths = [max(len(row[place]) for row in rows) + 2 for place in range(3)]
    for number, row in enumerate(rows):
        line = "".join(cell.ljust(width) for cell, width in zip(row, widths, strict=False)) + row[3]
        console.print(line, soft_wrap=True, highlight=False, markup=False, style="bold" if number == 0 else None)
    words = _(
        "Ready after {seconds:.1f} s: {url}   GraphQL: {url}graphql/   API tokens: {file}   Letters: {mail}   Stop: Ctrl-C"
    )
    data = settings.PORTAL_DATA
    said = words.format(seconds=seconds, url=url, file=data / "demo.json", mail=data / "mail")
    console.print(said, soft_wrap=True)
