"""`python -m portal saleor_pull`: what the store changed comes into our tables (docs/saleor.md)."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _
from rich.console import Console

from catalog.engines.saleor_pull import SaleorCatalogue
from catalog.services.store_sweep import SweepingElsewhere, store_sweep
from portal import clock
from portal.management.progress import parts_bar
from portal.management.store_ours import ours_read
from portal.saleor.errors import SaleorError
from portal.saleor.quiet import webhooks_wake
from portal.saleor.services import client


class Command(BaseCommand):
    """Look through the whole store; cut short anywhere, it goes on where it stood."""

    help = "Bring in what the store changed: names, offers, list prices, stock (docs/saleor.md)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Whether to go on."""
        parser.add_argument("--anew", action="store_true", help="begin at the first part, whatever an earlier run saw")

    def handle(self, *args: Any, **options: Any) -> None:
        """Sweep with a bar, then say what came of it."""
        console, now = Console(), clock.now()
        try:
            webhooks_wake(client())
            with parts_bar(console, _("looking through the store")) as progress:
                sweep = store_sweep(
                    catalogue=SaleorCatalogue(), ours=ours_read(now), now=now, anew=options["anew"], progress=progress
                )
        except SweepingElsewhere:
            raise CommandError(_("Somebody looks through the store right now. Wait until it is done.")) from None
        except SaleorError as error:
            raise CommandError(_("{why} Run it again: it goes on where it stood.").format(why=error)) from error
        words = _("{parts} parts seen, {changes} changed here.")
        console.print(words.format(parts=sweep.parts, changes=sweep.changes))
        if sweep.waiting:
            words = _("The stock of {waiting} waits for the next look: orders of theirs are on their way.")
            console.print(words.format(waiting=sweep.waiting))
