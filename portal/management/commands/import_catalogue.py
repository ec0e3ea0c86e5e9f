"""`python -m portal import_catalogue FOLDER`: bring in parts, bills, prices, stock, machines, companies (docs/import.md)."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _
from rich.console import Console
from rich.progress import BarColumn, Progress, SpinnerColumn, TaskID, TextColumn, TimeElapsedColumn
from rich.table import Table

from catalog.imports import reasons
from catalog.imports.mappings import mapping_get
from catalog.imports.read import ReadOptions, UnreadableError
from catalog.imports.run import folder_import, left_aside, rejections_write
from catalog.imports.translate.delivery import delivery_open
from catalog.imports.types import FileReport
from portal import clock
from portal.errors import PortalError
from portal.locks import key_lock_session_try


class Command(BaseCommand):
    """Bring in a folder of tables; a second run with the same files changes nothing."""

    help = "Bring in a folder of csv, csv.gz or xlsx tables: parts, bills, prices, stock, machines, companies (docs/import.md)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """A folder, and whether it is only a trial."""
        parser.add_argument("folder", type=Path)
        parser.add_argument("--dry-run", action="store_true", help="say what would happen, and change nothing")
        parser.add_argument("--encoding", default="", help="of text that is not Unicode, when asked for it")
        parser.add_argument(
            "--mapping", default="", help="name of a saved mapping for a maker's own table (docs/deliveries.md)"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Import, then show what came in and where the rejected rows are listed."""
        folder: Path = options["folder"]
        if not folder.is_dir():
            raise CommandError(_("There is no folder {folder}.").format(folder=folder))
        with key_lock_session_try("import_catalogue") as alone:
            if not alone:
                raise CommandError(_("Another import is running. Wait until it is done."))
            folder = _opened(folder, options["mapping"])
            self._import(folder, dry_run=options["dry_run"], read=ReadOptions(encoding=options["encoding"]))

    def _import(self, folder: Path, *, dry_run: bool, read: ReadOptions) -> None:
        console, now = Console(), clock.now()
        columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
        with Progress(*columns, console=console) as bar:
            reports = folder_import(folder, now=now, dry_run=dry_run, progress=_Bars(bar), options=read)
        if not reports:
            raise CommandError(
                _("No file in {folder} is one we know. docs/import.md lists their names.").format(folder=folder)
            )
        console.print(_table(reports))
        for path in left_aside(folder):
            console.print(_("Left aside, no importer for it: {file}").format(file=path.name))
        listed = Path(settings.PORTAL_DATA) / "imports" / f"rejected-{now:%Y%m%d-%H%M%S}.csv"
        if count := rejections_write(reports, listed) if any(report.rejections for report in reports) else 0:
            console.print(_("{count} rows were left out; why and what to do: {file}").format(count=count, file=listed))
        if dry_run:
            console.print(_("This was a trial; nothing was changed."))


def _opened(folder: Path, mapping: str) -> Path:
    """The folder with everything in it that is not ours translated."""
    into = Path(settings.PORTAL_DATA) / "imports" / "translated"
    try:
        return delivery_open(folder, into=into, mapping=mapping_get(mapping) if mapping else None)
    except UnreadableError as error:
        raise CommandError(f"{reasons.why(error.reason)} {error.value}. {reasons.what_to_do(error.reason)}") from error
    except PortalError:
        raise CommandError(_("There is no mapping {name}.").format(name=mapping)) from None


class _Bars:
    """A bar per file."""

    def __init__(self, bar: Progress) -> None:
        self.bar = bar
        self.tasks: dict[Path, TaskID] = {}

    def __call__(self, report: FileReport, done: bool) -> None:
        if done:
            self.bar.update(self.tasks[report.file], total=1, completed=1)
        else:
            self.tasks[report.file] = self.bar.add_task(report.file.name, total=None)


def _table(reports: list[FileReport]) -> Table:
    table = Table(_("file"), *(_("rows"), _("added"), _("changed"), _("left out"), _("most often because")))
    for report in reports:
        why = [rejection.reason for rejection in report.rejections]
        often = report.failure or (reasons.why(max(set(why), key=why.count)) if why else "")
        table.add_row(report.file.name, str(report.rows), str(report.added), str(report.changed), str(len(why)), often)
    return table
