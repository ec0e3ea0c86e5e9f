"""`python -m portal up`: the whole portal on this machine, until Ctrl-C."""

from __future__ import annotations

import time
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _
from rich.console import Console

from portal.embedded import EmbeddedError
from portal.supervisor.folder import CannotRunError
from portal.supervisor.run import Supervisor
from portal.supervisor.terminal import teller


class Command(BaseCommand):
    """PostgreSQL (unless DATABASE_URL names one), web, worker and beat under one parent."""

    help = "Run everything on this machine until Ctrl-C: PostgreSQL (unless DATABASE_URL names one), web, worker, beat."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        """Where to listen."""
        parser.add_argument("--host", default=settings.HOST)
        parser.add_argument("--port", type=int, default=settings.PORT)

    def handle(self, *args: Any, **options: Any) -> None:
        """Run until told to stop."""
        began = time.monotonic()
        console = Console()
        supervisor = Supervisor(options["host"], options["port"], teller(console))

        def ready() -> None:
            seconds = time.monotonic() - began
            console.print(_("Ready after {seconds:.1f} s: {url}").format(seconds=seconds, url=supervisor.url))

        supervisor.ready = ready
        try:
            supervisor.run()
        except (CannotRunError, EmbeddedError) as error:
            raise CommandError(str(error)) from error
