"""`python -m portal import_documents FOLDER_OR_ZIP`: pictures and papers of parts, by part number (docs/deliveries.md)."""

from __future__ import annotations

import csv
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _
from rich.console import Console

from catalog.imports import reasons
from catalog.imports.media.bring import MediaReport, documents_bring
from portal import clock
from portal.accounts.actor import SYSTEM
from portal.cells import harmless
from portal.errors import PortalError
from portal.locks import key_lock_session_try


class Command(BaseCommand):
    """Bring in pictures and papers; the same files again change nothing."""

    help = "Bring in a folder or ZIP of pictures and papers named by part number (docs/deliveries.md)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Where they are."""
        parser.add_argument("source", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        """Bring them in, then show what came in and where the rest is listed."""
        source: Path = options["source"]
        with key_lock_session_try("import_documents") as alone:
            if not alone:
                raise CommandError(_("Another import is running. Wait until it is done."))
            report = self._bring(source)
        print_ = Console().print
        print_(
            _("{files} files: {added} new, {changed} changed, {refused} left out.").format(
                files=report.files, added=report.added, changed=report.changed, refused=len(report.refused)
            )
        )
        if report.refused:
            print_(_("Why and what to do: {file}").format(file=_list(report)))

    def _bring(self, source: Path) -> MediaReport:
        console = Console()
        try:
            with console.status("") as shown:
                return documents_bring(source=source, actor=SYSTEM, progress=shown.update)
        except PortalError as error:
            why = error.problems[0].why
            raise CommandError(f"{source}: {reasons.why(why)} {reasons.what_to_do(why)}") from error


def _list(report: MediaReport) -> Path:
    path = Path(settings.PORTAL_DATA) / "imports" / f"documents-{clock.now():%Y%m%d-%H%M%S}.csv"
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["file", "value", "reason", "what to do"])
        for name, reason, value in report.refused:
            writer.writerow([harmless(name), harmless(value), reasons.why(reason), reasons.what_to_do(reason)])
    return path
